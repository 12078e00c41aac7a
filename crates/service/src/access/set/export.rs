//! Shows an organization's access set as one document.

use super::{AccessSet, guard_all, rows::Rows};
use crate::{
    App,
    access::{guard_here, policy::turn, scope_in},
};
use keystead_domain::{Caller, OrganizationId, Result, access::Action};

/// What a document tells of.
pub(super) const KINDS: [&str; 8] = [
    "policy_models",
    "policy_rules",
    "policy_entities",
    "permissions",
    "roles",
    "organization_modules",
    "user_levels",
    "members",
];

/// The organization's access set, at one moment. Who asks must be permitted to read everything in it.
///
/// # Errors
/// As [`guard`](crate::access::guard).
pub async fn export_access_set(app: &App, caller: &Caller, organization: OrganizationId) -> Result<AccessSet> {
    guard_here(caller, organization)?;
    guard_all(caller, organization, KINDS.map(|kind| (kind, Action::Read)))?;
    turn::holding(async {
        let unit = app.store.read(scope_in(organization, caller)).await?;
        Ok(Rows::load(&*unit, organization).await?.set())
    })
    .await
}
