//! Migrations, drift, row-level security and roles, on SQLite and on a real PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod audit;
mod drift;
mod generated;
mod health;
mod isolation;
mod place;
mod roles;
mod run;
