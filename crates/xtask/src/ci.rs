//! Everything that must hold before a change lands.

use crate::{check, docs, generate, run::show, steps::Steps, test, workspace::Workspace};

pub(crate) fn steps(workspace: &Workspace, steps: &mut Steps) {
    steps.take("format", || {
        // `cargo fmt` knows no lock file.
        let mut cargo = std::process::Command::new("cargo");
        show(cargo.args(["fmt", "--all", "--check"]).current_dir(&workspace.root))
    });
    steps.take("clippy", || {
        let mut cargo = workspace.cargo(&["clippy", "--workspace", "--all-targets"]);
        show(cargo.args(["--", "-D", "warnings"]))
    });
    check::steps(workspace, steps);
    generate::steps(workspace, &generate::Options { check: true }, steps);
    docs::steps(workspace, steps);
    // Last, so that what the tests say stands at the end.
    test::steps(workspace, &test::Options::ALL, steps);
}
