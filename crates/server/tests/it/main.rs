//! The server as its users meet it: the real binary, over HTTP, on every store.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test says so loudly")]
#![allow(unreachable_pub, reason = "a test has no outside")]

mod bdd;
mod clients;
mod command;
mod database_roles;
mod kill;
mod outage;
mod schemathesis;
mod secrets;
mod start;
mod storm;
mod support;
mod two_servers;
