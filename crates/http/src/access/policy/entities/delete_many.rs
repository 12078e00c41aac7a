//! `POST /access/entities/delete`.

use super::view::EntityName;
use crate::{
    AppState,
    input::{Json, Signed},
    problem::Problem,
    reply::Deleted,
};
use axum::extract::State;
use keystead_service::access::policy::entities::{self, DeleteEntities};
use serde::Deserialize;
use utoipa::ToSchema;

/// Entities that are to be removed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EntitiesToDelete {
    /// Their names. If one of them is not there, none is removed.
    #[schema(max_items = 10000)]
    entities: Vec<EntityName>,
}

impl From<EntitiesToDelete> for Vec<entities::EntityName> {
    fn from(named: EntitiesToDelete) -> Self {
        named.entities.into_iter().map(EntityName::into).collect()
    }
}

/// Removes several entities, all or none.
#[utoipa::path(
    post, path = "/access/entities/delete", tag = "access", request_body = EntitiesToDelete,
    responses((status = 200, description = "How many were removed.", body = Deleted))
)]
pub(crate) async fn delete_entities(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Json { value, .. }: Json<EntitiesToDelete>,
) -> Result<axum::Json<Deleted>, Problem> {
    let input = DeleteEntities { organization: caller.organization_id, names: value.into() };
    Ok(axum::Json(Deleted { deleted: entities::delete_entities(state.app(), &caller, input).await? }))
}
