//! Measures the product against its floors, each as a ratio in one run. `cargo xtask bench` builds and calls it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement that cannot be taken ends the run"
)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is a program for the terminal, never part of the server"
)]
#![allow(clippy::disallowed_methods, reason = "here time is measured")]

mod chance;
mod floor;
mod machine;
mod measure;
mod pgbench;
mod place;
mod product;
mod questions;
mod report;
mod rounds;
mod rules;
mod seed;
mod wire;

use clap::Parser;
use report::{Figure, Report};
use std::{path::PathBuf, process::ExitCode, time::Duration};

/// Measures the product against its floors.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask bench",
    after_help = "Examples:\n  cargo xtask bench                       everything\n  \
                  cargo xtask bench --only refresh,me     two of them\n  \
                  cargo xtask bench --write               and put the figures into docs/benchmarks.md"
)]
struct Cli {
    /// Only these, by name.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Short and rough, to see that everything runs.
    #[arg(long)]
    quick: bool,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
    /// Put the figures into the page of the book.
    #[arg(long)]
    write: bool,
    /// The server's program, built for release.
    #[arg(long, env = "KEYSTEAD_BENCH_SERVER", hide = true)]
    server: PathBuf,
    /// The page of the book.
    #[arg(long, env = "KEYSTEAD_BENCH_PAGE", hide = true)]
    page: PathBuf,
}

/// How thoroughly to measure.
#[derive(Clone, Debug)]
struct Plan {
    server: PathBuf,
    /// How long each turn of a floor or of the product lasts.
    turn: Duration,
    /// How many turns each of the two has.
    rounds: usize,
    /// Users in the large store.
    many_users: u32,
    /// Tries of each refused sign-in, and of whatever else is timed one by one.
    tries: usize,
    /// Policy rules in the large organization.
    rules: u64,
}

impl Plan {
    fn of(cli: &Cli) -> Self {
        let server = cli.server.clone();
        if cli.quick {
            Self { server, turn: Duration::from_millis(700), rounds: 2, many_users: 20_000, tries: 50, rules: 10_000 }
        } else {
            Self {
                server,
                turn: Duration::from_secs(5),
                rounds: 5,
                many_users: 1_000_000,
                tries: 1_000,
                rules: 100_000,
            }
        }
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let plan = Plan::of(&cli);
    if let Some(unknown) = cli.only.iter().find(|name| !measure::NAMES.contains(&name.as_str())) {
        eprintln!("There is no measurement {unknown}. There are: {}.", measure::NAMES.join(", "));
        return ExitCode::FAILURE;
    }
    let mut figures: Vec<Figure> = Vec::new();
    for name in measure::NAMES {
        if cli.only.is_empty() || cli.only.iter().any(|only| only == name) {
            eprintln!("measuring {name} …");
            let taken = measure::take(name, &plan).await;
            for figure in &taken {
                eprintln!("  {}", figure.line());
            }
            figures.extend(taken);
        }
    }
    let report = Report { machine: machine::describe(), figures };
    if cli.json {
        println!("{}", serde_json::to_string_pretty(&report).unwrap());
    } else {
        println!("{}", report.table());
    }
    if cli.write {
        report.write(&cli.page, cli.quick);
    }
    if report.missed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
