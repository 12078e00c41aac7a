//! Schemathesis asks whether the server keeps what its OpenAPI document says.

use crate::support::times;
use keystead_testkit::python;
use std::process::Command;

/// Asks for `seconds` in all; the same seed asks the same questions. As administrator, as a person and as nobody, on SQLite.
/// Says how much was asked, and which operations were reached.
fn ask(seconds: u32, seed: u32) -> String {
    let folder = tempfile::tempdir().unwrap();
    let home = python::clients().join("contract");
    let packages = python::install(&home.join("requirements.txt"), "contract");
    let output = Command::new(python::interpreter())
        .arg(home.join("run.py"))
        .arg(folder.path())
        .args([seconds.to_string(), seed.to_string()])
        .env("PYTHONPATH", packages)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("KEYSTEAD_TEST_BINARY", env!("CARGO_BIN_EXE_keystead"))
        .output()
        .unwrap();
    let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = shown(&output.stdout);
    assert!(output.status.success(), "{said}{}", shown(&output.stderr));
    said
}

#[test]
fn schemathesis_finds_nothing() {
    // In the tests always the same questions; in a soak more of them, and other ones.
    for seed in 1..=times(1, 5) {
        println!("seed {seed}: {}", ask(times(120, 300), seed));
    }
}
