//! Until when decisions stay as they are when nothing is written.

use crate::{
    chance::{Chance, cases},
    questions::a_question,
    steps::step,
    world::{World, here},
};
use keystead_domain::Timestamp;
use proptest::prelude::*;

/// The world after random steps, with a random question each, and until when its decisions hold.
fn settled(steps: &[u64], seed: u64, mut each: impl FnMut(bool, bool, Option<Timestamp>)) {
    let mut world = World::open(here());
    let mut snapshot = world.snapshot();
    for seed in steps {
        snapshot = step(&mut world, &snapshot, *seed);
    }
    let mut chance = Chance(seed);
    for _ in 0..40 {
        let mut question = a_question(&mut chance);
        let now = question.now;
        let until = snapshot.settled_until(now);
        let before = question.decide(&snapshot).allowed;
        question.now = until.map_or(now.plus_seconds(1_000_000), |until| {
            let micros = until.as_datetime().timestamp_micros();
            Timestamp::from_unix_micros(micros - 1)
        });
        assert!(now <= question.now);
        each(before, question.decide(&snapshot).allowed, until);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(100, 5_000)))]

    #[test]
    fn time_alone_changes_nothing_before_it_is_told_to(
        steps in prop::collection::vec(any::<u64>(), 20..80), seed in any::<u64>(),
    ) {
        settled(&steps, seed, |before, after, _| assert_eq!(before, after));
    }
}

#[test]
fn what_holds_for_a_time_is_told() {
    let mut told = 0;
    for seed in 0..20 {
        let mut chance = Chance(seed);
        let steps: Vec<u64> = (0..60).map(|_| chance.below(usize::MAX) as u64).collect();
        settled(&steps, seed, |_, _, until| told += usize::from(until.is_some()));
    }
    assert!(told > 100, "{told}");
}
