//! Figures for Prometheus.

mod recorder;
mod requests;

pub use recorder::{install_recorder, keep_up};
pub(crate) use requests::InFlight;
