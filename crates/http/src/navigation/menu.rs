//! `GET /me/navigation`.

use super::view::Navigation;
use crate::{AppState, input::Signed, problem::Problem};
use axum::{Json, extract::State};
use keystead_service::navigation;

/// Shows the menu as one sees it: only items whose views are open to one. An item without a view is shown when something
/// under it is.
#[utoipa::path(
    get, path = "/me/navigation", tag = "navigation",
    responses((status = 200, description = "The menu, in its order.", body = Navigation))
)]
pub(crate) async fn get_navigation(
    State(state): State<AppState>,
    Signed(caller): Signed,
) -> Result<Json<Navigation>, Problem> {
    Ok(Json(Navigation::from(navigation::navigation(state.app(), &caller).await?)))
}
