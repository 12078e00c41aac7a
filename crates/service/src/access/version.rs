//! How often what decides in an organization has changed.

use crate::App;
use keystead_domain::{OrganizationId, Result};

/// The access version of `organization`: raised by every write that may change a decision there, in its own transaction.
///
/// # Errors
/// Only when the store fails.
pub async fn access_version(app: &App, organization: OrganizationId) -> Result<i64> {
    let versions = app.store.access_versions(&[organization]).await?;
    Ok(versions.first().map_or(0, |(_, version)| *version))
}
