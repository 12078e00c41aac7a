//! Pages of the reference that the program writes itself.

mod pictures;

use crate::{
    failure::{Failure, Result, While},
    run::quiet,
    steps::Steps,
    workspace::Workspace,
};
use clap::Args;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

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
];

pub(crate) fn steps(workspace: &Workspace, options: &Options, steps: &mut Steps) {
    let name = if options.check { "generated pages are up to date" } else { "generated pages" };
    steps.take(name, || generate(workspace, options.check));
}

fn generate(workspace: &Workspace, check: bool) -> Result<()> {
    quiet("building keystead", &mut workspace.cargo(&["build", "--quiet", "--package", "keystead-server"]))?;
    let folder = workspace.root.join("docs/src/reference");
    let mut old = Vec::new();
    let files = files(workspace)?;
    for (name, content) in &files {
        if !is_same(&folder.join(name), content, check)? {
            old.push(name.clone());
        }
    }
    for path in left_over(&folder.join("pictures"), &files)? {
        old.push(workspace.show(&path).to_string());
        if !check {
            fs::remove_file(&path).doing(|| format!("removing {}", path.display()))?;
        }
    }
    if old.is_empty() || !check {
        return Ok(());
    }
    Err(Failure::new(format!("{} would change", old.join(", ")))
        .next("run `cargo xtask generate` and commit what it writes"))
}

/// Every file below `docs/src/reference` that is not written by hand.
fn files(workspace: &Workspace) -> Result<Vec<pictures::File>> {
    let binary = workspace.target.join("debug/keystead");
    let print = |arguments: &[&str]| quiet(&arguments.join(" "), Command::new(&binary).args(arguments));
    let mut files = Vec::new();
    for (name, arguments) in PAGES {
        let mut page = print(arguments)?;
        if *name == "schema.md" {
            page = with_pictures(page)?;
        }
        files.push(((*name).to_owned(), page));
    }
    let openapi = print(&["openapi"])?;
    files.extend(pictures::files(workspace, &print(&["reference", "schema-json"])?, &openapi)?);
    files.push(("openapi.json".to_owned(), openapi));
    Ok(files)
}

/// The page of the schema with its pictures before the tables.
fn with_pictures(page: Vec<u8>) -> Result<Vec<u8>> {
    let page = String::from_utf8(page).doing(|| "reading the schema's page".to_owned())?;
    Ok(page.replacen("\n## ", &format!("{}\n## ", pictures::diagrams()), 1).into_bytes())
}

/// Pictures that nothing draws any more.
fn left_over(folder: &Path, files: &[pictures::File]) -> Result<Vec<PathBuf>> {
    let doing = || format!("looking into {}", folder.display());
    let mut paths = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return Ok(paths) };
    for entry in entries {
        let path = entry.doing(doing)?.path();
        if !files.iter().any(|(name, _)| path.ends_with(name)) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn is_same(path: &Path, content: &[u8], check: bool) -> Result<bool> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(true);
    }
    if !check {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).doing(|| format!("making {}", folder.display()))?;
        }
        fs::write(path, content).doing(|| format!("writing {}", path.display()))?;
    }
    Ok(!check)
}
