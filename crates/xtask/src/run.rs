//! Other programs.

use crate::failure::{Failure, Result, While};
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    ffi::OsStr,
    process::{Command, Output, Stdio},
    time::Duration,
};

/// Runs a program that speaks to the terminal itself, and shows how it was called.
///
/// # Errors
/// When it cannot be started or ends with another code than 0.
pub(crate) fn show(command: &mut Command) -> Result<()> {
    println!("    $ {}", line(command));
    let status = command.status().doing(|| format!("starting {}", program(command)))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("{} ended with {status}", program(command)))
        .next(format!("its own message is above; to repeat this step: {}", line(command))))
}

/// Runs a program quietly, with a spinner where there is a terminal, and gives what it printed.
///
/// # Errors
/// When it cannot be started or ends with another code than 0; then with the end of what it said.
pub(crate) fn quiet(about: &str, command: &mut Command) -> Result<Vec<u8>> {
    let spinner = ProgressBar::new_spinner().with_message(about.to_owned());
    if let Ok(style) = ProgressStyle::with_template("    {spinner} {msg} {elapsed}") {
        spinner.set_style(style);
    }
    spinner.enable_steady_tick(Duration::from_millis(120));
    let output = command.stdin(Stdio::null()).output().doing(|| format!("starting {}", program(command)));
    spinner.finish_and_clear();
    let Output { status, stdout, stderr } = output?;
    if status.success() {
        return Ok(stdout);
    }
    let said = String::from_utf8_lossy(if stderr.is_empty() { &stdout } else { &stderr }).into_owned();
    let lines: Vec<_> = said.lines().collect();
    let end = lines[lines.len().saturating_sub(20)..].join("\n  ");
    Err(Failure::new(format!("{} ended with {status}:\n  {end}", program(command)))
        .next(format!("to repeat it: {}", line(command))))
}

/// Whether a program can be started at all.
pub(crate) fn exists(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn program(command: &Command) -> String {
    let first = command.get_args().next().map(OsStr::to_string_lossy).unwrap_or_default();
    format!("{} {first}", command.get_program().to_string_lossy()).trim_end().to_owned()
}

/// The command as it can be typed, with the variables that were set for it.
pub(crate) fn line(command: &Command) -> String {
    let variables = command
        .get_envs()
        .filter_map(|(name, value)| Some(format!("{}={}", name.to_string_lossy(), quote(&value?.to_string_lossy()))));
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    variables.chain(words.map(|word| quote(&word.to_string_lossy()))).collect::<Vec<_>>().join(" ")
}

fn quote(word: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@+".contains(c);
    if !word.is_empty() && word.chars().all(safe) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_it_can_be_typed() {
        let mut command = Command::new("cargo");
        command.args(["nextest", "run", "-E", "not test(a b)"]).env("CI", "true");
        assert_eq!(line(&command), "CI=true cargo nextest run -E 'not test(a b)'");
    }

    #[test]
    fn what_a_failed_program_said_is_kept() {
        let failure = quiet("", Command::new("sh").args(["-c", "echo trouble >&2; exit 3"])).unwrap_err();
        assert!(failure.what.contains("trouble"), "{}", failure.what);
    }
}
