//! An organization's modules as the API shows them.

use keystead_domain::{ModuleId, OrganizationId, OrganizationModuleId, Timestamp, access};
use serde::Serialize;
use utoipa::ToSchema;

/// That an organization has a module.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrganizationModule {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    id: OrganizationModuleId,
    /// The organization.
    #[schema(value_type = Uuid)]
    organization_id: OrganizationId,
    /// The module.
    #[schema(value_type = Uuid)]
    module_id: ModuleId,
    /// Whether it counts now.
    is_active: bool,
    /// When the organization got it.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Raised by every change.
    version: i64,
}

impl From<access::OrganizationModule> for OrganizationModule {
    fn from(row: access::OrganizationModule) -> Self {
        let access::OrganizationModule { id, organization_id, module_id, is_active, created_at, updated_at, version } =
            row;
        Self { id, organization_id, module_id, is_active, created_at, updated_at, version }
    }
}
