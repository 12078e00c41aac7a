//! Keys of service accounts.

mod create;
#[cfg(test)]
pub(crate) mod fixtures;
mod get;
mod list;
mod new_key;
mod revoke;
mod rotate;
mod scopes;

pub use create::{CreateApiKey, create_api_key};
pub use get::get_api_key;
pub use list::{ListApiKeys, list_api_keys};
pub use new_key::CreatedKey;
pub(super) use new_key::insert_key;
pub use revoke::revoke_api_key;
pub use rotate::{MOST_OVERLAP_SECONDS, RotateApiKey, RotatedKey, rotate_api_key};
pub(super) use scopes::check_scopes;
pub use scopes::{KeyTerms, MOST_SCOPES};

use keystead_domain::{
    ApiKeyId, Error, ErrorKind, OrganizationId, Result, ServiceAccountId,
    accounts::{ApiKey, ServiceAccount},
};
use keystead_store::UnitOfWork;

/// A key of this account; one of another account's is none.
async fn api_key(
    unit: &dyn UnitOfWork,
    organization: OrganizationId,
    account: ServiceAccountId,
    id: ApiKeyId,
) -> Result<ApiKey> {
    let found = unit.api_keys().find(organization, id).await?;
    found.filter(|key| key.service_account_id == account).ok_or_else(|| Error::not_found("key"))
}

/// New keys are for accounts that are in use.
fn ensure_active(account: &ServiceAccount) -> Result<()> {
    if account.is_active {
        return Ok(());
    }
    let message = "This service account is disabled: enable it first (PATCH with is_active).";
    Err(Error::conflict("service_account_disabled", message))
}

/// Writes `changed`; whoever names no version is told otherwise that somebody else was faster.
async fn change_key(unit: &dyn UnitOfWork, organization: OrganizationId, changed: &ApiKey) -> Result<ApiKey> {
    unit.api_keys().update(organization, changed).await.map_err(|error| {
        if error.is(ErrorKind::PreconditionFailed) {
            return Error::conflict(
                "api_key_changed",
                "This key was changed at this moment: look at it and try again.",
            );
        }
        error
    })
}
