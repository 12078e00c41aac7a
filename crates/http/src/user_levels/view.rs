//! User levels as the API shows them.

use crate::openapi::words;
use keystead_domain::{
    FeatureId, FeaturePermissionId, OrganizationId, Timestamp, UserId, UserLevelId, ViewId, ViewPermissionId,
    access::{self, LevelScope, PermissionValue},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A named bundle of what members may do with the product's features and which of its views they see.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserLevel {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    pub(crate) id: UserLevelId,
    /// Whose it is.
    #[schema(value_type = Uuid)]
    organization_id: OrganizationId,
    /// Its name, unique in the organization.
    name: String,
    /// What it is for.
    description: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Raised by every change, also of what it permits; the `ETag`.
    pub(crate) version: i64,
}

impl From<access::UserLevel> for UserLevel {
    fn from(level: access::UserLevel) -> Self {
        Self {
            id: level.id,
            organization_id: level.organization_id,
            name: level.name,
            description: level.description,
            created_at: level.created_at,
            updated_at: level.updated_at,
            version: level.version,
        }
    }
}

/// That a user level opens or closes a view.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ViewPermission {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    id: ViewPermissionId,
    /// The user level.
    #[schema(value_type = Uuid)]
    user_level_id: UserLevelId,
    /// The view.
    #[schema(value_type = Uuid)]
    view_id: ViewId,
    /// Whether it opens or closes.
    #[schema(schema_with = words::permission_value)]
    value: PermissionValue,
    /// Whether the organization may change it.
    modifiable: bool,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Raised by every change; the `ETag`.
    pub(crate) version: i64,
}

impl From<access::ViewPermission> for ViewPermission {
    fn from(permission: access::ViewPermission) -> Self {
        Self {
            id: permission.id,
            user_level_id: permission.user_level_id,
            view_id: permission.view_id,
            value: permission.value,
            modifiable: permission.modifiable,
            created_at: permission.created_at,
            updated_at: permission.updated_at,
            version: permission.version,
        }
    }
}

/// That a user level allows or denies an action on a feature.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FeaturePermission {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    id: FeaturePermissionId,
    /// The user level.
    #[schema(value_type = Uuid)]
    user_level_id: UserLevelId,
    /// The feature.
    #[schema(value_type = Uuid)]
    feature_id: FeatureId,
    /// What is done.
    action: String,
    /// Whether it allows or denies.
    #[schema(schema_with = words::permission_value)]
    value: PermissionValue,
    /// Whose resources it reaches.
    #[schema(schema_with = words::level_scope)]
    scope: LevelScope,
    /// Whether the organization may change it.
    modifiable: bool,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Raised by every change; the `ETag`.
    pub(crate) version: i64,
}

impl From<access::FeaturePermission> for FeaturePermission {
    fn from(permission: access::FeaturePermission) -> Self {
        Self {
            id: permission.id,
            user_level_id: permission.user_level_id,
            feature_id: permission.feature_id,
            action: permission.action,
            value: permission.value,
            scope: permission.scope,
            modifiable: permission.modifiable,
            created_at: permission.created_at,
            updated_at: permission.updated_at,
            version: permission.version,
        }
    }
}

/// That a member has a user level.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LevelMember {
    /// The user level.
    #[schema(value_type = Uuid)]
    user_level_id: UserLevelId,
    /// The person.
    #[schema(value_type = Uuid)]
    user_id: UserId,
    /// When it was given.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<access::LevelAssignment> for LevelMember {
    fn from(given: access::LevelAssignment) -> Self {
        Self { user_level_id: given.user_level_id, user_id: given.user_id, created_at: given.created_at }
    }
}
