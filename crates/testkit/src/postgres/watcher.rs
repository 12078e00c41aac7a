//! Ends a server when the test's process ends, however that happens.

use std::{
    io::Write,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, ChildStdin, Stdio},
};

use super::{account::Account, directory::Directory};

/// A shell that waits for its input to end, which it does when this process drops the other end
/// or dies. It then ends the server at once and removes its directory.
#[derive(Debug)]
pub(crate) struct Watcher {
    shell: Child,
    input: Option<ChildStdin>,
}

/// Follows [`Directory::MAKE`]. Each line of input is the server's process id, or empty while there is no server. A server
/// that was killed leaves its lock file behind, and a segment of shared memory named in its
/// seventh line.
const SCRIPT: &str = r#"
server=
while read -r line; do server=$line; done
lock=$directory/data/postmaster.pid
if [ -n "$server" ] && kill -QUIT "$server" 2>/dev/null; then
    tries=0
    while [ -e "$lock" ] && [ "$tries" -lt 500 ]; do
        sleep 0.02
        tries=$((tries + 1))
    done
    [ -e "$lock" ] && kill -KILL "$server"
fi
set -- $(sed -n 7p "$lock" 2>/dev/null)
[ -n "$2" ] && ipcrm -m "$2"
rm -rf "$directory"
"#;

impl Watcher {
    /// Starts it, with a directory in `scratch` that it removes.
    pub(crate) fn start(account: Account, scratch: &Path) -> (Self, Directory) {
        let mut shell = account
            .command("/bin/sh")
            .args(["-c", &format!("{}{SCRIPT}", Directory::MAKE), "keystead-pg-watcher"])
            .arg(scratch)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // A signal to the tests' whole process group must not reach it.
            .process_group(0)
            .spawn()
            .expect("start /bin/sh");
        let directory = Directory::made_by(&mut shell, account);
        let input = shell.stdin.take();
        (Self { shell, input }, directory)
    }

    /// Tells it which process the server is now.
    pub(crate) fn watch(&mut self, server: Option<u32>) {
        let line = server.map(|id| id.to_string()).unwrap_or_default();
        let input = self.input.as_mut().expect("the watcher's input is open");
        writeln!(input, "{line}").expect("the watcher runs");
    }

    /// Ends the server and removes its directory.
    pub(crate) fn end(&mut self) {
        drop(self.input.take());
        // If it was killed, there is nothing more to do here.
        let _ = self.shell.wait();
    }
}
