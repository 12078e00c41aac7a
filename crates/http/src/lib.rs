//! The HTTP edge: routes, problem details, OpenAPI.
//!
//! The way of a request: [`router`] → the layers of `edge` → a handler, which takes what it needs through `input`, calls one use
//! case and answers through `reply` or a `problem`. Handlers decide nothing.

mod access;
mod accounts;
mod audit;
mod authzen;
mod catalogue;
pub mod documents;
mod edge;
mod health;
mod importing;
mod input;
mod invitations;
mod jobs;
mod keys;
mod metrics;
mod navigation;
mod openapi;
mod organizations;
mod pages;
mod problem;
mod reply;
mod routes;
#[cfg(test)]
mod routes_tests;
mod service_accounts;
mod sessions;
mod settings;
mod state;
mod teams;
#[cfg(test)]
mod testing;
mod user_levels;

pub use metrics::{install_recorder, keep_up, metrics_router};
pub use routes::{openapi_document, router, surrounded};
pub use settings::HttpSettings;
pub use state::AppState;
