//! `PUT /modules`.

use super::view::Module;
use crate::{
    AppState,
    catalogue::{filter::active, outcome::Outcome},
    input::{Json, Signed},
    problem::Problem,
};
use axum::extract::State;
use keystead_domain::access;
use keystead_service::catalogue::{self, ModuleFields, PutItem};
use serde::Deserialize;
use utoipa::ToSchema;

/// Modules that are to be there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PutModules {
    /// What is to be there. No key stands there twice.
    #[schema(min_items = 1, max_items = 1000)]
    items: Vec<PutModule>,
}

/// A module that is to be there, whole: what is absent is taken away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PutModule {
    /// The word by which programs name it, unique among modules.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", example = "sales")]
    key: String,
    /// Its name, for people.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// What it is for.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// The name of its icon.
    #[schema(max_length = 100)]
    icon: Option<String>,
    /// Its place among the others: the smaller, the earlier. 0 when nothing is said.
    #[serde(default)]
    order_index: i32,
    /// Whether anyone can reach what is in it. It is unless said otherwise.
    #[serde(default = "active")]
    is_active: bool,
    /// The version that was read: given, the whole request is refused with 412 when it is not the current one.
    version: Option<i64>,
}

impl From<PutModule> for PutItem<access::Module> {
    fn from(put: PutModule) -> Self {
        let PutModule { key, name, description, icon, order_index, is_active, version } = put;
        Self { fields: ModuleFields { key, name, description, icon, order_index, is_active }, version }
    }
}

/// Makes or changes many modules at once, by their keys, all or none. Those that are not named stay.
#[utoipa::path(
    put, path = "/modules", tag = "catalogue", request_body = PutModules,
    responses(
        (status = 200, description = "They as they are now, in the order given.", body = Outcome<Module>),
        (status = 412, description = "One of them has another version than the one that was read."),
    )
)]
pub(crate) async fn put_modules(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Json { value, .. }: Json<PutModules>,
) -> Result<axum::Json<Outcome<Module>>, Problem> {
    let items = value.items.into_iter().map(Into::into).collect();
    let done = catalogue::put_items::<access::Module>(state.app(), &caller, items).await?;
    Ok(axum::Json(Outcome::of(done, Module::from)))
}
