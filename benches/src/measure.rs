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
use clap::ValueEnum;
use serde::Serialize;

/// Each of them, in the order in which they are taken and shown.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub(crate) enum Measure {
    /// Sign-ins against the bare hash.
    SignIn,
    /// Refreshing against pgbench.
    Refresh,
    /// Reading one row against pgbench.
    Read,
    /// `GET /me` against one statement.
    Me,
    /// From start to ready, and memory.
    Start,
    /// Whether refused sign-ins take the same time.
    Failures,
    /// A million people against a thousand.
    Growth,
    /// User levels against published figures.
    Iam,
    /// The decision engine alone.
    Engine,
    /// One decision over HTTP.
    Evaluation,
    /// A hundred decisions a request.
    Evaluations,
    /// Searches over ten thousand.
    Search,
}

impl Measure {
    /// As it is called on the command line and in the page.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().unwrap().get_name().to_owned()
    }

    pub(crate) async fn take(self, plan: &Plan) -> Vec<Figure> {
        match self {
            Self::SignIn => sign_in::measure(plan).await,
            Self::Refresh => refresh::measure(plan).await,
            Self::Read => read::measure(plan).await,
            Self::Me => me::measure(plan).await,
            Self::Start => start::measure(plan).await,
            Self::Failures => failures::measure(plan).await,
            Self::Growth => growth::measure(plan).await,
            Self::Iam => iam::measure(plan).await,
            Self::Engine => engine::measure(plan).await,
            Self::Evaluation => evaluation::measure(plan).await,
            Self::Evaluations => evaluations::measure(plan).await,
            Self::Search => search::measure(plan).await,
        }
    }
}
