//! Python packages for the independent clients, in the test cache and never in the system.

use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

/// The interpreter: `KEYSTEAD_TEST_PYTHON`, else `python3`.
#[must_use]
pub fn interpreter() -> PathBuf {
    std::env::var_os("KEYSTEAD_TEST_PYTHON").map_or_else(|| PathBuf::from("python3"), PathBuf::from)
}

/// The folder of the client scripts.
#[must_use]
pub fn clients() -> PathBuf {
    workspace().join("tests/clients")
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folder with the packages of `tests/clients/requirements.txt`, installed when it is missing.
///
/// # Panics
/// When pip cannot install them.
#[must_use]
pub fn packages() -> PathBuf {
    install(&clients().join("requirements.txt"), "clients")
}

/// Installs `requirements`, which pin every package by its hash, into a folder of the test cache that is named after `name` and
/// their content.
///
/// # Panics
/// When pip cannot install them.
#[must_use]
pub fn install(requirements: &Path, name: &str) -> PathBuf {
    let content = fs::read(requirements).expect("the requirements file");
    let digest = Sha256::digest(&content).iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>();
    let cache =
        std::env::var_os("KEYSTEAD_TEST_CACHE").map_or_else(|| workspace().join("target/test-cache"), PathBuf::from);
    fs::create_dir_all(&cache).expect("make the test cache");
    let home = cache.join(format!("python-{name}-{digest}"));
    let lock = File::create(cache.join(format!("python-{name}.lock"))).expect("make a lock file in the test cache");
    lock.lock().expect("lock a file of the test cache");
    if !home.exists() {
        let unfinished = cache.join(format!("python-{name}.unfinished"));
        let _ = fs::remove_dir_all(&unfinished);
        let output = Command::new(interpreter())
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(["--require-hashes", "--only-binary=:all:", "--target"])
            .arg(&unfinished)
            .arg("--requirement")
            .arg(requirements)
            // What a person may have configured for installs of their own does not fit this one.
            .env("PIP_USER", "0")
            .env("PIP_REQUIRE_VIRTUALENV", "0")
            .env("PIP_ROOT_USER_ACTION", "ignore")
            .output()
            .expect(
                "python3 with pip: install them (on Debian: apt-get install python3-pip), or set KEYSTEAD_TEST_PYTHON",
            );
        assert!(
            output.status.success(),
            "pip could not install {}:\n{}",
            requirements.display(),
            String::from_utf8_lossy(&output.stderr)
        );
        fs::rename(&unfinished, &home).expect("name the installed packages");
    }
    home
}
