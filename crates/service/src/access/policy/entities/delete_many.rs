//! Removes several entities.

use super::{EntityName, KIND, check::ensure_batch};
use crate::{
    App,
    access::{
        policy::{fitting::lock, guarding::guard_policy, told::told_entities, turn::turn},
        scope_in,
    },
    audit::{self, Event},
};
use keystead_domain::{
    Caller, Error, OrganizationId, Result,
    access::{Action, PolicyEntity},
};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// Entities that are to be removed.
#[derive(Clone, Debug)]
pub struct DeleteEntities {
    /// Whose they are.
    pub organization: OrganizationId,
    /// Which.
    pub names: Vec<EntityName>,
}

/// Removes several entities, all or none, and says how many there were.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound` when one of them is not there; `TooLarge` with code `batch_too_large`.
pub async fn delete_entities(app: &App, caller: &Caller, input: DeleteEntities) -> Result<u64> {
    let DeleteEntities { organization, names } = input;
    guard_policy(caller, Action::Delete, KIND, organization)?;
    ensure_batch(names.len())?;
    let names: HashSet<EntityName> = names.into_iter().collect();
    if names.is_empty() {
        return Ok(0);
    }
    let _turn = turn().await?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    lock(&*unit, organization).await?;
    let mut there: HashMap<EntityName, PolicyEntity> = HashMap::new();
    for row in unit.policy_entities().all(organization).await? {
        there.insert(EntityName { kind: row.entity_type.clone(), id: row.entity_id.clone() }, row);
    }
    let mut found = Vec::with_capacity(names.len());
    for name in &names {
        let row = there.remove(name);
        found.push(row.ok_or_else(|| Error::not_found(&format!("entity: {}:{}", name.kind, name.id)))?);
    }
    found.sort_by_key(|row| row.id);
    let ids: Vec<_> = found.iter().map(|row| row.id).collect();
    let removed = unit.policy_entities().delete_many(organization, &ids).await?;
    let event = Event::new(caller, "policy_entities.deleted", KIND)
        .data(json!({ "count": removed }))
        .before_after(told_entities(found.iter()), json!({}));
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await?;
    Ok(removed)
}
