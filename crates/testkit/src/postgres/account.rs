//! The operating system's user that the server runs as.

use std::{
    ffi::OsStr,
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::Command,
};

use rustix::process::geteuid;

/// The address of a socket in it has at most 103 bytes on macOS, and some more on Linux.
const LONGEST_SCRATCH: usize = 103 - "/keystead-pg-123456/.s.PGSQL.12345".len();

/// Bytes; some hundred databases and the server's log of changes.
const ROOM_IN_MEMORY: u64 = 2 << 30;

/// The current user, or `nobody` when that is root: PostgreSQL refuses to run as root.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Account {
    Own,
    Nobody { uid: u32, gid: u32 },
}

impl Account {
    pub(crate) fn for_server() -> Self {
        if !geteuid().is_root() {
            return Self::Own;
        }
        // PostgreSQL looks its user up, so a number without an entry would not do.
        let entries = fs::read_to_string("/etc/passwd").expect("read /etc/passwd");
        let (uid, gid) = entries.lines().find_map(nobody).expect(
            "PostgreSQL refuses to run as root, and /etc/passwd has no `nobody` to run it as: \
             add that user, or run the tests as a normal user",
        );
        Self::Nobody { uid, gid }
    }

    /// The server's user, as a number.
    pub(crate) fn uid(self) -> u32 {
        match self {
            Self::Own => geteuid().as_raw(),
            Self::Nobody { uid, .. } => uid,
        }
    }

    /// A command that runs as this user, where none of the caller's PostgreSQL settings reach it.
    pub(crate) fn command(self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        // The caller's directory may be closed to this user.
        command.env("LC_ALL", "C").current_dir("/");
        if let Self::Nobody { uid, gid } = self {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// Makes this user the owner of `path` alone, not of what is in it.
    pub(crate) fn own(self, path: &Path) {
        if let Self::Nobody { uid, gid } = self {
            chown(path, Some(uid), Some(gid))
                .unwrap_or_else(|error| panic!("give {} to the server: {error}", path.display()));
        }
    }

    /// Whether this user can reach what is in `directory`: every directory above it is open too.
    pub(crate) fn can_reach(self, directory: &Path) -> bool {
        let Self::Nobody { uid, .. } = self else {
            return true;
        };
        let Ok(directory) = directory.canonicalize() else {
            return false;
        };
        directory
            .ancestors()
            .all(|place| fs::metadata(place).is_ok_and(|about| about.mode() & 0o001 != 0 || about.uid() == uid))
    }

    /// A temporary directory on the disk where this user may make directories of its own.
    pub(crate) fn scratch(self) -> PathBuf {
        let places = [std::env::temp_dir(), "/tmp".into(), "/var/tmp".into()];
        let mut real = places.iter().filter_map(|place| place.canonicalize().ok());
        real.find(|place| self.can_use(place))
            .unwrap_or_else(|| panic!("none of {places:?} is open to user {} and short enough", self.uid()))
    }

    /// The same in memory, where making a database is ten times faster, if the machine has one
    /// with much room. (A container's has 64 MB.)
    pub(crate) fn scratch_in_memory(self) -> Option<PathBuf> {
        let place = Path::new("/dev/shm").canonicalize().ok()?;
        let about = rustix::fs::statvfs(&place).ok()?;
        let room = about.f_bavail.saturating_mul(about.f_frsize);
        (room >= ROOM_IN_MEMORY && self.can_use(&place)).then_some(place)
    }

    fn can_use(self, place: &Path) -> bool {
        let open = fs::metadata(place).is_ok_and(|about| about.mode() & 0o002 != 0);
        place.as_os_str().len() <= LONGEST_SCRATCH
            && match self {
                Self::Own => open || rustix::fs::access(place, rustix::fs::Access::WRITE_OK).is_ok(),
                Self::Nobody { .. } => open && self.can_reach(place),
            }
    }
}

/// The user and group of a line of `/etc/passwd`, if it is the one of `nobody`.
fn nobody(line: &str) -> Option<(u32, u32)> {
    let fields: Vec<&str> = line.split(':').collect();
    let ["nobody", _, uid, gid, ..] = fields[..] else {
        return None;
    };
    // macOS writes -2 there, which the system takes for the number just below 2^32 - 1.
    let number = |text: &str| text.parse::<i64>().ok().map(|id| id as u32);
    Some((number(uid)?, number(gid)?))
}

/// Lets everyone read `path` and what is in it, whatever the umask was.
pub(crate) fn open_to_all(path: &Path) {
    let about = fs::symlink_metadata(path).expect("look at an installed file");
    if about.is_symlink() {
        return;
    }
    let owner = about.mode() & 0o700;
    let mode = owner | ((owner & 0o500) >> 3) | ((owner & 0o500) >> 6);
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("open an installed file");
    if about.is_dir() {
        for entry in fs::read_dir(path).expect("list an installed directory") {
            open_to_all(&entry.expect("list an installed directory").path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::nobody;

    #[test]
    fn nobody_is_found_in_passwd() {
        let line = "nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin";
        assert_eq!(nobody(line), Some((65534, 65533)));
        let line = "nobody:*:-2:-2:Unprivileged User:/var/empty:/usr/bin/false";
        assert_eq!(nobody(line), Some((4_294_967_294, 4_294_967_294)));
        assert_eq!(nobody("nobodyelse:x:1:1::/:/bin/sh"), None);
    }
}
