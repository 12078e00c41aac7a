//! Pages of the reference that the program writes itself.

use crate::{
    failure::{Failure, Result, While},
    run::quiet,
    steps::Steps,
    workspace::Workspace,
};
use clap::Args;
use std::{fs, path::Path, process::Command};

/// Whether to write or to look.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Fail where a page would change, and change nothing.
    #[arg(long)]
    pub(crate) check: bool,
}

/// The file below `docs/src/reference`, and the arguments that make the binary print it.
const PAGES: &[(&str, &[&str])] = &[
    ("settings.md", &["reference", "settings"]),
    ("command-line.md", &["reference", "command-line"]),
    ("roles.md", &["reference", "roles"]),
    ("schema.md", &["reference", "schema"]),
    ("data-register.md", &["reference", "data-register"]),
    ("openapi.json", &["openapi"]),
];

pub(crate) fn steps(workspace: &Workspace, options: &Options, steps: &mut Steps) {
    let name = if options.check { "generated pages are up to date" } else { "generated pages" };
    steps.take(name, || generate(workspace, options.check));
}

fn generate(workspace: &Workspace, check: bool) -> Result<()> {
    quiet("building keystead", &mut workspace.cargo(&["build", "--quiet", "--package", "keystead-server"]))?;
    let binary = workspace.target.join("debug/keystead");
    let folder = workspace.root.join("docs/src/reference");
    fs::create_dir_all(&folder).doing(|| format!("making {}", folder.display()))?;
    let mut old = Vec::new();
    for (name, arguments) in PAGES {
        let page = quiet(name, Command::new(&binary).args(*arguments))?;
        if !is_same(&folder.join(name), &page, check)? {
            old.push(*name);
        }
    }
    if old.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("{} would change", old.join(", ")))
        .next("run `cargo xtask generate` and commit what it writes"))
}

fn is_same(path: &Path, page: &[u8], check: bool) -> Result<bool> {
    if fs::read(path).is_ok_and(|old| old == page) {
        return Ok(true);
    }
    if !check {
        fs::write(path, page).doing(|| format!("writing {}", path.display()))?;
    }
    Ok(!check)
}
