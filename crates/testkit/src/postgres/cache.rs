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
        let workspace = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
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
