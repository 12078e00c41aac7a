//! The harness itself: servers start, survive, and leave nothing behind.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod cluster;
mod database;
mod leftovers;
mod programs;
mod tls;
