//! The HTTP edge: routes, problem details, OpenAPI.

mod edge;
mod input;
mod metrics;
mod openapi;
mod problem;
mod settings;

pub use metrics::{install_recorder, keep_up};
pub use settings::HttpSettings;
