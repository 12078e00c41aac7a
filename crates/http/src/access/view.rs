//! Roles and permissions as the API shows them.

use crate::openapi::words;
use keystead_domain::{OrganizationId, PermissionId, RoleId, Timestamp, access};
use serde::Serialize;
use utoipa::ToSchema;

/// A named set of permissions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Role {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    pub(crate) id: RoleId,
    /// Whose it is; the platform's are inherited by everyone.
    #[schema(value_type = Uuid)]
    organization_id: OrganizationId,
    /// Its name, unique in its organization.
    name: String,
    /// What it is for.
    description: Option<String>,
    /// Whether it was made by the system and cannot be changed.
    is_builtin: bool,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Raised by every change, also of its permissions; the `ETag`.
    pub(crate) version: i64,
}

impl From<access::Role> for Role {
    fn from(role: access::Role) -> Self {
        Self {
            id: role.id,
            organization_id: role.organization_id,
            name: role.name,
            description: role.description,
            is_builtin: role.is_builtin,
            created_at: role.created_at,
            updated_at: role.updated_at,
            version: role.version,
        }
    }
}

/// Something that a role may allow: `resource:action:scope`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Permission {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    pub(crate) id: PermissionId,
    /// Whose it is; the platform's are inherited by everyone.
    #[schema(value_type = Uuid)]
    organization_id: OrganizationId,
    /// `resource:action:scope`.
    name: String,
    /// What it is about.
    resource: String,
    /// What may be done.
    action: String,
    /// Whose resources it reaches.
    #[schema(schema_with = words::permission_scope)]
    scope: access::PermissionScope,
    /// What it is for.
    description: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<access::Permission> for Permission {
    fn from(permission: access::Permission) -> Self {
        Self {
            id: permission.id,
            organization_id: permission.organization_id,
            name: permission.name(),
            resource: permission.resource,
            action: permission.action,
            scope: permission.scope,
            description: permission.description,
            created_at: permission.created_at,
        }
    }
}
