//! `GET /access/set`.

use super::view::AccessSet;
use crate::{
    AppState,
    input::{Signed, Wants},
    problem::Problem,
    reply::Document,
};
use axum::extract::State;
use keystead_service::access::set;

/// Exports the organization's access set as one document, as JSON or, asked with `Accept: application/yaml`, as YAML.
///
/// It takes the permissions to read everything that is in it: permissions, roles, modules, user levels, members, model, rules and
/// entities.
#[utoipa::path(
    get, path = "/access/set", tag = "access",
    responses((status = 200, description = "The access set.", content(
        (AccessSet = "application/json"),
        (AccessSet = "application/yaml"),
    )))
)]
pub(crate) async fn export_access_set(
    State(state): State<AppState>,
    Signed(caller): Signed,
    wants: Wants,
) -> Result<Document<AccessSet>, Problem> {
    let set = set::export_access_set(state.app(), &caller, caller.organization_id).await?;
    Ok(Document(wants, set.into()))
}
