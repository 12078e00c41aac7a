//! A model of the truth: after any random changes over the API, everything that answers who may do what says what a naive
//! evaluator says, which reads the rows as they were written.

mod agreement;
mod changes;
mod naive;
mod rows;
mod world;

use crate::{
    effective::kept_rows,
    support::{Chance, StoreKind, times},
};
use rows::PEOPLE;
use world::World;

/// So many changes on a store, with everything asked after each few of them.
#[expect(clippy::print_stdout, reason = "whoever waits for a soak wants to see how far it is")]
async fn agrees(kind: StoreKind, changes: u32, seed: u64) {
    let mut world = World::new(kind).await;
    let mut chance = Chance::new(seed);
    let (mut asked, mut allowed, mut last) = (0, 0, [""; 4]);
    for step in 0..changes {
        // At first much is written; then one thing is asked about after each few changes.
        last.rotate_left(1);
        last[3] = world.change(&mut chance).await;
        if step < 24 || step % 4 != 0 {
            continue;
        }
        allowed += world.evaluation_agrees(&mut chance).await;
        asked += 1;
        world.searches_agree(&mut chance).await;
        for who in 0..PEOPLE {
            world.navigation_agrees(who).await;
        }
        let who = rows::below(&mut chance, PEOPLE);
        let kept = world.permissions_agree(who).await;
        if [StoreKind::Sqlite, StoreKind::Postgres].contains(&kind) {
            let rows = kept_rows(&world.server.store, &world.rows.people[who]).await;
            assert_eq!(rows, kept, "step {step}, after {last:?}\n{:#?}", world.rows);
        }
        if step.is_multiple_of(400) {
            println!("{kind:?}: all agree after {step} changes, and {allowed} were allowed");
        }
    }
    println!("{kind:?}: all agree after {changes} changes, asked {asked} times, {allowed} times allowed");
    assert!(allowed > asked, "{allowed} were allowed in {asked} rounds: that shows little");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_agrees_with_the_rows_in_memory() {
    agrees(StoreKind::Memory, times(100, 2_000), 1).await;
}

/// What is kept in the tables is there on these stores only. In the tests a little of it, in a soak much.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_agrees_with_the_rows_on_sqlite() {
    agrees(StoreKind::Sqlite, times(48, 2_000), 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_agrees_with_the_rows_on_postgres() {
    agrees(StoreKind::Postgres, times(48, 2_000), 3).await;
}
