//! `GET` and `DELETE /access/entities/{entity_type}/{entity_id}`.

use super::view::PolicyEntity;
use crate::{
    AppState,
    input::{Id, IfMatch, Signed},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::{extract::State, http::StatusCode};
use keystead_service::access::policy::entities::{self, DeleteEntity, EntityName};

/// Shows an entity.
#[utoipa::path(
    get, path = "/access/entities/{entity_type}/{entity_id}", tag = "access",
    params(
        ("entity_type" = String, Path, description = "What it is."),
        ("entity_id" = String, Path, description = "Its own identifier."),
        openapi::Unless,
    ),
    responses((status = 200, description = "The entity.", body = PolicyEntity, headers(("ETag" = String))))
)]
pub(crate) async fn get_entity(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((kind, id)): Id<(String, String)>,
) -> Result<Versioned<PolicyEntity>, Problem> {
    let name = EntityName { kind, id };
    let found = entities::get_entity(state.app(), &caller, caller.organization_id, name).await?;
    let body = PolicyEntity::from(found);
    Ok(Versioned(body.version, body))
}

/// Removes an entity. Decisions may still be asked about it; they know of it then what is sent.
#[utoipa::path(
    delete, path = "/access/entities/{entity_type}/{entity_id}", tag = "access",
    params(
        ("entity_type" = String, Path, description = "What it is."),
        ("entity_id" = String, Path, description = "Its own identifier."),
        openapi::Revision,
    ),
    responses((status = 204, description = "Removed."))
)]
pub(crate) async fn delete_entity(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((kind, id)): Id<(String, String)>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    let name = EntityName { kind, id };
    let input = DeleteEntity { organization: caller.organization_id, name, version };
    entities::delete_entity(state.app(), &caller, input).await?;
    Ok(StatusCode::NO_CONTENT)
}
