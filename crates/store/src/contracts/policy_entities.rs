//! The things that decisions and searches know.

use super::{
    Harness,
    ground::{Ground, Two, intricate_json},
};
use keystead_domain::{ErrorKind, PageRequest, PolicyEntityId, access::PolicyEntity};
use serde_json::json;

async fn add(ground: &Ground, two: &Two, rows: &[PolicyEntity]) {
    change!(ground, two.home(), |unit| unit.policy_entities().insert(two.one, rows));
}

async fn all(ground: &Ground, two: &Two) -> Vec<PolicyEntity> {
    ask!(ground, two.home(), |unit| unit.policy_entities().all(two.one))
}

pub async fn an_entity_is_found_as_it_was_written(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let full = PolicyEntity {
        properties: intricate_json(),
        version: 5,
        ..ground.sample_entity(two.one, "döcument", "Ünïcode 😀 /a:b'c")
    };
    let rows = [full, ground.sample_entity(two.one, "user", "x"), ground.sample_entity(two.one, "document", "x")];
    add(&ground, &two, &rows).await;
    for row in &rows {
        let found = ask!(ground, two.home(), |unit| unit.policy_entities().find(two.one, row.id));
        assert_eq!(found.as_ref(), Some(row));
        let found = ask!(ground, two.home(), |unit| unit.policy_entities().find_by_entity(
            two.one,
            &row.entity_type,
            &row.entity_id
        ));
        assert_eq!(found.as_ref(), Some(row));
    }
    let found = ask!(ground, two.home(), |unit| unit.policy_entities().find_by_entity(two.one, "user", "X"));
    assert_eq!(found, None);
    let ids = [rows[2].id, ground.id(), rows[0].id];
    let found = ask!(ground, two.home(), |unit| unit.policy_entities().find_many(two.one, &ids));
    assert_eq!(found, [rows[0].clone(), rows[2].clone()]);
    assert_eq!(all(&ground, &two).await, rows);
}

pub async fn an_entity_is_there_once(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let first = [ground.sample_entity(two.one, "user", "x")];
    add(&ground, &two, &first).await;
    let batch = [ground.sample_entity(two.one, "user", "y"), ground.sample_entity(two.one, "user", "x")];
    let error = refused!(ground, two.home(), |unit| unit.policy_entities().insert(two.one, &batch));
    assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "policy_entity_already_there"));
    assert_eq!(all(&ground, &two).await, first);
    let foreign = [ground.sample_entity(two.other, "user", "x")];
    change!(ground, two.elsewhere(), |unit| unit.policy_entities().insert(two.other, &foreign));
}

pub async fn what_is_there_is_overwritten(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let there = ground.sample_entity(two.one, "user", "x");
    add(&ground, &two, std::slice::from_ref(&there)).await;
    let properties = json!({ "department": "sales" });
    let renewed = PolicyEntity { properties: properties.clone(), ..ground.sample_entity(two.one, "user", "x") };
    let new = ground.sample_entity(two.one, "document", "x");
    // Of two for the same entity the last one counts.
    let rows = [ground.sample_entity(two.one, "user", "x"), renewed.clone(), new.clone()];
    change!(ground, two.home(), |unit| unit.policy_entities().upsert(two.one, &rows));
    change!(ground, two.home(), |unit| unit.policy_entities().upsert(two.one, &[]));
    let expected = PolicyEntity { properties, updated_at: renewed.updated_at, version: 2, ..there };
    assert_eq!(all(&ground, &two).await, [expected, new]);
}

pub async fn large_batches_are_written_whole(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let many: Vec<_> = (0..5_000).map(|number| ground.sample_entity(two.one, "user", &format!("{number}"))).collect();
    change!(ground, two.home(), |unit| unit.policy_entities().upsert(two.one, &many));
    assert_eq!(all(&ground, &two).await, many);
    let gone: Vec<PolicyEntityId> = many[..4_000].iter().map(|row| row.id).collect();
    assert_eq!(change!(ground, two.home(), |unit| unit.policy_entities().delete_many(two.one, &gone)), 4_000);
    assert_eq!(change!(ground, two.home(), |unit| unit.policy_entities().delete_many(two.one, &gone)), 0);
    assert_eq!(all(&ground, &two).await, many[4_000..]);
    let new = [ground.sample_entity(two.one, "user", "4999")];
    change!(ground, two.home(), |unit| unit.policy_entities().replace_all(two.one, &new));
    assert_eq!(all(&ground, &two).await, new);
    change!(ground, two.home(), |unit| unit.policy_entities().replace_all(two.one, &[]));
    assert_eq!(all(&ground, &two).await, []);
}

pub async fn entities_are_listed_in_pages(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let rows: Vec<_> = (0..8)
        .map(|number| {
            let kind = if number % 2 == 0 { "user" } else { "document" };
            ground.sample_entity(two.one, kind, &format!("{}", 9 - number))
        })
        .collect();
    add(&ground, &two, &rows).await;
    let users: Vec<_> = rows.iter().step_by(2).cloned().collect();
    for limit in [1, 3, 8] {
        let found = pages!(ground, two.home(), limit, |unit, page| unit.policy_entities().list(two.one, None, page));
        assert_eq!(found, rows);
        let found =
            pages!(ground, two.home(), limit, |unit, page| unit.policy_entities().list(two.one, Some("user"), page));
        assert_eq!(found, users);
    }
    bad_cursors!(ground, two.home(), |unit, page| unit.policy_entities().list(two.one, None, page));
}

pub async fn a_change_raises_the_version_and_a_stale_one_is_refused(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = ground.sample_entity(two.one, "user", "x");
    add(&ground, &two, std::slice::from_ref(&before)).await;
    let changed = PolicyEntity { properties: json!({}), updated_at: ground.now(), ..before.clone() };
    let after = change!(ground, two.home(), |unit| unit.policy_entities().update(two.one, &changed));
    assert_eq!(after, PolicyEntity { version: 2, ..changed.clone() });
    assert_eq!(all(&ground, &two).await, [after]);
    let error = refused!(ground, two.home(), |unit| unit.policy_entities().update(two.one, &changed));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    let error = refused!(ground, two.home(), |unit| unit.policy_entities().delete(two.one, before.id, 1));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    change!(ground, two.home(), |unit| unit.policy_entities().delete(two.one, before.id, 2));
    assert_eq!(all(&ground, &two).await, []);
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = ground.sample_entity(two.one, "user", "x");
    add(&ground, &two, std::slice::from_ref(&before)).await;
    let page = PageRequest::first(200);
    for (scope, organization) in two.strangers_and_platform() {
        let found = ask!(ground, scope, |unit| unit.policy_entities().find(organization, before.id));
        assert_eq!(found, None, "{scope:?}");
        let found = ask!(ground, scope, |unit| unit.policy_entities().find_by_entity(organization, "user", "x"));
        assert_eq!(found, None, "{scope:?}");
        let found = ask!(ground, scope, |unit| unit.policy_entities().find_many(organization, &[before.id]));
        assert_eq!(found, [], "{scope:?}");
        let list = ask!(ground, scope, |unit| unit.policy_entities().list(organization, None, &page));
        assert_eq!(list.items, [], "{scope:?}");
        assert_eq!(ask!(ground, scope, |unit| unit.policy_entities().all(organization)), [], "{scope:?}");
        for organization_id in [two.one, organization] {
            let changed = PolicyEntity { organization_id, properties: json!({}), ..before.clone() };
            let error = refused!(ground, scope, |unit| unit.policy_entities().update(organization, &changed));
            assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        }
        let error = refused!(ground, scope, |unit| unit.policy_entities().delete(organization, before.id, 1));
        assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        let gone = change!(ground, scope, |unit| unit.policy_entities().delete_many(organization, &[before.id]));
        assert_eq!(gone, 0, "{scope:?}");
        let new = [ground.sample_entity(two.one, "user", "x")];
        for place in [two.one, two.other] {
            refused!(ground, scope, |unit| unit.policy_entities().insert(place, &new));
            refused!(ground, scope, |unit| unit.policy_entities().upsert(place, &new));
            refused!(ground, scope, |unit| unit.policy_entities().replace_all(place, &new));
        }
    }
    assert_eq!(all(&ground, &two).await, [before]);
}
