//! `GET /access/matrix`.

use crate::{
    AppState,
    input::{Query, Signed},
    openapi::words,
    problem::Problem,
    user_levels::{PagedWhose, view::UserLevel},
};
use axum::extract::State;
use keystead_domain::{
    FeatureId, ViewId,
    access::{LevelScope, PermissionValue},
};
use keystead_service::access::user_levels::{self, MatrixRow, ReadMatrix};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of levels with all that they say, and what they may speak about.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccessMatrix {
    /// The levels, oldest first.
    items: Vec<MatrixLevel>,
    /// The features that the organization can reach, and others that these levels speak about, in order of their keys.
    features: Vec<MatrixColumn>,
    /// The views that the organization can reach, and others that these levels speak about, in order of their keys.
    views: Vec<MatrixColumn>,
    /// Pass it as `cursor` for the next page; null on the last one.
    next_cursor: Option<String>,
}

/// A level and all that it says.
#[derive(Serialize, ToSchema)]
pub(crate) struct MatrixLevel {
    /// The level.
    user_level: UserLevel,
    /// What it says about features, in order of feature and action.
    features: Vec<FeatureCell>,
    /// What it says about views, in order of the views.
    views: Vec<ViewCell>,
}

/// What a level says about an action on a feature.
#[derive(Serialize, ToSchema)]
pub(crate) struct FeatureCell {
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
    /// Its version, for a change.
    version: i64,
}

/// What a level says about a view.
#[derive(Serialize, ToSchema)]
pub(crate) struct ViewCell {
    /// The view.
    #[schema(value_type = Uuid)]
    view_id: ViewId,
    /// Whether it opens or closes.
    #[schema(schema_with = words::permission_value)]
    value: PermissionValue,
    /// Whether the organization may change it.
    modifiable: bool,
    /// Its version, for a change.
    version: i64,
}

/// A feature or view that levels may speak about.
#[derive(Serialize, ToSchema)]
pub(crate) struct MatrixColumn {
    /// Its identifier.
    id: uuid::Uuid,
    /// The word by which programs name it.
    key: String,
    /// Its name, for people.
    name: String,
    /// Whether it is active, and in an active module that the organization has: only then counts what levels say about it.
    reachable: bool,
}

impl From<MatrixRow> for MatrixLevel {
    fn from(row: MatrixRow) -> Self {
        let features = row.features.into_iter().map(|cell| FeatureCell {
            feature_id: cell.feature_id,
            action: cell.action,
            value: cell.value,
            scope: cell.scope,
            modifiable: cell.modifiable,
            version: cell.version,
        });
        let views = row.views.into_iter().map(|cell| ViewCell {
            view_id: cell.view_id,
            value: cell.value,
            modifiable: cell.modifiable,
            version: cell.version,
        });
        Self { user_level: row.level.into(), features: features.collect(), views: views.collect() }
    }
}

/// Shows the matrix of levels × features × actions and of levels × views, for whoever edits it. A page has at most 20 levels.
#[utoipa::path(
    get, path = "/access/matrix", tag = "access", params(PagedWhose),
    responses((status = 200, description = "A page of it.", body = AccessMatrix))
)]
pub(crate) async fn get_access_matrix(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<PagedWhose>,
) -> Result<axum::Json<AccessMatrix>, Problem> {
    let (organization, page) = query.input(&caller)?;
    let matrix = user_levels::read_access_matrix(state.app(), &caller, ReadMatrix { organization, page }).await?;
    let features = matrix.features.into_iter().map(|column| MatrixColumn {
        id: column.feature.id.as_uuid(),
        key: column.feature.key,
        name: column.feature.name,
        reachable: column.reachable,
    });
    let views = matrix.views.into_iter().map(|column| MatrixColumn {
        id: column.view.id.as_uuid(),
        key: column.view.key,
        name: column.view.name,
        reachable: column.reachable,
    });
    Ok(axum::Json(AccessMatrix {
        items: matrix.levels.items.into_iter().map(MatrixLevel::from).collect(),
        features: features.collect(),
        views: views.collect(),
        next_cursor: matrix.levels.next_cursor,
    }))
}
