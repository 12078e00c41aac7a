//! The server as its users meet it: the real binary, over HTTP, on every store.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test says so loudly")]
#![allow(unreachable_pub, reason = "a test has no outside")]

mod access_commands;
mod access_set;
mod access_version;
mod audit_decisions;
mod audit_reads;
mod authzen;
mod bdd;
mod clients;
mod closed_accounts;
mod command;
mod command_line;
mod connections;
mod database_roles;
mod deciding;
mod edges;
mod effective;
mod held_connections;
mod kill;
mod metrics;
mod operations;
mod outage;
mod policy;
mod preview;
mod proxies;
mod registration_flood;
mod schemathesis;
mod secrets;
mod shutdown;
mod sign_in_first;
mod sign_in_flood;
mod sign_in_lockout;
mod sign_in_races;
mod sign_in_rehash;
mod sign_in_same_answer;
mod sign_in_sessions;
mod slow_bodies;
mod start;
mod storm;
mod strange_names;
mod support;
mod two_servers;
