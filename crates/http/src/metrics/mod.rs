//! Figures for Prometheus.

mod figures;
mod names;
mod recorder;
mod requests;
mod route;

pub(crate) use figures::Figures;
pub use recorder::{install_recorder, keep_up};
pub(crate) use requests::InFlight;
pub use route::metrics_router;
pub(crate) use route::routes;
