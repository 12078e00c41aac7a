//! The keystead binary: wiring, configuration, commands.
//!
//! This is the only place that puts the floors together: it chooses a store, makes the service on it and the HTTP edge on that.

pub mod cli;
mod commands;
pub mod config;
mod data;
mod listen;
mod logging;
mod open;
mod origins;
mod secrets;
mod signals;
mod wiring;

pub use commands::run;
