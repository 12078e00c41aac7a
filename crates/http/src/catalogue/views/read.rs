//! `GET /views/{view_id}`.

use super::view::View;
use crate::{
    AppState,
    input::{Id, Signed},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::extract::State;
use keystead_domain::{ViewId, access};
use keystead_service::catalogue;

/// Shows a view.
#[utoipa::path(
    get, path = "/views/{view_id}", tag = "catalogue",
    params(("view_id" = Uuid, Path, description = "The view."), openapi::Unless),
    responses((status = 200, description = "The view.", body = View, headers(("ETag" = String))))
)]
pub(crate) async fn get_view(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<ViewId>,
) -> Result<Versioned<View>, Problem> {
    let body = View::from(catalogue::get_item::<access::View>(state.app(), &caller, id).await?);
    Ok(Versioned(body.version, body))
}
