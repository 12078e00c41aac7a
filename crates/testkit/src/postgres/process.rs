//! The machine's processes: what `kill` and `ps` do.

use std::{fs, path::Path, process::Command};

pub(crate) use rustix::process::Signal;
use rustix::process::{Pid, kill_process};

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
    let found = if has_proc() { read_proc(id) } else { ps().into_iter().find(|process| process.id == id) };
    found.is_some_and(|process| !process.zombie)
}

fn all() -> Vec<Process> {
    if !has_proc() {
        return ps();
    }
    let entries = fs::read_dir("/proc").expect("list /proc");
    let ids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    ids.filter_map(read_proc).collect()
}

/// Linux may come without `ps`, macOS is without `/proc`.
fn has_proc() -> bool {
    Path::new("/proc/self/stat").exists()
}

fn read_proc(id: u32) -> Option<Process> {
    let status = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // "7 (name) S 1 ...", where the name may hold anything.
    let (_, rest) = status.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    Some(Process { id, parent, zombie: matches!(state, "Z" | "X") })
}

fn ps() -> Vec<Process> {
    let output = Command::new("ps").args(["-A", "-o", "pid=,ppid=,state="]).output();
    let output = output.expect("run ps");
    let lines = String::from_utf8_lossy(&output.stdout);
    let found = lines.lines().filter_map(|line| {
        let mut fields = line.split_whitespace();
        let (id, parent) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        Some(Process { id, parent, zombie: fields.next()?.starts_with('Z') })
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::{Signal, all, children, ps, runs, signal};

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
        signal(id, Signal::CONT);
    }

    #[test]
    fn both_sources_know_this_process() {
        let id = std::process::id();
        let parent =
            |list: Vec<super::Process>| list.iter().find(|process| process.id == id).map(|process| process.parent);
        assert_eq!(parent(all()), Some(std::os::unix::process::parent_id()));
        assert_eq!(parent(ps()), parent(all()));
    }
}
