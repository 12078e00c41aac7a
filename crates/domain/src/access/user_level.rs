//! What an organization has of the catalogue, and its user levels.

use crate::{
    FeatureId, FeaturePermissionId, ModuleId, OrganizationId, OrganizationModuleId, Timestamp, UserId, UserLevelId,
    ViewId, ViewPermissionId,
};
use serde::{Deserialize, Serialize};

/// Whether a permission of a user level opens or closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PermissionValue {
    /// It opens.
    Allow,
    /// It closes, whatever else opens.
    Deny,
}
crate::text_enum!(PermissionValue { Allow = "allow", Deny = "deny" });

/// Whose resources a permission of a user level reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LevelScope {
    /// Those that the person owns.
    Own,
    /// Those of the person's teams.
    Team,
    /// Those of the organization.
    Organization,
}
crate::text_enum!(LevelScope { Own = "own", Team = "team", Organization = "organization" });

/// Who changes what user levels permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelEditor {
    /// Those who run the installation: they change every row, and say which ones the organization cannot change.
    Platform,
    /// The organization's own managers: rows that are not modifiable stay as they are, and they make only modifiable ones.
    Managers,
}

/// That an organization has a module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationModule {
    /// Its identifier.
    pub id: OrganizationModuleId,
    /// The organization.
    pub organization_id: OrganizationId,
    /// The module, once in each organization.
    pub module_id: ModuleId,
    /// Whether it counts now.
    pub is_active: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change.
    pub version: i64,
}

/// A named bundle of view and feature permissions inside an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserLevel {
    /// Its identifier.
    pub id: UserLevelId,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// Its name, up to 255 characters, unique in the organization.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change.
    pub version: i64,
}

/// That a user level opens or closes a view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewPermission {
    /// Its identifier.
    pub id: ViewPermissionId,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// The user level.
    pub user_level_id: UserLevelId,
    /// The view, once in each user level.
    pub view_id: ViewId,
    /// Whether it opens or closes.
    pub value: PermissionValue,
    /// Whether the organization's own managers may change it.
    pub modifiable: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change.
    pub version: i64,
}

/// That a user level allows or denies an action on a feature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeaturePermission {
    /// Its identifier.
    pub id: FeaturePermissionId,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// The user level.
    pub user_level_id: UserLevelId,
    /// The feature.
    pub feature_id: FeatureId,
    /// What is done, up to 40 characters, once for each feature in each user level.
    pub action: String,
    /// Whether it allows or denies.
    pub value: PermissionValue,
    /// Whose resources it reaches.
    pub scope: LevelScope,
    /// Whether the organization's own managers may change it.
    pub modifiable: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change.
    pub version: i64,
}

/// That a member has a user level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelAssignment {
    /// The organization.
    pub organization_id: OrganizationId,
    /// Who has it.
    pub user_id: UserId,
    /// The user level.
    pub user_level_id: UserLevelId,
    /// When it was given.
    pub created_at: Timestamp,
}
