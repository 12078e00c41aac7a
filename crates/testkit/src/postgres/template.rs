//! One freshly made data directory per installation, copied for every cluster: that is faster
//! than making one.

use std::{
    fs,
    io::Read,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
    process::Stdio,
};

use super::{account::Account, binaries::Binaries, cache::Cache};

/// Changed with the arguments of `initdb`, so that older templates are not used any more.
const REVISION: u32 = 1;

/// A data directory with nothing in it but the superuser `postgres`.
pub(crate) struct Template {
    data: PathBuf,
    /// The superuser's password.
    pub(crate) password: String,
}

impl Template {
    /// The template of `binaries`; the first process that needs it makes it.
    pub(crate) fn of(binaries: &Binaries, account: Account) -> Self {
        let cache = Cache::open(account);
        let name = format!("template-{}-{REVISION}", binaries.key());
        let home = cache.path(&name);
        if !home.exists() {
            let _lock = cache.lock(&name);
            if !home.exists() {
                let unfinished = cache.path(&format!("{name}.unfinished"));
                if unfinished.exists() {
                    fs::remove_dir_all(&unfinished).expect("remove a template that was cut short");
                }
                make(binaries, account, &unfinished);
                fs::rename(&unfinished, &home).expect("put the template in place");
            }
        }
        let password = fs::read_to_string(home.join("password")).unwrap_or_else(|error| {
            panic!(
                "read {}: {error}. Does it belong to another user? Remove it, or name another \
                 directory in KEYSTEAD_TEST_CACHE.",
                home.display()
            )
        });
        Self { data: home.join("data"), password }
    }

    /// Copies the data directory to `data`, for the server's user alone.
    pub(crate) fn copy_to(&self, data: &Path, account: Account) {
        copy(&self.data, data, account);
    }
}

fn make(binaries: &Binaries, account: Account, home: &Path) {
    make_directory(home, account);
    let password = home.join("password");
    fs::write(&password, random_password()).expect("write the superuser's password");
    fs::set_permissions(&password, fs::Permissions::from_mode(0o600)).expect("keep it secret");
    account.own(&password);

    let mut initdb = binaries.command(account, "initdb");
    initdb
        .arg("--pgdata")
        .arg(home.join("data"))
        .arg("--pwfile")
        .arg(&password)
        .args(["--username=postgres", "--encoding=UTF8", "--locale=C"])
        .args(["--auth-local=trust", "--auth-host=password"])
        .args(["--no-sync", "--no-instructions"])
        .stdin(Stdio::null());
    if binaries.major() >= 17 {
        // Case folding of Unicode, the same on every machine: the C locale knows ASCII only.
        initdb.args(["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]);
    }
    let output = initdb.output().expect("run initdb");
    assert!(
        output.status.success(),
        "{initdb:?} failed: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
}

/// The superuser may run programs on this machine, so other users of it must not get in.
fn random_password() -> String {
    let mut bytes = [0; 16];
    fs::File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut bytes)).expect("read /dev/urandom");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Makes a directory for the server's user alone; PostgreSQL wants that of its data directory.
pub(crate) fn make_directory(path: &Path, account: Account) {
    fs::DirBuilder::new().mode(0o700).create(path).unwrap_or_else(|error| panic!("make {}: {error}", path.display()));
    account.own(path);
}

fn copy(from: &Path, to: &Path, account: Account) {
    make_directory(to, account);
    for entry in fs::read_dir(from).expect("list the template") {
        let entry = entry.expect("list the template");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("look at the template").is_dir() {
            copy(&entry.path(), &target, account);
        } else {
            fs::copy(entry.path(), &target).unwrap_or_else(|error| panic!("copy to {}: {error}", target.display()));
            account.own(&target);
        }
    }
}
