//! The workspace as cargo sees it.

use crate::failure::{Result, While};
use serde::Deserialize;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The workspace.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// Its folder.
    pub(crate) root: PathBuf,
    /// Where cargo builds to.
    pub(crate) target: PathBuf,
    /// Its crates.
    pub(crate) members: Vec<Member>,
    /// Whether no person is watching.
    pub(crate) ci: bool,
}

/// A crate of the workspace.
#[derive(Debug, Deserialize)]
pub(crate) struct Member {
    /// Its name.
    pub(crate) name: String,
    /// What it says of itself.
    pub(crate) description: Option<String>,
    /// What it depends on.
    pub(crate) dependencies: Vec<Dependency>,
}

/// What a crate depends on.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    /// The other crate.
    pub(crate) name: String,
    /// `dev`, `build`, or none for the ordinary kind.
    pub(crate) kind: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Member>,
    target_directory: PathBuf,
}

impl Workspace {
    /// Asks cargo.
    ///
    /// # Errors
    /// When cargo cannot read the workspace.
    pub(crate) fn open() -> Result<Self> {
        // Cargo says at run time where it stands: one target directory may serve several clones, and cargo takes the program
        // of another clone for this one's where the sources are the same.
        let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let here = Path::new(&package).join("../..");
        let root = here.canonicalize().doing(|| format!("looking for {}", here.display()))?;
        let mut cargo = Command::new(cargo_program());
        cargo.args(["metadata", "--format-version", "1", "--no-deps"]).current_dir(&root);
        let answer = crate::run::quiet("reading the workspace", &mut cargo)?;
        let metadata: Metadata = serde_json::from_slice(&answer).doing(|| "reading cargo metadata".to_owned())?;
        let mut members = metadata.packages;
        members.sort_by(|a, b| a.name.cmp(&b.name));
        let ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
        Ok(Self { root, target: metadata.target_directory, members, ci })
    }

    /// A cargo command in the workspace. On CI it may not change the lock file.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(cargo_program());
        command.args(arguments).current_dir(&self.root);
        if self.ci {
            command.arg("--locked");
        }
        command
    }

    /// A file of the workspace.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn read(&self, path: impl AsRef<Path>) -> Result<String> {
        let path = self.root.join(path);
        fs::read_to_string(&path).doing(|| format!("reading {}", path.display()))
    }

    /// A path as people write it: from the workspace's folder.
    pub(crate) fn show<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }

    /// Every file that people write, by its path; what is built, downloaded or hidden is left out.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub(crate) fn files(&self) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        walk(&self.root, &mut found)?;
        found.sort();
        Ok(found)
    }
}

/// The cargo that started us, or the one in the path.
fn cargo_program() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

const NOT_OURS: &[&str] = &["target", "node_modules", "__pycache__", "book"];

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let doing = || format!("looking into {}", folder.display());
    for entry in fs::read_dir(folder).doing(doing)? {
        let entry = entry.doing(doing)?;
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        let kind = entry.file_type().doing(doing)?;
        if kind.is_file() {
            found.push(path);
        } else if kind.is_dir() && !name.starts_with('.') && !NOT_OURS.contains(&&*name) {
            walk(&path, found)?;
        }
    }
    Ok(())
}
