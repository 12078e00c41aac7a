//! Writes entities.

use super::{
    KIND,
    check::{NewEntity, check, ensure_room},
};
use crate::{
    App,
    access::{
        policy::{fitting::lock, guarding::guard_policy, told::told_entities, turn::turn},
        scope_in,
    },
    audit::{self, Event},
};
use keystead_domain::{
    Caller, OrganizationId, Result,
    access::{Action, PolicyEntity},
};
use serde_json::json;
use std::collections::HashMap;

/// Entities that are to be known.
#[derive(Clone, Debug)]
pub struct PutEntities {
    /// Whose they are.
    pub organization: OrganizationId,
    /// They, each with all of its properties.
    pub entities: Vec<NewEntity>,
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenEntities {
    /// How many are new.
    pub added: usize,
    /// How many were there before and have these properties now.
    pub changed: usize,
}

/// Makes entities known, all or none. Those that are there get these properties in the place of theirs.
///
/// # Errors
/// As [`guard`](crate::access::guard), who must be permitted to create and to update; `Invalid` with code
/// `entities_refused`; `TooLarge` with code `batch_too_large`; `Conflict` with code `too_many_entities`.
pub async fn put_entities(app: &App, caller: &Caller, input: PutEntities) -> Result<WrittenEntities> {
    let PutEntities { organization, entities } = input;
    guard_policy(caller, Action::Create, KIND, organization)?;
    guard_policy(caller, Action::Update, KIND, organization)?;
    check(&entities)?;
    if entities.is_empty() {
        return Ok(WrittenEntities { added: 0, changed: 0 });
    }
    let _turn = turn().await?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    lock(&*unit, organization).await?;
    let before = unit.policy_entities().all(organization).await?;
    let (now, count) = (app.now(), entities.len());
    let rows = entities.into_iter().map(|NewEntity { name, properties }| PolicyEntity {
        id: app.ids.next(),
        organization_id: organization,
        entity_type: name.kind,
        entity_id: name.id,
        properties,
        created_at: now,
        updated_at: now,
        version: 1,
    });
    let rows: Vec<_> = rows.collect();
    let new: HashMap<_, _> = rows.iter().map(|row| ((&row.entity_type, &row.entity_id), row)).collect();
    let kept = before.iter().filter(|row| !new.contains_key(&(&row.entity_type, &row.entity_id)));
    let changed = before.len() - kept.clone().count();
    ensure_room(kept.chain(&rows))?;
    unit.policy_entities().upsert(organization, &rows).await?;
    let written = WrittenEntities { added: count - changed, changed };
    let event = Event::new(caller, "policy_entities.written", KIND)
        .data(json!({ "added": written.added, "changed": written.changed }))
        .before_after(json!({}), told_entities(rows.iter()));
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await?;
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::{super::EntityName, *};
    use crate::{
        access::policy::rules::fixtures::locked,
        testing::{TestApp, Trail, administrator, now, organization},
    };

    fn new(id: &str) -> NewEntity {
        let name = EntityName { kind: "document".to_owned(), id: id.to_owned() };
        NewEntity { name, properties: json!({ "status": "draft" }) }
    }

    #[tokio::test]
    async fn new_ones_and_changed_ones_are_told_apart() {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), locked());
        let there = |id: &str| PolicyEntity {
            id: keystead_domain::PolicyEntityId::from_uuid(uuid::Uuid::from_u128(1)),
            organization_id: organization(1),
            entity_type: "document".to_owned(),
            entity_id: id.to_owned(),
            properties: json!({}),
            created_at: now(),
            updated_at: now(),
            version: 1,
        };
        unit.access.policy_entities.expect_all().return_once(move |_| Ok(vec![there("a"), there("z")]));
        unit.access.policy_entities.expect_upsert().once().returning(|_, rows| {
            assert_eq!(rows.len(), 3);
            Ok(())
        });
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let input = PutEntities { organization: organization(1), entities: vec![new("a"), new("b"), new("c")] };
        let written = put_entities(&test.build(), &administrator(organization(1), 7), input).await.unwrap();
        assert_eq!((written, journal.commits()), (WrittenEntities { added: 2, changed: 1 }, 1));
        assert_eq!(trail.only().event_data, json!({ "added": 2, "changed": 1 }));
    }
}
