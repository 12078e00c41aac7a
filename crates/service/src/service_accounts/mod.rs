//! Service accounts: programs that call on behalf of an organization, and the keys that they call with.

mod authenticate;
mod create;
mod delete;
mod get;
mod grants;
pub mod keys;
mod list;
mod update;
mod usage;

pub(crate) use authenticate::key_again;
pub use authenticate::{authenticate_key, is_api_key};
pub use create::{CreateServiceAccount, CreatedServiceAccount, create_service_account};
pub use delete::{DeleteServiceAccount, delete_service_account};
pub use get::get_service_account;
pub(crate) use grants::key_grants;
pub use list::{ListServiceAccounts, list_service_accounts};
pub use update::{UpdateServiceAccount, update_service_account};
pub(crate) use usage::KeyUsage;

use crate::access::{Held, Resource, guard, guard_here, hold};
use keystead_domain::{
    Caller, Error, OrganizationId, Result, ServiceAccountId, access::Action, accounts::ServiceAccount,
};
use keystead_store::UnitOfWork;

/// Asks the guard for `action` on the service account, which is still to be found.
fn guard_found_account(
    caller: &Caller,
    action: Action,
    organization: OrganizationId,
    id: ServiceAccountId,
) -> Result<Held> {
    hold(guard_account(caller, action, organization, id))
}

/// Asks the guard for `action` on the service account, or on its keys.
fn guard_account(caller: &Caller, action: Action, organization: OrganizationId, id: ServiceAccountId) -> Result<()> {
    guard_here(caller, organization)?;
    guard(caller, action, &Resource::one("service_accounts", id.as_uuid(), organization))
}

async fn account(unit: &dyn UnitOfWork, organization: OrganizationId, id: ServiceAccountId) -> Result<ServiceAccount> {
    unit.service_accounts().find(organization, id).await?.ok_or_else(|| Error::not_found("service account"))
}
