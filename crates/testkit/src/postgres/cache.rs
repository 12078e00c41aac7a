//! What is kept between test runs, and shared by their processes.

use std::{
    fs::{self, File},
    hash::{DefaultHasher, Hash, Hasher},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
};

use rustix::process::geteuid;

use super::account::Account;

/// The directory with the installed programs, the templates and the locks.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    root: PathBuf,
}

impl Cache {
    /// `KEYSTEAD_TEST_CACHE`, or `target/test-cache` of the workspace, wherever cargo builds to.
    /// Where the server's user cannot reach that one, as below a home that is closed to others,
    /// it is a directory under the temporary one.
    pub(crate) fn open(account: Account) -> Self {
        if let Some(root) = std::env::var_os("KEYSTEAD_TEST_CACHE") {
            let root = PathBuf::from(root);
            let root = make(&root)
                .unwrap_or_else(|| panic!("KEYSTEAD_TEST_CACHE={}: no such directory can be made", root.display()));
            assert!(
                account.can_reach(&root),
                "KEYSTEAD_TEST_CACHE={}: the server runs as user {}, who cannot reach it; name a \
                 directory outside of root's home",
                root.display(),
                account.uid(),
            );
            return Self { root };
        }
        Self::of_workspace(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")), account)
    }

    fn of_workspace(workspace: &Path, account: Account) -> Self {
        if let Some(root) = make(&workspace.join("target/test-cache"))
            && account.can_reach(&root)
        {
            return Self { root };
        }
        let name = format!("keystead-test-cache-{}-{}", geteuid().as_raw(), short_hash(workspace));
        let root = make(&account.scratch().join(name)).expect("make the cache directory");
        // Anyone can make a directory there; never run programs that someone else put into it.
        let owner = fs::metadata(&root).expect("look at the cache directory").uid();
        assert!(owner == geteuid().as_raw(), "{} belongs to user {owner}", root.display());
        Self { root }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Waits until no other process holds the lock `name`; it is held until the file is dropped,
    /// or until this process dies.
    pub(crate) fn lock(&self, name: &str) -> File {
        let path = self.path(&format!("{name}.lock"));
        let file = File::options().write(true).create(true).truncate(false).open(&path).unwrap_or_else(|error| {
            panic!(
                "open {}: {error}. Does the directory belong to another user? Remove it, or \
                     name another one in KEYSTEAD_TEST_CACHE.",
                path.display()
            )
        });
        file.lock().expect("lock a file of the test cache");
        file
    }
}

/// Makes a directory that everyone may look into, whatever the umask is. `None` if that fails.
fn make(directory: &Path) -> Option<PathBuf> {
    fs::create_dir_all(directory).ok()?;
    let about = fs::metadata(directory).ok()?;
    if about.uid() == geteuid().as_raw() {
        fs::set_permissions(directory, fs::Permissions::from_mode(0o755)).ok()?;
    }
    directory.canonicalize().ok()
}

/// A short name for `value`, the same in every process that was built by the same compiler.
pub(crate) fn short_hash(value: impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::{Account, Cache, File, PermissionsExt, fs};

    #[test]
    fn it_is_in_the_workspace_if_the_server_can_reach_that() {
        // A directory that is closed to all others, as root's home is.
        let closed = tempfile::tempdir().unwrap();
        fs::set_permissions(closed.path(), fs::Permissions::from_mode(0o700)).unwrap();
        let below = closed.path().canonicalize().unwrap().join("target/test-cache");
        assert_eq!(Cache::of_workspace(closed.path(), Account::Own).root, below);
        let nobody = Account::Nobody { uid: 65_534, gid: 65_534 };
        let elsewhere = Cache::of_workspace(closed.path(), nobody).root;
        assert!(!elsewhere.starts_with(closed.path()), "{}", elsewhere.display());
        assert!(nobody.can_reach(&elsewhere));
        fs::remove_dir(elsewhere).unwrap();
    }

    #[test]
    fn a_lock_is_free_again_when_it_is_dropped() {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::of_workspace(directory.path(), Account::Own);
        let held = cache.lock("x");
        let other = File::open(cache.path("x.lock")).unwrap();
        assert!(other.try_lock().is_err());
        drop(held);
        other.try_lock().unwrap();
    }
}
