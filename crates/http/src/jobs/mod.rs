//! Background jobs and their schedules.

mod act;
mod list;
mod read;
mod schedules;
pub(crate) mod view;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_jobs))
        .routes(routes!(read::get_job))
        .routes(routes!(act::retry_job))
        .routes(routes!(act::cancel_job))
        .routes(routes!(schedules::list_schedules))
}
