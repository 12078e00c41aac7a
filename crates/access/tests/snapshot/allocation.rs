//! A decision allocates nothing, whichever source it ends at.

use crate::{
    chance::Chance,
    questions::a_question,
    steps::step,
    world::{World, here},
};
use keystead_access::Resource;

#[test]
fn deciding_allocates_nothing() {
    for seed in 0..20 {
        let mut chance = Chance(seed);
        let mut world = World::open(here());
        let mut snapshot = world.snapshot();
        for _ in 0..60 {
            let seed = chance.below(usize::MAX) as u64;
            snapshot = step(&mut world, &snapshot, seed);
        }
        for _ in 0..200 {
            let question = a_question(&mut chance);
            // The first decision of a thread makes its working memory.
            let first = question.decide(&snapshot);
            let counted = allocation_counter::measure(|| assert_eq!(question.decide(&snapshot), first));
            assert_eq!(counted.count_total, 0, "{question:?}: {first:?}");
        }
        let resource = Resource::one("teams", crate::world::uuid(6, 1), here());
        let (holder, context) =
            (keystead_access::Holder::User(crate::world::user(1)), keystead_access::Context::at(crate::world::time(1)));
        let ask = || snapshot.decide_own(holder, "read", &resource, &context);
        let first = ask();
        assert_eq!(allocation_counter::measure(|| assert_eq!(ask(), first)).count_total, 0);
    }
}
