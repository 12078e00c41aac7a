//! The engine against the naive evaluator, after random changes.

use crate::{
    chance::{Chance, cases},
    naive::allows,
    questions::{a_question, adds_up},
    steps::step,
    world::{World, here},
};
use keystead_domain::PLATFORM;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(300, 20_000)))]

    #[test]
    fn decisions_and_explanations_agree_with_the_rows(
        steps in prop::collection::vec(any::<u64>(), 10..60), questions in any::<u64>(), platform in 0..7_u8,
    ) {
        let organization = if platform == 0 { PLATFORM } else { here() };
        let mut world = if platform < 4 { World::open(organization) } else { World::new(organization) };
        let mut snapshot = world.snapshot();
        for seed in steps {
            snapshot = step(&mut world, &snapshot, seed);
        }
        let anew = world.snapshot();
        prop_assert_eq!(snapshot.version().organization, world.rows.version);
        let mut chance = Chance(questions);
        for _ in 0..120 {
            let question = a_question(&mut chance);
            let expected = allows(&world, &question);
            let decision = question.decide(&snapshot);
            prop_assert_eq!(decision.allowed, expected, "{:?}: {:?}\n{:#?}\n{:?}", question, decision, world.rows, world.platform);
            prop_assert_eq!(question.decide(&anew).allowed, expected, "built anew: {:?}", question);
            let explanation = question.explain(&snapshot);
            prop_assert_eq!(explanation.decision, decision);
            prop_assert!(adds_up(&explanation), "{:?}: {:#?}", question, explanation);
        }
    }
}

/// The random questions are about something: neither answer is rare, and every source decides some of them.
#[test]
fn the_random_world_is_varied() {
    use keystead_access::{Denial, Reason};
    use std::collections::BTreeMap;
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..150 {
        let mut chance = Chance(seed);
        let mut world = if seed % 3 == 0 { World::new(here()) } else { World::open(here()) };
        let mut snapshot = world.snapshot();
        for _ in 0..40 {
            let seed = chance.below(usize::MAX) as u64;
            snapshot = step(&mut world, &snapshot, seed);
        }
        for _ in 0..100 {
            let name = match a_question(&mut chance).decide(&snapshot).reason {
                Reason::Granted { .. } => "role",
                Reason::Administrator => "administrator",
                Reason::Level { .. } => "level",
                Reason::View { .. } => "view",
                Reason::Rule { .. } => "rule",
                Reason::Denied(Denial::NoPermission) => "nothing",
                Reason::Denied(Denial::OutOfScope { .. }) => "out of scope",
                Reason::Denied(Denial::LevelOutOfScope { .. }) => "level out of scope",
                Reason::Denied(Denial::Level { .. }) => "denied by level",
                Reason::Denied(Denial::View { .. }) => "denied by view",
                Reason::Denied(Denial::Unreachable) => "unreachable",
                Reason::Denied(Denial::Rule { .. }) => "denied by rule",
                Reason::Denied(Denial::Suspended) => "suspended",
                Reason::Denied(Denial::AccountClosed) => "account closed",
                Reason::Denied(Denial::RulesUnfit) => "rules unfit",
                Reason::Denied(Denial::Stranger) => "stranger",
                Reason::Denied(Denial::NoTime) => "no time",
            };
            *seen.entry(name).or_default() += 1;
        }
    }
    let expected = [
        "role",
        "administrator",
        "level",
        "view",
        "rule",
        "nothing",
        "out of scope",
        "level out of scope",
        "denied by level",
        "denied by view",
        "unreachable",
        "denied by rule",
        "suspended",
        "stranger",
    ];
    for name in expected {
        assert!(seen.get(name).is_some_and(|count| *count >= 20), "{name} in {seen:?}");
    }
}
