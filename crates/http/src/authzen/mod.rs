//! The OpenID AuthZEN Authorization API 1.0: what products ask.

mod body;
mod configuration;
mod evaluation;
mod evaluations;
pub(crate) mod input;
mod search;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(configuration::authzen_configuration))
        .routes(routes!(evaluation::evaluate))
        .routes(routes!(evaluations::evaluate_many))
        .routes(routes!(search::search_subjects))
        .routes(routes!(search::search_resources))
        .routes(routes!(search::search_actions))
}
