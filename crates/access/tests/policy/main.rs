//! Policies of Casbin rules, seen from outside.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod allocation;
mod bad_input;
mod casbin_shapes;
mod changes;
mod differential;
mod explanations;
mod functions;
mod fuzz;
mod naive;
mod support;
mod three_values;
