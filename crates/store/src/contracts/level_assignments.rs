//! Who has which user levels.

use super::{Harness, ground::Ground};
use keystead_domain::{ErrorKind, PageRequest, access::LevelAssignment};

pub async fn a_level_is_given_once(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let (first, second) = (ground.level(two.one, "B").await, ground.level(two.one, "A").await);
    let bob = ground.member(two.one, "bob").await;
    let given = [
        ground.sample_assignment(two.one, two.ada, first),
        ground.sample_assignment(two.one, bob, first),
        ground.sample_assignment(two.one, two.ada, second),
    ];
    assert_eq!(change!(ground, two.home(), |unit| unit.level_assignments().insert(two.one, &given[..2])), 2);
    let again: Vec<_> = given.iter().map(|given| LevelAssignment { created_at: ground.now(), ..*given }).collect();
    assert_eq!(change!(ground, two.home(), |unit| unit.level_assignments().insert(two.one, &again)), 1);
    assert_eq!(change!(ground, two.home(), |unit| unit.level_assignments().insert(two.one, &again)), 0);
    // What is there already stays as it is.
    let expected = [given[0], again[2], given[1]];
    assert_eq!(ask!(ground, two.home(), |unit| unit.level_assignments().all(two.one)), expected);
    for given in expected {
        let found =
            ask!(ground, two.home(), |unit| unit.level_assignments().find(two.one, given.user_id, given.user_level_id));
        assert_eq!(found, Some(given));
    }
    let found = ask!(ground, two.home(), |unit| unit.level_assignments().of_users(two.one, &[two.ada, two.eve]));
    assert_eq!(found, expected[..2]);
    let levels = ask!(ground, two.home(), |unit| unit.level_assignments().levels_of(two.one, two.ada));
    assert_eq!(levels.into_iter().map(|level| level.name).collect::<Vec<_>>(), ["A", "B"]);
}

pub async fn only_members_have_levels_of_their_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let (level, foreign) = (ground.level(two.one, "Level").await, ground.level(two.other, "Level").await);
    for (user, level) in [(two.eve, level), (ground.id(), level), (two.ada, ground.id()), (two.ada, foreign)] {
        let new = [ground.sample_assignment(two.one, user, level)];
        let error = refused!(ground, two.home(), |unit| unit.level_assignments().insert(two.one, &new));
        assert_eq!(error.kind, ErrorKind::NotFound);
        let now = ground.now();
        let error = refused!(ground, two.home(), |unit| unit.level_assignments().replace_for_user(
            two.one,
            user,
            &[level],
            now
        ));
        assert_eq!(error.kind, ErrorKind::NotFound);
    }
    // Nothing would refuse that nobody has nothing.
    let now = ground.now();
    let error =
        refused!(ground, two.home(), |unit| unit.level_assignments().replace_for_user(two.one, two.eve, &[], now));
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert_eq!(ask!(ground, two.home(), |unit| unit.level_assignments().all(two.one)), []);
}

pub async fn who_has_a_level_is_listed_in_pages(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let (level, other) = (ground.level(two.one, "Level").await, ground.level(two.one, "Other").await);
    let mut all = vec![ground.sample_assignment(two.one, two.ada, level)];
    for number in 0..6 {
        let user = ground.member(two.one, &format!("person-{number}")).await;
        all.push(ground.sample_assignment(two.one, user, level));
        ground.assign(two.one, user, other).await;
    }
    change!(ground, two.home(), |unit| unit.level_assignments().insert(two.one, &all));
    for limit in [1, 3, 7] {
        let found = pages!(ground, two.home(), limit, |unit, page| unit.level_assignments().list(two.one, level, page));
        assert_eq!(found, all);
    }
    bad_cursors!(ground, two.home(), |unit, page| unit.level_assignments().list(two.one, level, page));
}

pub async fn levels_are_replaced_and_taken(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let levels = [ground.level(two.one, "a").await, ground.level(two.one, "b").await, ground.level(two.one, "c").await];
    let bob = ground.member(two.one, "bob").await;
    ground.assign(two.one, bob, levels[0]).await;
    let held = async || {
        let levels = ask!(ground, two.home(), |unit| unit.level_assignments().levels_of(two.one, two.ada));
        levels.into_iter().map(|level| level.id).collect::<Vec<_>>()
    };
    let wanted = [levels[1], levels[0], levels[1]];
    let now = ground.now();
    change!(ground, two.home(), |unit| unit.level_assignments().replace_for_user(two.one, two.ada, &wanted, now));
    assert_eq!(held().await, levels[..2]);
    let wanted = [levels[2], levels[1]];
    change!(ground, two.home(), |unit| unit.level_assignments().replace_for_user(two.one, two.ada, &wanted, now));
    assert_eq!(held().await, levels[1..]);
    assert!(change!(ground, two.home(), |unit| unit.level_assignments().delete(two.one, two.ada, levels[2])));
    assert!(!change!(ground, two.home(), |unit| unit.level_assignments().delete(two.one, two.ada, levels[2])));
    assert_eq!(held().await, levels[1..2]);
    change!(ground, two.home(), |unit| unit.level_assignments().replace_for_user(two.one, two.ada, &[], now));
    assert_eq!(held().await, []);
    let all = ask!(ground, two.home(), |unit| unit.level_assignments().all(two.one));
    assert_eq!(all.into_iter().map(|row| row.user_id).collect::<Vec<_>>(), [bob]);
    // They go with the membership.
    change!(ground, two.home(), |unit| unit.memberships().delete(two.one, bob));
    assert_eq!(ask!(ground, two.home(), |unit| unit.level_assignments().all(two.one)), []);
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let (level, free) = (ground.level(two.one, "Level").await, ground.level(two.one, "Free").await);
    let before = ground.sample_assignment(two.one, two.ada, level);
    let batch = [before];
    change!(ground, two.home(), |unit| unit.level_assignments().insert(two.one, &batch));
    let (page, now) = (PageRequest::first(200), ground.now());
    for (scope, organization) in two.strangers_and_platform() {
        let found = ask!(ground, scope, |unit| unit.level_assignments().find(organization, two.ada, level));
        assert_eq!(found, None, "{scope:?}");
        let list = ask!(ground, scope, |unit| unit.level_assignments().list(organization, level, &page));
        assert_eq!(list.items, [], "{scope:?}");
        assert_eq!(ask!(ground, scope, |unit| unit.level_assignments().all(organization)), [], "{scope:?}");
        let levels = ask!(ground, scope, |unit| unit.level_assignments().levels_of(organization, two.ada));
        assert_eq!(levels, [], "{scope:?}");
        let found = ask!(ground, scope, |unit| unit.level_assignments().of_users(organization, &[two.ada]));
        assert_eq!(found, [], "{scope:?}");
        let taken = change!(ground, scope, |unit| unit.level_assignments().delete(organization, two.ada, level));
        assert!(!taken, "{scope:?}");
        let new = [ground.sample_assignment(two.one, two.ada, free)];
        let levels = [free];
        for place in [two.one, two.other] {
            refused!(ground, scope, |unit| unit.level_assignments().insert(place, &new));
            refused!(ground, scope, |unit| unit.level_assignments().replace_for_user(place, two.ada, &levels, now));
        }
        // Whether it is refused or touches nothing, what follows must find everything as it was.
        let levels = [];
        let _ = attempt!(ground, scope, |unit| unit.level_assignments().replace_for_user(
            organization,
            two.ada,
            &levels,
            now
        ));
    }
    assert_eq!(ask!(ground, two.home(), |unit| unit.level_assignments().all(two.one)), [before]);
}
