//! Debian's packages, unpacked into the test cache: that needs no root, and changes nothing of the system.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{account::open_to_all, cache::Cache};

/// The folder below `cache` that `packages`, and the libraries that they need, are unpacked into.
///
/// # Errors
///
/// When they cannot be fetched or unpacked, with what the system said.
pub(crate) fn unpacked(cache: &Cache, name: &str, packages: &[&str]) -> Result<PathBuf, String> {
    let home = cache.path(name);
    if home.exists() {
        return Ok(home);
    }
    let _lock = cache.lock(name);
    if home.exists() {
        return Ok(home);
    }
    let (unfinished, fetched) = (cache.path(&format!("{name}.unfinished")), cache.path(&format!("{name}.packages")));
    for directory in [&unfinished, &fetched] {
        let _ = fs::remove_dir_all(directory);
        make(&directory.join("partial"));
    }
    // The system's own lists of packages may be missing or old; reading new ones into a place of one's own needs no root.
    if let Err(first) = fetch(&fetched, &[], packages) {
        let own = [
            format!("Dir::State::lists={}", fetched.join("lists").display()),
            format!("Dir::Cache={}", fetched.join("cache").display()),
        ];
        make(&fetched.join("lists/partial"));
        make(&fetched.join("cache/archives/partial"));
        let updated = apt("apt-get", &fetched, &own, &["update"]);
        updated.and_then(|_| fetch(&fetched, &own, packages)).map_err(|second| format!("{first}\n{second}"))?;
    }
    for package in fs::read_dir(&fetched).expect("list the fetched packages") {
        let package = package.expect("list the fetched packages").path();
        if package.extension().is_some_and(|extension| extension == "deb") {
            let done = Command::new("dpkg").arg("-x").arg(&package).arg(&unfinished).status();
            if !done.is_ok_and(|status| status.success()) {
                return Err(format!("dpkg cannot unpack {}", package.display()));
            }
        }
    }
    fs::remove_dir_all(&fetched).expect("remove the fetched packages");
    open_to_all(&unfinished);
    fs::rename(&unfinished, &home).expect("put the unpacked packages in place");
    Ok(home)
}

/// The folders below `home` that libraries are in, as `LD_LIBRARY_PATH` takes them.
pub(crate) fn library_path(home: &Path) -> String {
    let mut folders = Vec::new();
    library_folders(home, &mut folders);
    folders.join(":")
}

fn library_folders(folder: &Path, found: &mut Vec<String>) {
    let entries: Vec<_> = fs::read_dir(folder).expect("list the unpacked packages").flatten().collect();
    if entries.iter().any(|entry| entry.file_name().to_string_lossy().contains(".so.")) {
        found.push(folder.display().to_string());
    }
    for entry in entries {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            library_folders(&entry.path(), found);
        }
    }
}

/// Fetches `packages`, the libraries that they name, and those that these name.
fn fetch(into: &Path, options: &[String], packages: &[&str]) -> Result<(), String> {
    let mut all: BTreeSet<String> = packages.iter().map(|name| (*name).to_owned()).collect();
    let mut new: Vec<String> = all.iter().cloned().collect();
    while !new.is_empty() {
        let mut arguments = vec!["depends"];
        arguments.extend(new.iter().map(String::as_str));
        let answer = apt("apt-cache", into, options, &arguments)?;
        new = libraries(&answer).filter(|name| all.insert((*name).to_owned())).map(str::to_owned).collect();
    }
    let mut arguments = vec!["download"];
    arguments.extend(all.iter().map(String::as_str));
    apt("apt-get", into, options, &arguments).map(drop)
}

/// The libraries in an answer of `apt-cache depends`. The system's C library and what belongs to it serve all programs.
fn libraries(answer: &str) -> impl Iterator<Item = &str> {
    let names = answer.lines().filter_map(|line| line.trim_start().strip_prefix("Depends: ")).map(str::trim);
    names.filter(|name| {
        (name.starts_with("lib") || *name == "zlib1g") && !["libc6", "libgcc-s1", "libstdc++6"].contains(name)
    })
}

fn apt(program: &str, directory: &Path, options: &[String], arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new(program);
    // The account that apt would drop to cannot write here. What it says is read here, in no other language.
    command
        .current_dir(directory)
        .args(["-q", "-o", "APT::Sandbox::User=root"])
        .env("LC_ALL", "C")
        .stdin(Stdio::null());
    for option in options {
        command.args(["-o", option]);
    }
    match command.args(arguments).output() {
        Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(output) => Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr))),
        Err(error) => Err(format!("{command:?}: {error}")),
    }
}

fn make(directory: &Path) {
    fs::create_dir_all(directory).expect("make a directory in the test cache");
}

#[cfg(test)]
mod tests {
    use super::libraries;

    #[test]
    fn only_libraries_are_followed() {
        let answer = "libxml2\n  PreDepends: init-system-helpers\n  Depends: libc6\n  Depends: libicu72\n |Depends: liba\n  \
                      Depends: zlib1g\n  Depends: lsb-base\n    libelogind0\n  Breaks: libold\n  Depends: <libvirtual>\n";
        assert_eq!(libraries(answer).collect::<Vec<_>>(), ["libicu72", "zlib1g"]);
    }
}
