//! What was worked out for each person is never stale and never wrong, and a snapshot that is kept up to date by its changes is
//! the one that would be read anew: after any sequence of changes, against an evaluation that reads the rows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod changes;
mod entitlement;
#[path = "../harness/mod.rs"]
mod harness;
mod rows;
mod truth;
mod world;

use changes::Change;
use harness::{Postgres, Sqlite};
use keystead_store::contracts::Harness;
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use tokio::runtime::Runtime;
use world::{ACTIONS, FEATURES, LEVELS, MODULES, PEOPLE, VIEWS, World};

fn change() -> impl Strategy<Value = Change> {
    use keystead_domain::access::{LevelScope, PermissionValue};
    let value = || prop_oneof![Just(PermissionValue::Allow), Just(PermissionValue::Deny)];
    let scope = || prop::sample::select(LevelScope::ALL.to_vec());
    prop_oneof![
        1 => (0..VIEWS).prop_map(Change::SwitchView),
        1 => (0..FEATURES).prop_map(Change::SwitchFeature),
        1 => (0..MODULES).prop_map(Change::SwitchModule),
        2 => (0..MODULES, 0..VIEWS, any::<bool>()).prop_map(|(m, v, on)| Change::LinkView(m, v, on)),
        2 => (0..MODULES, 0..FEATURES, any::<bool>()).prop_map(|(m, f, on)| Change::LinkFeature(m, f, on)),
        3 => (0..MODULES, prop::option::weighted(0.8, any::<bool>())).prop_map(|(m, is)| Change::GiveModule(m, is)),
        4 => (0..LEVELS, 0..VIEWS, prop::option::weighted(0.8, value()))
            .prop_map(|(l, v, is)| Change::PermitView(l, v, is)),
        6 => (0..LEVELS, 0..FEATURES, 0..ACTIONS.len(), prop::option::weighted(0.8, (value(), scope())))
            .prop_map(|(l, f, a, is)| Change::PermitFeature(l, f, a, is)),
        5 => (0..PEOPLE, vec(0..LEVELS, 0..3)).prop_map(|(p, levels)| Change::Assign(p, levels)),
        1 => (0..PEOPLE, any::<bool>()).prop_map(|(p, active)| Change::Suspend(p, !active)),
        1 => (0..PEOPLE).prop_map(Change::LeaveOrJoin),
        1 => any::<bool>().prop_map(Change::Archive),
        1 => (0..PEOPLE).prop_map(Change::Team),
        1 => any::<bool>().prop_map(Change::Rule),
    ]
}

/// A change that is committed or rolled back, and for whom is worked out anew what is kept.
fn step() -> impl Strategy<Value = (Change, bool, Option<usize>)> {
    (change(), prop::bool::weighted(0.9), prop::option::weighted(0.6, 0..PEOPLE))
}

fn sequences_agree(config: Config, length: usize, make: impl Fn() -> (Runtime, World)) {
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..config });
    let done = runner.run(&vec(step(), 1..length), |steps| {
        let (runtime, mut world) = make();
        runtime.block_on(async {
            for (change, commits, filled_for) in steps {
                world.apply(&change, commits).await;
                world.check(&change).await;
                if let Some(person) = filled_for {
                    world.fill(person).await;
                    world.check(&change).await;
                }
            }
        });
        Ok(())
    });
    done.unwrap();
}

#[test]
fn on_sqlite() {
    sequences_agree(Config::with_cases(24), 40, || {
        let runtime = Runtime::new().unwrap();
        let world = runtime.block_on(async {
            let harness = Sqlite::new();
            World::new(harness.store().await, Box::new(harness)).await
        });
        (runtime, world)
    });
}

#[test]
fn on_postgres() {
    sequences_agree(Config { max_shrink_iters: 40, ..Config::with_cases(3) }, 40, || {
        let runtime = Runtime::new().unwrap();
        let world = runtime.block_on(async {
            let harness = Postgres::new().await;
            World::new(harness.store().await, Box::new(harness)).await
        });
        (runtime, world)
    });
}
