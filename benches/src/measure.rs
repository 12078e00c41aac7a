//! What is measured.

mod engine;
mod evaluation;
mod evaluations;
mod failures;
mod growth;
mod iam;
mod me;
mod read;
mod refresh;
mod search;
mod sign_in;
mod start;

use crate::{Plan, report::Figure};

pub(crate) const NAMES: &[&str] = &[
    "sign_in",
    "refresh",
    "read",
    "me",
    "start",
    "failures",
    "growth",
    "iam",
    "engine",
    "evaluation",
    "evaluations",
    "search",
];

pub(crate) async fn take(name: &str, plan: &Plan) -> Vec<Figure> {
    match name {
        "sign_in" => sign_in::measure(plan).await,
        "refresh" => refresh::measure(plan).await,
        "read" => read::measure(plan).await,
        "me" => me::measure(plan).await,
        "start" => start::measure(plan).await,
        "failures" => failures::measure(plan).await,
        "growth" => growth::measure(plan).await,
        "iam" => iam::measure(plan).await,
        "engine" => engine::measure(plan).await,
        "evaluation" => evaluation::measure(plan).await,
        "evaluations" => evaluations::measure(plan).await,
        "search" => search::measure(plan).await,
        _ => Vec::new(),
    }
}
