//! Where, when and of what the figures were taken.

use serde::Serialize;
use std::{fmt, fs, process::Command};

#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    processor: String,
    cores: usize,
    memory_gib: u64,
    kernel: String,
    rustc: String,
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { processor, cores, memory_gib, kernel, rustc } = self;
        write!(f, "{processor}, {cores} cores, {memory_gib} GiB · Linux {kernel} · {rustc}")
    }
}

pub(crate) fn describe() -> Machine {
    let processor = value_of("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let memory = value_of("/proc/meminfo", "MemTotal").unwrap_or_default();
    let kibibytes: u64 = memory.trim_end_matches(" kB").parse().unwrap_or(0);
    Machine {
        processor,
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        memory_gib: kibibytes >> 20,
        kernel: said_by("uname", &["-r"]),
        rustc: said_by("rustc", &["--version"]),
    }
}

/// The day and the commit. A `+` behind the commit: the code was not quite as committed; the page with the figures does not count.
pub(crate) fn day_and_commit() -> String {
    let (day, commit) = (said_by("date", &["+%Y-%m-%d"]), said_by("git", &["rev-parse", "--short=9", "HEAD"]));
    let changed = said_by("git", &["status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs"]);
    format!("{day} {commit}{}", if changed.is_empty() { "" } else { "+" })
}

fn value_of(file: &str, key: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(key))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn said_by(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
