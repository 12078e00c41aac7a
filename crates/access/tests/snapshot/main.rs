//! Snapshots, seen from outside.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod agreement;
mod allocation;
mod chance;
mod examples;
mod in_time;
mod listing;
mod naive;
mod naive_rules;
mod privilege;
mod questions;
mod snapshots;
mod steps;
mod world;
