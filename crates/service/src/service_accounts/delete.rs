//! Removes a service account.

use super::{account, guard_found_account};
use crate::{
    App,
    access::scope_in,
    audit::{self, Event, changes},
};
use keystead_domain::{Caller, OrganizationId, Result, ServiceAccountId, access::Action};

/// Which service account to remove.
#[derive(Clone, Debug)]
pub struct DeleteServiceAccount {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Which.
    pub account: ServiceAccountId,
    /// The version that was read.
    pub version: i64,
}

/// Removes a service account with its keys, which open nothing from then on. The audit trail keeps its identifier.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `PreconditionFailed`.
pub async fn delete_service_account(app: &App, caller: &Caller, input: DeleteServiceAccount) -> Result<()> {
    let DeleteServiceAccount { organization, account: id, version } = input;
    let held = guard_found_account(caller, Action::Delete, organization, id)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let before = account(&*unit, organization, id).await?;
    held.release()?;
    unit.service_accounts().delete(organization, id, version).await?;
    let event =
        Event::new(caller, "service_account.deleted", "service_accounts").resource(id).changed(changes(&before, &())?);
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await
}
