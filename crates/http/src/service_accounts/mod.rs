//! Service accounts and their keys.

mod change;
mod create;
mod keys;
mod list;
mod make_key;
mod read;
mod rotate;
pub(crate) mod view;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_service_accounts, create::create_service_account))
        .routes(routes!(read::get_service_account, change::update_service_account, change::delete_service_account))
        .routes(routes!(keys::list_api_keys, make_key::create_api_key))
        .routes(routes!(keys::get_api_key, keys::revoke_api_key))
        .routes(routes!(rotate::rotate_api_key))
}
