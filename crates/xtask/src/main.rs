//! Tests, documentation and checks of the workspace: `cargo xtask --help`.
#![allow(clippy::print_stdout, reason = "this is a program for the terminal, never part of the server")]

mod bench;
mod check;
mod ci;
mod docs;
mod failure;
mod generate;
mod run;
mod steps;
mod test;
mod workspace;

use clap::{Parser, Subcommand};
use failure::Result;
use std::process::ExitCode;
use steps::Steps;
use workspace::Workspace;

/// Tests, documentation and checks of the workspace.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    after_help = "Examples:\n  cargo xtask test              every test\n  cargo xtask test -p keystead-store-sql sessions\n  \
                  cargo xtask check             the rules of the house, in seconds\n  \
                  cargo xtask generate          bring the generated pages up to date\n  \
                  cargo xtask ci                what is run on every change"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run every test: documentation, features, Rust, clients in other languages.
    Test(test::Options),
    /// Look for broken rules: floors, names, marks of unfinished work, licences.
    Check,
    /// Write the generated pages below docs/src/reference.
    Generate(generate::Options),
    /// Build the documentation of the code, and check the pages of the book.
    Docs,
    /// The long forms of the storms and kills: 20,000 dropped requests, 50 kills on each store.
    Soak,
    /// Measure the product against its floors, as ratios in one run.
    #[command(disable_help_flag = true)]
    Bench(bench::Options),
    /// Everything that must hold before a change lands.
    Ci,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    let workspace = Workspace::open()?;
    let mut steps = Steps::default();
    match command {
        Command::Test(options) => test::steps(&workspace, &options, &mut steps),
        Command::Check => check::steps(&workspace, &mut steps),
        Command::Generate(options) => generate::steps(&workspace, &options, &mut steps),
        Command::Docs => docs::steps(&workspace, &mut steps),
        Command::Soak => test::soak(&workspace, &mut steps),
        Command::Bench(options) => bench::steps(&workspace, &options, &mut steps),
        Command::Ci => ci::steps(&workspace, &mut steps),
    }
    steps.finish()
}
