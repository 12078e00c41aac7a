//! Removes an entity.

use super::{EntityName, KIND, entity};
use crate::{
    App,
    access::{
        hold,
        policy::{fitting::lock, guarding::guard_policy},
        scope_in,
    },
    audit::{self, Event, changes},
};
use keystead_domain::{Caller, OrganizationId, Result, access::Action};

/// Which entity to remove.
#[derive(Clone, Debug)]
pub struct DeleteEntity {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Which.
    pub name: EntityName,
    /// The version that was read.
    pub version: i64,
}

/// Removes an entity. Decisions may still be asked about it; they know nothing of it then but what is sent.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `PreconditionFailed`.
pub async fn delete_entity(app: &App, caller: &Caller, input: DeleteEntity) -> Result<()> {
    let DeleteEntity { organization, name, version } = input;
    let held = hold(guard_policy(caller, Action::Delete, KIND, organization))?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    lock(&*unit, organization).await?;
    let before = entity(&*unit, organization, &name).await?;
    held.release()?;
    unit.policy_entities().delete(organization, before.id, version).await?;
    let event = Event::new(caller, "policy_entity.deleted", KIND).resource(before.id).changed(changes(&before, &())?);
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await
}
