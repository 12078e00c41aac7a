//! For tests only: an ephemeral PostgreSQL, an application under test, builders.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test harness reports a broken environment by panicking loudly"
)]

pub mod postgres;
pub mod python;
pub mod sqlite;
