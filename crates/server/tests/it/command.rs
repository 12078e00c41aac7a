//! Runs one command of the binary, as an operator does.

use crate::support::TestStore;
use std::process::{Command, Output, Stdio};

/// What a command said, and how it ended.
#[derive(Debug)]
pub struct Said {
    pub succeeded: bool,
    pub out: String,
    pub err: String,
}

impl Said {
    fn of(output: Output) -> Self {
        Self {
            succeeded: output.status.success(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
    /// Both streams.
    pub fn all(&self) -> String {
        format!("{}\n{}", self.out, self.err)
    }
}

/// Runs `keystead` on `store` with these settings (variable and value) and arguments, to its end.
pub fn keystead(store: &TestStore, settings: &[(&str, &str)], arguments: &[&str]) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_keystead"))
        .env_clear()
        .env("DATABASE_URL", &store.url)
        .env("KEYSTEAD_DATA_DIR", store.folder.path())
        .env("KEYSTEAD_ENVIRONMENT", "test")
        .env("KEYSTEAD_LISTEN", "127.0.0.1:0")
        .envs(settings.iter().copied())
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Said::of(output)
}
