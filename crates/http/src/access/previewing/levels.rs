//! What a user level would say.

use crate::openapi::words;
use keystead_domain::{
    FeatureId, UserLevelId, ViewId,
    access::{LevelScope, PermissionValue},
};
use keystead_service::access::{
    previewing::Change,
    user_levels::{Cell, CellChange},
};
use serde::Deserialize;
use utoipa::ToSchema;

/// What a user level would say of views.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ViewsOfLevel {
    /// The user level.
    #[schema(value_type = Uuid)]
    user_level_id: UserLevelId,
    /// Each view once.
    #[schema(max_items = 500)]
    permissions: Vec<ViewOfLevel>,
}

/// What a user level would say of a view.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ViewOfLevel {
    /// The view.
    #[schema(value_type = Uuid)]
    view_id: ViewId,
    /// Whether it opens or closes; null takes away what the level says.
    #[schema(schema_with = words::permission_value_or_null)]
    value: Option<PermissionValue>,
}

/// What a user level would say of features.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeaturesOfLevel {
    /// The user level.
    #[schema(value_type = Uuid)]
    user_level_id: UserLevelId,
    /// Each action on a feature once.
    #[schema(max_items = 500)]
    permissions: Vec<FeatureOfLevel>,
}

/// What a user level would say of an action on a feature.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeatureOfLevel {
    /// The feature.
    #[schema(value_type = Uuid)]
    feature_id: FeatureId,
    /// What is done.
    #[schema(min_length = 1, max_length = 40, pattern = "^[!-~]{1,40}$", example = "read")]
    action: String,
    /// Whether it allows or denies; null takes away what the level says.
    #[schema(schema_with = words::permission_value_or_null)]
    value: Option<PermissionValue>,
    /// Whose resources it reaches.
    #[serde(default = "widest")]
    #[schema(schema_with = words::level_scope, required = false)]
    scope: LevelScope,
}

const fn widest() -> LevelScope {
    LevelScope::Organization
}

fn change(cell: Cell, value: Option<PermissionValue>, scope: LevelScope) -> CellChange {
    CellChange { cell, value, scope, modifiable: None, version: None }
}

impl From<ViewsOfLevel> for Change {
    fn from(views: ViewsOfLevel) -> Self {
        let changes = views.permissions.into_iter().map(|one| change(Cell::View(one.view_id), one.value, widest()));
        Self::SetLevelPermissions { level: views.user_level_id, of_views: true, changes: changes.collect() }
    }
}

impl From<FeaturesOfLevel> for Change {
    fn from(features: FeaturesOfLevel) -> Self {
        let says = |one: FeatureOfLevel| change(Cell::Feature(one.feature_id, one.action), one.value, one.scope);
        let changes = features.permissions.into_iter().map(says).collect();
        Self::SetLevelPermissions { level: features.user_level_id, of_views: false, changes }
    }
}
