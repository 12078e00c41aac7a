//! Seeds that were applied.

use super::{Harness, ground::Ground};
use keystead_domain::{ErrorKind, PLATFORM, Scope};
use std::time::Duration;

const PLATFORM_SCOPE: Scope = Scope::organization(PLATFORM);

pub async fn a_seed_is_noted_once_for_each_environment(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let now = ground.now();
    let mut noted = Vec::new();
    for (name, environment) in
        [("system", "test"), ("demo", "test"), ("system", "production"), ("system", "test"), ("demo", "test")]
    {
        noted.push(change!(ground, PLATFORM_SCOPE, |unit| unit.seeds().note(name, environment, now)));
    }
    assert_eq!(noted, [true, true, true, false, false]);
    let entry = |name: &str, environment: &str| (name.to_owned(), environment.to_owned(), now);
    let expected = [entry("demo", "test"), entry("system", "production"), entry("system", "test")];
    assert_eq!(ask!(ground, PLATFORM_SCOPE, |unit| unit.seeds().applied()), expected);
}

pub async fn two_nodes_do_not_seed_at_once(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let now = ground.now();
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let store = ground.store.clone();
            tokio::spawn(async move {
                let unit = store.begin(PLATFORM_SCOPE).await.unwrap();
                unit.seeds().lock().await.unwrap();
                let is_first = unit.seeds().applied().await.unwrap().is_empty();
                tokio::time::sleep(Duration::from_millis(20)).await;
                assert_eq!(unit.seeds().note("system", "test", now).await.unwrap(), is_first);
                unit.commit().await.unwrap();
                is_first
            })
        })
        .collect();
    let mut firsts = 0;
    for task in tasks {
        firsts += u32::from(task.await.unwrap());
    }
    assert_eq!(firsts, 1);
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let now = ground.now();
    for scope in [two.home(), Scope::NONE] {
        let error = refused!(ground, scope, |unit| unit.seeds().note("system", "test", now));
        assert_eq!(error.kind, ErrorKind::Internal, "{scope:?}");
    }
    assert_eq!(ask!(ground, PLATFORM_SCOPE, |unit| unit.seeds().applied()), []);
}
