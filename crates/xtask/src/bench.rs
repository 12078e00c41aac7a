//! Benchmarks: built for release, run by their own program.

use crate::{failure::Result, run::show, steps::Steps, workspace::Workspace};
use clap::Args;
use std::process::Command;

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Passed on to the benchmarks: `--only NAME,NAME`, `--quick`, `--json`, `--write`, `--help`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

pub(crate) fn steps(workspace: &Workspace, options: &Options, steps: &mut Steps) {
    let built = steps.take("building for release", || build(workspace));
    if built {
        steps.take("benchmarks", || {
            let release = workspace.target.join("release");
            let mut bench = Command::new(release.join("keystead-bench"));
            bench.args(&options.arguments).current_dir(&workspace.root);
            bench.env("KEYSTEAD_BENCH_SERVER", release.join("keystead"));
            bench.env("KEYSTEAD_BENCH_PAGE", workspace.root.join("docs/benchmarks.md"));
            show(&mut bench)
        });
    }
}

fn build(workspace: &Workspace) -> Result<()> {
    show(&mut workspace.cargo(&["build", "--release", "--package", "keystead-server", "--package", "keystead-bench"]))
}
