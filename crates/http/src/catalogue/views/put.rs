//! `PUT /views`.

use super::view::View;
use crate::{
    AppState,
    catalogue::{filter::active, outcome::Outcome},
    input::{Json, Signed},
    problem::Problem,
};
use axum::extract::State;
use keystead_domain::access;
use keystead_service::catalogue::{self, PutItem, ViewFields};
use serde::Deserialize;
use utoipa::ToSchema;

/// Views that are to be there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PutViews {
    /// What is to be there. No key stands there twice.
    #[schema(min_items = 1, max_items = 1000)]
    items: Vec<PutView>,
}

/// A view that is to be there, whole: what is absent is taken away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PutView {
    /// The word by which programs name it, unique among views.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", example = "orders")]
    key: String,
    /// Its name, for people.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// What it shows.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// Where the product shows it.
    #[schema(max_length = 500)]
    path: Option<String>,
    /// The name of its icon.
    #[schema(max_length = 100)]
    icon: Option<String>,
    /// Whether anyone can reach it. It is unless said otherwise.
    #[serde(default = "active")]
    is_active: bool,
    /// The version that was read: given, the whole request is refused with 412 when it is not the current one.
    version: Option<i64>,
}

impl From<PutView> for PutItem<access::View> {
    fn from(put: PutView) -> Self {
        let PutView { key, name, description, path, icon, is_active, version } = put;
        Self { fields: ViewFields { key, name, description, path, icon, is_active }, version }
    }
}

/// Makes or changes many views at once, by their keys, all or none. Those that are not named stay.
#[utoipa::path(
    put, path = "/views", tag = "catalogue", request_body = PutViews,
    responses(
        (status = 200, description = "They as they are now, in the order given.", body = Outcome<View>),
        (status = 412, description = "One of them has another version than the one that was read."),
    )
)]
pub(crate) async fn put_views(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Json { value, .. }: Json<PutViews>,
) -> Result<axum::Json<Outcome<View>>, Problem> {
    let items = value.items.into_iter().map(Into::into).collect();
    let done = catalogue::put_items::<access::View>(state.app(), &caller, items).await?;
    Ok(axum::Json(Outcome::of(done, View::from)))
}
