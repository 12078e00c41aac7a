//! Every test: units, contracts, features, clients.

use crate::{
    run::{exists, show},
    steps::Steps,
    workspace::Workspace,
};
use clap::Args;

/// How the names of the tests begin that run the feature files.
const FEATURES: &str = "bdd::";

/// What to test.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only this crate.
    #[arg(short, long)]
    package: Option<String>,
    /// Only tests whose names contain this.
    filter: Option<String>,
}

impl Options {
    /// Everything.
    pub(crate) const ALL: Self = Self { package: None, filter: None };
}

pub(crate) fn steps(workspace: &Workspace, options: &Options, steps: &mut Steps) {
    let nextest = exists(workspace.cargo(&["nextest", "--version"]).env_remove("CI"));
    let name = if nextest { "tests" } else { "tests (with cargo test: cargo-nextest is not installed, and is faster)" };
    // With cargo test, the tests of one program share a process, and Cucumber keeps that from telling why other tests fail.
    let features_apart = !nextest
        && options.filter.is_none()
        && options.package.as_deref().is_none_or(|package| package == "keystead-server");
    steps.take(name, || {
        let mut cargo = workspace.cargo(if nextest { &["nextest", "run"] } else { &["test", "--tests"] });
        cargo.arg("--no-fail-fast");
        choose(&mut cargo, options);
        if features_apart {
            cargo.args(["--", "--skip", FEATURES]);
        }
        show(&mut cargo)
    });
    if features_apart {
        steps.take("features", || {
            let mut cargo = workspace.cargo(&["test", "--test", "it"]);
            choose(&mut cargo, options);
            show(cargo.args(["--", FEATURES]))
        });
    }
    if options.filter.is_none() && options.package.is_none() {
        steps.take("tests with row-level security alone", || {
            for (package, test, filter) in [
                ("keystead-store-sql", "contracts_postgres", ""),
                ("keystead-server", "it", "operations::strangers_find_nothing_and_change_nothing_on_postgres"),
            ] {
                let mut cargo = workspace.cargo(if nextest { &["nextest", "run"] } else { &["test"] });
                cargo.args(["--no-fail-fast", "--package", package, "--features", "rls-only", "--test", test]);
                if !filter.is_empty() {
                    cargo.arg(filter);
                }
                show(&mut cargo)?;
            }
            Ok(())
        });
    }
    if options.filter.is_none() {
        steps.take("examples in the documentation", || {
            let mut cargo = workspace.cargo(&["test", "--doc", "--quiet"]);
            choose(&mut cargo, options);
            show(&mut cargo)
        });
    }
}

/// What takes too long for every change. The tests themselves know their long forms.
pub(crate) fn soak(workspace: &Workspace, steps: &mut Steps) {
    for (package, test, filter) in [
        ("keystead-access", "policy", "differential"),
        ("keystead-access", "policy", "fuzz"),
        ("keystead-access", "snapshot", ""),
        ("keystead-server", "it", "storm"),
        ("keystead-server", "it", "kill"),
        ("keystead-server", "it", "schemathesis"),
        ("keystead-server", "it", "deciding"),
        ("keystead-server", "it", "effective"),
        ("keystead-server", "it", "pypi_casbin"),
        ("keystead-server", "it", "policy::fuzz"),
        ("keystead-server", "it", "preview"),
    ] {
        let name = if filter.is_empty() { test } else { filter };
        steps.take(name, || {
            let mut cargo = workspace.cargo(&["test", "--release", "--package", package, "--test", test]);
            if !filter.is_empty() {
                cargo.arg(filter);
            }
            show(cargo.args(["--", "--nocapture", "--test-threads", "1"]).env("KEYSTEAD_TEST_SOAK", "1"))
        });
    }
}

fn choose(cargo: &mut std::process::Command, options: &Options) {
    match &options.package {
        Some(package) => cargo.args(["--package", package]),
        None => cargo.arg("--workspace"),
    };
    if let Some(filter) = &options.filter {
        cargo.arg(filter);
    }
}
