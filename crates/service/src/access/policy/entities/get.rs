//! Shows an entity.

use super::{EntityName, KIND, entity};
use crate::{
    App,
    access::{policy::guarding::guard_policy, scope_in},
};
use keystead_domain::{
    Caller, OrganizationId, Result,
    access::{Action, PolicyEntity},
};

/// The entity with this name.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`.
pub async fn get_entity(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    name: EntityName,
) -> Result<PolicyEntity> {
    guard_policy(caller, Action::Read, KIND, organization)?;
    let unit = app.store.glance(scope_in(organization, caller)).await?;
    entity(&*unit, organization, &name).await
}
