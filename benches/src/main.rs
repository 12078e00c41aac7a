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
mod page;
mod pgbench;
mod place;
mod product;
mod questions;
mod report;
mod rounds;
mod rules;
mod seed;
mod wire;

use clap::{Parser, ValueEnum};
use measure::Measure;
use page::Page;
use report::{Report, Taken};
use std::{fs, path::PathBuf, process::ExitCode, time::Duration};

/// Measures the product against its floors.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask bench",
    bin_name = "cargo xtask bench",
    after_help = "Examples:\n  cargo xtask bench                       everything\n  \
                  cargo xtask bench --only refresh,me     two of them\n  \
                  cargo xtask bench --write               and put the figures into docs/benchmarks.md\n  \
                  cargo xtask bench --only me --write     the same for one of them; the other figures stay"
)]
struct Cli {
    /// Only these.
    #[arg(long, value_name = "NAME,NAME", value_delimiter = ',', value_enum)]
    only: Vec<Measure>,
    /// Short and rough, to see that everything runs.
    #[arg(long)]
    quick: bool,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
    /// Put the figures into the page of the book, each with the day and the commit; what is not measured keeps its own.
    #[arg(long)]
    write: bool,
    /// The server's program, built for release.
    #[arg(long, env = "KEYSTEAD_BENCH_SERVER", hide = true)]
    server: PathBuf,
    /// The page of the book.
    #[arg(long, env = "KEYSTEAD_BENCH_PAGE", hide = true)]
    page: PathBuf,
}

impl Cli {
    /// What is to be measured, each once and in their order.
    fn measures(&self) -> Vec<Measure> {
        let is_asked = |measure: &Measure| self.only.is_empty() || self.only.contains(measure);
        Measure::value_variants().iter().copied().filter(is_asked).collect()
    }
    /// What stands beside each figure of the page.
    fn when(&self) -> String {
        let when = machine::day_and_commit();
        if self.quick { format!("{when}, --quick") } else { when }
    }
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
                turn: Duration::from_secs(3),
                rounds: 9,
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
    let (machine, measures) = (machine::describe(), cli.measures());
    let mut page = cli.write.then(|| Page::parse(&fs::read_to_string(&cli.page).unwrap()));
    // Before hours have gone by.
    if page.as_ref().is_some_and(|page| page.would_mix(&machine.to_string(), &measures)) {
        eprintln!(
            "The other figures of the page were taken on another machine or system, or with another compiler; in one table \
             they would be compared. Either leave out --write, or leave out --only to take all of them anew."
        );
        return ExitCode::FAILURE;
    }
    let report = Report { machine, when: cli.when(), taken: taken(&Plan::of(&cli), &measures).await };
    if cli.json {
        println!("{}", serde_json::to_string_pretty(&report).unwrap());
    } else {
        println!("{}", report.table());
    }
    if let Some(page) = &mut page {
        page.put(&report);
        fs::write(&cli.page, page.text()).unwrap();
    }
    if report.missed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Takes one measurement after the other, and says so.
async fn taken(plan: &Plan, measures: &[Measure]) -> Vec<Taken> {
    let mut taken = Vec::new();
    for measure in measures.iter().copied() {
        eprintln!("measuring {} …", measure.name());
        for figure in measure.take(plan).await {
            eprintln!("  {}", figure.line());
            taken.push(Taken { measure, figure });
        }
    }
    taken
}
