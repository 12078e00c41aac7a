//! Searches, permissions of a subject and previews are what decisions say.

use crate::{
    chance::{Chance, cases},
    naive::allows,
    questions::{Question, a_question, name_of},
    steps::step,
    world::{ACTIONS, World, a_level, a_role, feature, here, holder, module, role, time, user},
};
use keystead_access::{
    Context, Target,
    listing::{Asked, ListLimits, Name, Page, TooLong, flips},
    policy::Entity,
    snapshot::Snapshot,
};
use keystead_domain::access::{LevelScope, ModuleFeature, PermissionScope, PermissionValue};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn after(steps: &[u64], world: &mut World, mut snapshot: Snapshot) -> Snapshot {
    for seed in steps {
        snapshot = step(world, &snapshot, *seed);
    }
    snapshot
}

fn question(subject: &Name, action: &str, kind: &str, id: &str) -> Question {
    let mut question = Question::new(0, action, kind, id);
    question.subject = (subject.kind.clone(), subject.id.clone());
    question
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(60, 4_000)))]

    #[test]
    fn searches_answer_what_decisions_say(
        steps in prop::collection::vec(any::<u64>(), 20..80), seed in any::<u64>(), size in 1..5_usize,
    ) {
        let mut world = World::open(here());
        let first = world.snapshot();
        let snapshot = after(&steps, &mut world, first);
        let (mut chance, limits) = (Chance(seed), ListLimits::default());
        let asked = a_question(&mut chance);
        let context = Context { domain: asked.domain.as_deref(), ..Context::at(asked.now) };
        let (subject, action) = (Entity::new(&asked.subject.0, &asked.subject.1), Entity::new("", &asked.action));
        let target = Target { entity: Entity::new(&asked.kind, &asked.id).with(&asked.sent), whose: asked.whose };
        let one = |change: &dyn Fn(&mut Question)| {
            let mut question = asked.clone();
            change(&mut question);
            allows(&world, &question)
        };

        let mut pages: Vec<String> = Vec::new();
        let mut next: Option<String> = None;
        loop {
            let page = Page { after: next.as_deref(), size };
            let found = snapshot.search_subjects("user", &action, &target, &context, page, &limits).unwrap();
            prop_assert!(found.ids.len() <= size);
            pages.extend(found.ids);
            next = found.next;
            if next.is_none() {
                break;
            }
        }
        let people = (0..4).filter(|number| snapshot.known_subjects("user").contains(&user(*number).to_string()));
        let mut expected: Vec<String> = people.map(|number| user(number).to_string()).collect();
        expected.retain(|id| one(&|question| question.subject = ("user".to_owned(), id.clone())));
        expected.sort_unstable();
        prop_assert_eq!(pages, expected);

        let found = snapshot.search_resources(&subject, &action, &asked.kind, &context, Page::WHOLE, &limits).unwrap();
        let known: BTreeSet<String> = (0..3).map(|n| format!("{}{n}", &asked.kind[..1]))
            .chain(crate::world::FEATURES.map(str::to_owned)).chain(crate::world::VIEWS.map(str::to_owned))
            .filter(|id| snapshot.known_resources(&asked.kind).contains(id)).collect();
        prop_assert_eq!(known.len(), snapshot.known_resources(&asked.kind).len());
        let expected: Vec<String> = known.into_iter().filter(|id| one(&|question| {
            question.id.clone_from(id);
            question.whose = None;
            question.sent.clear();
        })).collect();
        prop_assert_eq!(found.ids, expected);

        let found = snapshot.search_actions(&subject, &target, &context, Page::WHOLE, &limits).unwrap();
        for action in ACTIONS {
            let known = snapshot.known_actions().iter().any(|known| known == action);
            let expected = known && one(&|question| question.action = action.to_owned());
            prop_assert_eq!(found.ids.iter().any(|id| id == action), expected, "{}", action);
        }
        prop_assert!(!found.ids.iter().any(|id| id == "*"));
    }

    #[test]
    fn a_preview_lists_what_flips(
        steps in prop::collection::vec(any::<u64>(), 20..60), more in prop::collection::vec(any::<u64>(), 1..4),
    ) {
        let mut world = World::open(here());
        let first = world.snapshot();
        let before = after(&steps, &mut world, first);
        let mut changed = world.clone();
        let next = after(&more, &mut changed, before.clone());
        let context = Context::at(time(100));
        let found = flips(&before, &next, &Asked::default(), &context, &ListLimits::default()).unwrap();
        let mut expected = Vec::new();
        let both = [&before, &next];
        let names = |kinds: &dyn Fn(&Snapshot) -> BTreeSet<String>, ids: &dyn Fn(&Snapshot, &str) -> Vec<String>| {
            let mut all = BTreeSet::new();
            for snapshot in both {
                for kind in both.iter().flat_map(|snapshot| kinds(snapshot)) {
                    all.extend(ids(snapshot, &kind).into_iter().map(|id| Name::new(kind.as_str(), id)));
                }
            }
            all
        };
        let actions: BTreeSet<String> = both.iter().flat_map(|snapshot| snapshot.known_actions()).collect();
        for subject in names(&Snapshot::known_subject_kinds, &Snapshot::known_subjects) {
            for resource in names(&Snapshot::known_kinds, &Snapshot::known_resources) {
                for action in &actions {
                    let question = question(&subject, action, &resource.kind, &resource.id);
                    if allows(&world, &question) != allows(&changed, &question) {
                        expected.push((subject.clone(), action.clone(), resource.clone()));
                    }
                }
            }
        }
        let found: Vec<_> = found.into_iter().map(|flip| (flip.subject, flip.action, flip.resource)).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn the_permissions_of_a_subject_are_what_is_decided(
        steps in prop::collection::vec(any::<u64>(), 20..80), who in 0..5_usize,
    ) {
        let mut world = World::open(here());
        let first = world.snapshot();
        let snapshot = after(&steps, &mut world, first);
        let (name, context, limits) = (name_of(holder(who)), Context::at(time(100)), ListLimits::default());
        let subject = Entity::new(&name.0, &name.1);
        let ask = |kind: &str, id: &str, action: &str, owner: &str| {
            let mut question = Question::new(who, action, kind, id).sending("owner", owner.into());
            question = question.sending("team", "none".into());
            allows(&world, &question)
        };
        for access in snapshot.kinds_of(&subject, &context, &limits).unwrap() {
            if world.platform.own_kinds.contains(&access.kind) {
                continue;
            }
            let me = format!("{}:{}", name.0, name.1);
            prop_assert_eq!(access.access.own.allowed, ask(&access.kind, "", &access.action, &me));
            prop_assert_eq!(access.access.organization.allowed, ask(&access.kind, "", &access.action, "somebody"));
        }
        for access in snapshot.features_of(&subject, &context, &limits).unwrap() {
            let organization = ask("feature", &access.key, &access.action, "somebody");
            prop_assert_eq!(access.access.organization.allowed, organization);
        }
        let views = snapshot.views_of(&subject, &context, &limits).unwrap();
        prop_assert_eq!(views.len(), 3);
        for access in views {
            let question = Question::new(who, "view", "view", &access.key);
            prop_assert_eq!(access.decision.allowed, allows(&world, &question));
        }
    }
}

#[test]
fn a_feature_is_one_row_where_it_can_be_said_so() {
    use {
        LevelScope::{Organization, Own, Team},
        PermissionValue::{Allow, Deny},
    };
    let row = |says: &[(PermissionValue, LevelScope)]| {
        let mut world = World::new(here());
        world.platform.catalogue.module_features.push(ModuleFeature { module_id: module(0), feature_id: feature(0) });
        world.module(0, true).member(0, true).member(1, true);
        world.rows.teams.push(crate::world::a_team(0, &[0, 1]));
        for (number, (value, scope)) in says.iter().enumerate() {
            world.rows.levels.push(a_level(here(), number, &[], &[(0, "read", *value, *scope)]));
            world.hold_level(0, number);
        }
        let me = user(0).to_string();
        let features =
            world.snapshot().features_of(&Entity::new("user", &me), &Context::at(time(0)), &ListLimits::default());
        let features = features.unwrap();
        assert_eq!((features.len(), &*features[0].key, &*features[0].action), (1, "invoices", "read"));
        features[0].access.as_row()
    };
    for scope in [Own, Team, Organization] {
        assert_eq!(row(&[(Allow, scope)]), Some((Allow, scope)), "{scope}");
    }
    assert_eq!(row(&[(Allow, Organization), (Deny, Organization)]), Some((Deny, Organization)));
    assert_eq!(row(&[(Allow, Organization), (Deny, Own)]), None);
}

#[test]
fn what_is_too_long_is_an_error() {
    let mut world = World::new(here());
    world.rows.roles.push(a_role(here(), 0, &[("document", "read", PermissionScope::Organization)], &[]));
    for number in 0..4 {
        world.member(number, true);
        world.rows.entities.push(crate::world::an_entity(
            here(),
            "document",
            &format!("d{number}"),
            crate::world::nothing(),
        ));
    }
    let before = world.snapshot();
    world.hold_role(0, role(0)).hold_role(1, role(0));
    let snapshot = world.snapshot();
    let me = user(0).to_string();
    let (subject, read, context) = (Entity::new("user", &me), Entity::new("", "read"), Context::at(time(0)));
    let search =
        |page, limits: ListLimits| snapshot.search_resources(&subject, &read, "document", &context, page, &limits);
    let limits = ListLimits { decisions: 3, entries: 3 };
    assert_eq!(search(Page::WHOLE, limits), Err(TooLong::Decisions { needed: 4, limit: 3 }));
    let found = search(Page { after: None, size: 2 }, limits).unwrap();
    assert_eq!((found.ids, found.next), (vec!["d0".to_owned(), "d1".to_owned()], Some("d1".to_owned())));
    let found = search(Page { after: Some("d1"), size: 2 }, limits).unwrap();
    assert_eq!((found.ids, found.next), (vec!["d2".to_owned(), "d3".to_owned()], None));
    let whole = ListLimits { decisions: 100, entries: 3 };
    assert_eq!(search(Page::WHOLE, whole), Err(TooLong::Entries { limit: 3 }));
    let preview = |limits| flips(&before, &snapshot, &Asked::default(), &context, &limits);
    assert_eq!(preview(ListLimits::default()).unwrap().len(), 8);
    assert!(matches!(preview(ListLimits { decisions: 50, entries: 10 }), Err(TooLong::Decisions { limit: 50, .. })));
    assert_eq!(preview(ListLimits { decisions: 10_000, entries: 7 }), Err(TooLong::Entries { limit: 7 }));
    let narrow = Asked {
        actions: Some(vec!["read".into()]),
        resources: Some(vec![Name::new("document", "d1")]),
        subjects: None,
    };
    assert_eq!(
        flips(&before, &snapshot, &narrow, &context, &ListLimits { decisions: 10, entries: 2 }).unwrap().len(),
        2
    );
    assert!(matches!(
        snapshot.kinds_of(&subject, &context, &ListLimits { decisions: 3, entries: 9 }),
        Err(TooLong::Decisions { .. })
    ));
}
