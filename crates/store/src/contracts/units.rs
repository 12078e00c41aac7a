//! Units of work: all or nothing.

use super::{
    Harness,
    ground::{Ground, own},
};
use keystead_domain::{ErrorKind, PLATFORM, Scope, accounts::User};
use std::time::Duration;

pub async fn what_is_not_committed_is_rolled_back(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let place = ground.organization("One").await;
    let scope = Scope::organization(place);
    let kept = ground.sample_team(place, "Kept");
    change!(ground, scope, |unit| unit.teams().insert(&kept));
    let dropped = ground.sample_team(place, "Dropped");
    let unit = ground.store.begin(scope).await.unwrap();
    unit.teams().insert(&dropped).await.unwrap();
    unit.teams().delete(place, kept.id, 1).await.unwrap();
    // Within itself it sees what it did.
    assert!(unit.teams().find(place, dropped.id).await.unwrap().is_some());
    assert!(unit.teams().find(place, kept.id).await.unwrap().is_none());
    drop(unit);
    assert_eq!(ask!(ground, scope, |unit| unit.teams().find(place, dropped.id)), None);
    assert_eq!(ask!(ground, scope, |unit| unit.teams().find(place, kept.id)), Some(kept));
}

pub async fn a_failed_unit_leaves_nothing(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let place = ground.organization("One").await;
    let scope = Scope::organization(place);
    let (first, second) = (ground.sample_team(place, "Same"), ground.sample_team(place, "Same"));
    let unit = ground.store.begin(scope).await.unwrap();
    unit.teams().insert(&first).await.unwrap();
    assert_eq!(unit.teams().insert(&second).await.unwrap_err().kind, ErrorKind::Conflict);
    drop(unit);
    assert_eq!(ask!(ground, scope, |unit| unit.teams().find(place, first.id)), None);
    // The connection is as good as new.
    change!(ground, scope, |unit| unit.teams().insert(&second));
    assert_eq!(ask!(ground, scope, |unit| unit.teams().find(place, second.id)), Some(second));
}

pub async fn a_commit_is_seen_whole_and_at_once(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let place = ground.organization("One").await;
    let scope = Scope::organization(place);
    let teams = [ground.sample_team(place, "A"), ground.sample_team(place, "B")];
    let unit = ground.store.begin(scope).await.unwrap();
    for team in &teams {
        unit.teams().insert(team).await.unwrap();
    }
    // A reader that does not wait for the writer sees nothing of it; one that must wait sees everything or nothing.
    let ids = teams.each_ref().map(|team| team.id);
    let store = ground.store.clone();
    let reader = tokio::spawn(async move {
        let unit = store.read(scope).await.unwrap();
        let mut seen = 0;
        for id in ids {
            seen += usize::from(unit.teams().find(place, id).await.unwrap().is_some());
        }
        seen
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let was_free = reader.is_finished();
    unit.commit().await.unwrap();
    let seen = reader.await.unwrap();
    assert!(seen == 0 || (seen == 2 && !was_free), "{seen}");
    for team in teams {
        assert_eq!(ask!(ground, scope, |unit| unit.teams().find(place, team.id)), Some(team));
    }
}

pub async fn a_reader_keeps_one_picture(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let place = ground.organization("One").await;
    let scope = Scope::organization(place);
    let team = ground.sample_team(place, "New");
    let reader = ground.store.read(scope).await.unwrap();
    assert_eq!(reader.teams().find(place, team.id).await.unwrap(), None);
    let (store, added) = (ground.store.clone(), team.clone());
    // Where there is one connection, the writer waits for the reader.
    let writer = tokio::spawn(async move {
        let unit = store.begin(scope).await.unwrap();
        unit.teams().insert(&added).await.unwrap();
        unit.commit().await.unwrap();
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(reader.teams().find(place, team.id).await.unwrap(), None);
    drop(reader);
    writer.await.unwrap();
    assert_eq!(ask!(ground, scope, |unit| unit.teams().find(place, team.id)), Some(team));
}

pub async fn a_unit_sees_the_rows_of_its_scope_only(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let mut unit = ground.store.begin(two.home()).await.unwrap();
    assert_eq!(unit.scope(), two.home());
    assert!(unit.users().find_own(two.ada).await.unwrap().is_some());
    assert!(unit.users().find_own(two.eve).await.unwrap().is_none());
    // What follows happens in the other scope, within the same transaction.
    let there = Scope::person(two.other, two.eve);
    unit.enter(there).await.unwrap();
    assert_eq!(unit.scope(), there);
    assert!(unit.users().find_own(two.ada).await.unwrap().is_none());
    assert!(unit.users().find_own(two.eve).await.unwrap().is_some());
    let team = ground.sample_team(two.other, "There");
    unit.teams().insert(&team).await.unwrap();
    unit.enter(Scope::NONE).await.unwrap();
    assert!(unit.users().find_own(two.eve).await.unwrap().is_none());
    assert!(unit.teams().find(two.other, team.id).await.unwrap().is_none());
    unit.commit().await.unwrap();
    assert_eq!(ask!(ground, there, |unit| unit.teams().find(two.other, team.id)), Some(team));
    // The scope ended with the transaction: the connection's next one has its own.
    let unit = ground.store.read(Scope::NONE).await.unwrap();
    assert_eq!(unit.scope(), Scope::NONE);
    assert!(unit.users().find_own(two.eve).await.unwrap().is_none());
}

pub async fn a_glance_sees_the_rows_of_its_scope_and_changes_none(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let mut unit = ground.store.glance(two.home()).await.unwrap();
    assert_eq!(unit.scope(), two.home());
    assert!(unit.users().find_own(two.ada).await.unwrap().is_some());
    assert!(unit.users().find_own(two.eve).await.unwrap().is_none());
    let there = Scope::person(two.other, two.eve);
    unit.enter(there).await.unwrap();
    assert_eq!(unit.scope(), there);
    assert!(unit.users().find_own(two.ada).await.unwrap().is_none());
    assert!(unit.users().find_own(two.eve).await.unwrap().is_some());
    let team = ground.sample_team(two.other, "There");
    assert!(unit.teams().insert(&team).await.is_err());
    unit.commit().await.unwrap();
    assert_eq!(ask!(ground, there, |unit| unit.teams().find(two.other, team.id)), None);
    // Nothing of its scope is left on the connection.
    let unit = ground.store.glance(Scope::NONE).await.unwrap();
    assert!(unit.users().find_own(two.ada).await.unwrap().is_none());
    assert!(unit.users().find_own(two.eve).await.unwrap().is_none());
}

pub async fn changes_at_the_same_moment_do_not_overwrite_each_other(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let user = ground.sample_user("ada");
    ground.add_user(&user).await;
    let tasks: Vec<_> = (0..8)
        .map(|number| {
            let store = ground.store.clone();
            let changed = User { first_name: Some(format!("Name {number}")), ..user.clone() };
            tokio::spawn(async move {
                let unit = store.begin(own(changed.id)).await.unwrap();
                let result = unit.users().update(PLATFORM, &changed).await;
                if result.is_ok() {
                    unit.commit().await.unwrap();
                }
                result
            })
        })
        .collect();
    let mut written = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            Ok(user) => written.push(user),
            Err(error) => assert_eq!(error.kind, ErrorKind::PreconditionFailed),
        }
    }
    assert_eq!(written, [ground.find_user(user.id).await]);
}

pub async fn a_dropped_caller_leaves_the_store_usable(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let place = ground.organization("One").await;
    let scope = Scope::organization(place);
    for micros in 0..60 {
        let (store, team) = (ground.store.clone(), ground.sample_team(place, &format!("Team {micros}")));
        let work = async move {
            let unit = store.begin(scope).await?;
            unit.teams().insert(&team).await?;
            drop(unit);
            Ok::<_, keystead_domain::Error>(())
        };
        // Dropped at some point: while opening, while writing, while rolling back.
        let _ = tokio::time::timeout(Duration::from_micros(micros * 40), work).await;
    }
    let page = keystead_domain::PageRequest::first(10);
    assert_eq!(ask!(ground, scope, |unit| unit.teams().list(place, &page)).items, []);
    let team = ground.sample_team(place, "Last");
    change!(ground, scope, |unit| unit.teams().insert(&team));
    assert_eq!(ask!(ground, scope, |unit| unit.teams().list(place, &page)).items, [team]);
}
