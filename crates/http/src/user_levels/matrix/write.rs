//! `PUT /access/matrix`.

use crate::{
    AppState,
    input::{Json, Signed, Whose, nullable},
    openapi::words,
    problem::Problem,
    user_levels::view::UserLevel,
};
use axum::extract::State;
use keystead_domain::{
    FeatureId, UserLevelId, ViewId,
    access::{LevelScope, PermissionValue},
};
use keystead_service::access::user_levels::{self, Cell, CellChange, ChangeMatrix, LevelChange};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The cells that were changed, at most 500 together.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MatrixChange {
    /// Of features.
    #[serde(default)]
    #[schema(max_items = 500)]
    features: Vec<FeatureCellChange>,
    /// Of views.
    #[serde(default)]
    #[schema(max_items = 500)]
    views: Vec<ViewCellChange>,
}

/// What a level is to say about an action on a feature.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeatureCellChange {
    /// The level.
    #[schema(value_type = Uuid)]
    user_level_id: UserLevelId,
    /// The feature.
    #[schema(value_type = Uuid)]
    feature_id: FeatureId,
    /// What is done.
    #[schema(min_length = 1, max_length = 40, pattern = "^[!-~]{1,40}$", example = "read")]
    action: String,
    /// Whether it allows or denies; null when it is to say nothing.
    #[serde(deserialize_with = "nullable")]
    #[schema(schema_with = words::permission_value_or_null, required = true)]
    value: Option<PermissionValue>,
    /// Whose resources it reaches; the organization's when absent.
    #[schema(schema_with = words::level_scope_or_null, required = false)]
    scope: Option<LevelScope>,
    /// Whether the organization may change it; it stays as it is when absent. Only the platform says false.
    modifiable: Option<bool>,
    /// The version that was read, 0 where the cell was empty: 412 when it is another one now. Absent, whatever is there is
    /// overwritten.
    #[schema(minimum = 0)]
    version: Option<i64>,
}

/// What a level is to say about a view.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ViewCellChange {
    /// The level.
    #[schema(value_type = Uuid)]
    user_level_id: UserLevelId,
    /// The view.
    #[schema(value_type = Uuid)]
    view_id: ViewId,
    /// Whether it opens or closes; null when it is to say nothing.
    #[serde(deserialize_with = "nullable")]
    #[schema(schema_with = words::permission_value_or_null, required = true)]
    value: Option<PermissionValue>,
    /// Whether the organization may change it; it stays as it is when absent. Only the platform says false.
    modifiable: Option<bool>,
    /// The version that was read, 0 where the cell was empty: 412 when it is another one now. Absent, whatever is there is
    /// overwritten.
    #[schema(minimum = 0)]
    version: Option<i64>,
}

impl From<FeatureCellChange> for LevelChange {
    fn from(cell: FeatureCellChange) -> Self {
        let change = CellChange {
            cell: Cell::Feature(cell.feature_id, cell.action),
            value: cell.value,
            scope: cell.scope.unwrap_or(LevelScope::Organization),
            modifiable: cell.modifiable,
            version: cell.version,
        };
        Self { level: cell.user_level_id, change }
    }
}

impl From<ViewCellChange> for LevelChange {
    fn from(cell: ViewCellChange) -> Self {
        let change = CellChange {
            cell: Cell::View(cell.view_id),
            value: cell.value,
            scope: LevelScope::Organization,
            modifiable: cell.modifiable,
            version: cell.version,
        };
        Self { level: cell.user_level_id, change }
    }
}

/// The levels whose cells were named.
#[derive(Serialize, ToSchema)]
pub(crate) struct MatrixChanged {
    /// They, as they are now, oldest first.
    user_levels: Vec<UserLevel>,
}

/// Writes changed cells of the matrix, all of them or none.
#[utoipa::path(
    put, path = "/access/matrix", tag = "access", request_body = MatrixChange, params(Whose),
    responses(
        (status = 200, description = "The levels whose cells were named.", body = MatrixChanged),
        (status = 412, description = "A cell has another version than the one that was read."),
    )
)]
pub(crate) async fn change_access_matrix(
    State(state): State<AppState>,
    Signed(caller): Signed,
    whose: Whose,
    Json { value, .. }: Json<MatrixChange>,
) -> Result<axum::Json<MatrixChanged>, Problem> {
    let MatrixChange { features, views } = value;
    let organization = whose.organization_id.unwrap_or(caller.organization_id);
    let changes = features.into_iter().map(LevelChange::from).chain(views.into_iter().map(LevelChange::from)).collect();
    let input = ChangeMatrix { organization, changes };
    let levels = user_levels::change_access_matrix(state.app(), &caller, input).await?;
    Ok(axum::Json(MatrixChanged { user_levels: levels.into_iter().map(UserLevel::from).collect() }))
}
