//! The machine's processes: what `kill` and `ps` do.

use std::{fs, process::Command};

pub(crate) use rustix::process::Signal;
use rustix::process::{Pid, kill_process};

#[derive(Debug, PartialEq)]
struct Process {
    id: u32,
    parent: u32,
    /// Ended, but nobody has asked how.
    zombie: bool,
}

/// Sends a signal to a process; it is no error when the process has ended.
pub(crate) fn signal(id: u32, signal: Signal) {
    let pid = i32::try_from(id).ok().and_then(Pid::from_raw).expect("a process id");
    let _ = kill_process(pid, signal);
}

/// The processes that `parent` has started.
pub(crate) fn children(parent: u32) -> Vec<u32> {
    all().into_iter().filter(|process| process.parent == parent).map(|process| process.id).collect()
}

/// Whether a process still runs.
pub(crate) fn runs(id: u32) -> bool {
    let found =
        if cfg!(target_os = "linux") { read_proc(id) } else { all().into_iter().find(|process| process.id == id) };
    found.is_some_and(|process| !process.zombie)
}

fn all() -> Vec<Process> {
    // A small Linux has no `ps`, macOS has no `/proc`.
    if cfg!(target_os = "linux") {
        let entries = fs::read_dir("/proc").expect("list /proc");
        let ids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        return ids.filter_map(read_proc).collect();
    }
    let output = Command::new("ps").args(["-A", "-o", "pid=,ppid=,state="]).output().expect("run ps");
    String::from_utf8_lossy(&output.stdout).lines().filter_map(parse_ps).collect()
}

fn read_proc(id: u32) -> Option<Process> {
    parse_stat(&fs::read_to_string(format!("/proc/{id}/stat")).ok()?)
}

/// Parses "7 (name) S 1 ...", where the name may hold anything.
fn parse_stat(line: &str) -> Option<Process> {
    let (id, _) = line.split_once(' ')?;
    let (_, rest) = line.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    Some(Process { id: id.parse().ok()?, parent, zombie: matches!(state, "Z" | "X") })
}

/// Parses "7 1 Ss".
fn parse_ps(line: &str) -> Option<Process> {
    let mut fields = line.split_whitespace();
    let (id, parent) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(Process { id, parent, zombie: fields.next()?.starts_with('Z') })
}

#[cfg(test)]
mod tests {
    use super::{Process, Signal, children, parse_ps, parse_stat, runs, signal};

    #[test]
    fn a_child_is_seen_until_it_ends() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let id = child.id();
        assert!(children(std::process::id()).contains(&id));
        assert!(runs(id));
        signal(id, Signal::KILL);
        // It stays a zombie until it is waited for.
        while runs(id) {
            std::thread::yield_now();
        }
        child.wait().unwrap();
    }

    #[test]
    fn both_systems_lists_are_understood() {
        let running = Process { id: 7, parent: 1, zombie: false };
        assert_eq!(parse_stat("7 (a (b) Z 3) S 1 7 7 0"), Some(running));
        assert_eq!(parse_ps("    7     1 Ss+"), Some(Process { id: 7, parent: 1, zombie: false }));
        let ended = Process { id: 8, parent: 7, zombie: true };
        assert_eq!(parse_ps("8 7 Z"), Some(ended));
        assert_eq!(parse_stat("8 (x) Z 7 0"), Some(Process { id: 8, parent: 7, zombie: true }));
    }
}
