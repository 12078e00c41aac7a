//! mdBook itself: one version, built once, kept beside what cargo builds (`docs/src/explanation/decisions/0010-book.md`).

use crate::{
    failure::{Failure, Result, While},
    run::{self, quiet},
    workspace::Workspace,
};
use std::{fs, path::PathBuf, process::Command};

/// The version that the pages are written for.
const VERSION: &str = "0.5.4";

/// Where the book is built to.
pub(super) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("book")
}

/// Builds the book; what mdBook warns of is an error.
pub(super) fn build(workspace: &Workspace) -> Result<()> {
    let program = program(workspace)?;
    let mut mdbook = Command::new(&program);
    mdbook.arg("build").arg(workspace.root.join("docs")).arg("--dest-dir").arg(folder(workspace));
    println!("    $ {}", run::line(&mdbook));
    let output = mdbook.env("MDBOOK_LOG", "warn").output().doing(|| format!("starting {}", program.display()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() && said.trim().is_empty() {
        println!("    {}", folder(workspace).join("index.html").display());
        return Ok(());
    }
    Err(Failure::new(said.trim().replace('\n', "\n  ")).next("mend the page; every warning counts"))
}

/// mdBook, installed below the target directory unless it is there.
fn program(workspace: &Workspace) -> Result<PathBuf> {
    let root = workspace.target.join("tools");
    let program = root.join("bin").join(format!("mdbook{}", std::env::consts::EXE_SUFFIX));
    let wanted = format!("mdbook v{VERSION}");
    let is_there = Command::new(&program)
        .arg("--version")
        .output()
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == wanted);
    if is_there {
        return Ok(program);
    }
    // Not optimised: it builds in half the time, and renders the book in a second all the same.
    let building = root.join("build");
    let mut cargo =
        workspace.cargo(&["install", "--debug", "--force", "--no-default-features", "--features", "search"]);
    if !workspace.ci {
        cargo.arg("--locked");
    }
    cargo.arg(format!("mdbook@{VERSION}")).arg("--root").arg(&root).env("CARGO_TARGET_DIR", &building);
    quiet("building mdBook, this once", &mut cargo)?;
    fs::remove_dir_all(&building).doing(|| format!("removing {}", building.display()))?;
    Ok(program)
}
