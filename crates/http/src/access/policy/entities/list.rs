//! `GET /access/entities`.

use super::view::PolicyEntity;
use crate::{
    AppState,
    input::{Query, Signed, page_input},
    problem::Problem,
    reply::Page,
};
use axum::extract::State;
use keystead_service::access::policy::entities::{self, ListEntities};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which entities, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EntityQuery {
    /// At most so many items; 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Only those of this type.
    #[serde(rename = "type")]
    #[param(rename = "type", max_length = 64)]
    kind: Option<String>,
}

/// Lists the entities that the organization's decisions and searches know. Keystead's own users and resources are known without
/// being among them.
#[utoipa::path(
    get, path = "/access/entities", tag = "access", params(EntityQuery),
    responses((status = 200, description = "A page of them, oldest first.", body = Page<PolicyEntity>))
)]
pub(crate) async fn list_entities(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<EntityQuery>,
) -> Result<Page<PolicyEntity>, Problem> {
    let page = page_input(query.limit, query.cursor)?;
    let input = ListEntities { organization: caller.organization_id, kind: query.kind, page };
    Ok(Page::of(entities::list_entities(state.app(), &caller, input).await?, PolicyEntity::from))
}
