//! One server for all tests of a run, each of which may be a process of its own.

use std::{
    fs,
    io::{self, Write},
    os::unix::{fs::OpenOptionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::Stdio,
    thread::sleep,
    time::Duration,
};

use tokio::sync::OnceCell;

use super::{
    account::Account,
    binaries::Binaries,
    cache::Cache,
    cluster::Options,
    database::{Server, block_on},
    directory::{Directory, NotReady, free_port},
    template::{Template, make_directory},
};

/// How often a process that uses the server says so.
const RENEWAL: Duration = Duration::from_secs(15);

/// How long it stays when nobody says so, in seconds, unless `KEYSTEAD_TEST_POSTGRES_IDLE` says another number.
const IDLE: &str = "120";

/// Follows [`Directory::MAKE`]. Runs the server and ends it when nobody has renewed the lease in `$4` rounds of a second, or
/// when the lease is gone. It counts rounds and asks no clock: a machine that was asleep, or whose clock was put forward,
/// would end a server under its tests. Who renews puts a file into a directory. It can be removed only while there is none
/// in it, so nobody renews a lease that has just ended.
const SUPERVISOR: &str = r#"
exec >>"$directory/log" 2>&1
read -r start || { rm -rf "$directory"; exit; }
"$2" -D "$directory/data" -p "$3" </dev/null &
server=$!
idle=0
while kill -0 "$server" 2>/dev/null; do
    if rm "$directory/lease/renewed" 2>/dev/null; then
        idle=0
    elif [ ! -d "$directory/lease" ]; then
        break
    elif [ "$idle" -lt "$4" ]; then
        idle=$((idle + 1))
    elif rmdir "$directory/lease"; then
        break
    fi
    sleep 1
done
kill -QUIT "$server" 2>/dev/null
wait "$server"
rm -rf "$directory"
"#;

/// The server that all tests share. It has `fsync` off and 300 connections.
///
/// That is the one at `KEYSTEAD_TEST_POSTGRES_URL` if that is set. Else the first test that asks
/// for it starts it, and it ends by itself when no test has used it for two minutes.
///
/// # Panics
///
/// As [`Cluster::start`](super::Cluster::start).
pub async fn shared() -> Server {
    static SHARED: OnceCell<Server> = OnceCell::const_new();
    let find = || async { tokio::task::spawn_blocking(find_or_start).await.expect("find or start the shared server") };
    SHARED.get_or_init(find).await.clone()
}

/// What a process must know of the server to use it; a file in the cache tells it.
struct Running {
    url: String,
    directory: PathBuf,
}

fn find_or_start() -> Server {
    if let Ok(url) = std::env::var("KEYSTEAD_TEST_POSTGRES_URL") {
        return Server::at(&url);
    }
    let account = Account::for_server();
    let cache = Cache::open(account);
    let binaries = Binaries::locate();
    let name = format!("shared-{}", binaries.key());
    let note = cache.path(&name);
    let running = find(&note).unwrap_or_else(|| {
        let _lock = cache.lock(&name);
        find(&note).unwrap_or_else(|| {
            let running = start(&binaries, account);
            running.write(&note).expect("write where the shared server is");
            running
        })
    });
    let server = Server::at(&running.url);
    // It gives up only when the server is gone: what else can fail, as when this process has too many files open, passes.
    std::thread::spawn(move || {
        while !running.renew().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            sleep(RENEWAL);
        }
    });
    server
}

/// The server that `note` tells of, if it still runs and is the one that is meant.
fn find(note: &Path) -> Option<Running> {
    let text = fs::read_to_string(note).ok()?;
    let (url, directory) = text.trim_end().split_once('\n')?;
    let running = Running { url: url.to_owned(), directory: directory.into() };
    // In this order: with a fresh lease it does not end while it is asked.
    running.renew().ok()?;
    let server = Server::at(&running.url);
    let answer = block_on(async move {
        let mut connection = server.try_connect().await?;
        sqlx::query_scalar::<_, String>("SELECT current_setting('data_directory')").fetch_one(&mut connection).await
    });
    // Another server may have got the port.
    (Path::new(&answer.ok()?) == running.directory.join("data")).then_some(running)
}

fn start(binaries: &Binaries, account: Account) -> Running {
    let template = Template::of(binaries, account);
    let mut tries = 1;
    loop {
        let port = free_port();
        match launch(binaries, account, &template, port) {
            Ok(running) => return running,
            Err(NotReady::TryAgain) if tries < 5 => tries += 1,
            Err(NotReady::TryAgain) => panic!("no port was free for the shared server"),
            Err(NotReady::Failed(why)) => panic!("the shared PostgreSQL did not start: {why}"),
        }
    }
}

fn launch(binaries: &Binaries, account: Account, template: &Template, port: u16) -> Result<Running, NotReady> {
    let mut supervisor = account
        .command("/bin/sh")
        .args(["-c", &format!("{}{SUPERVISOR}", Directory::MAKE), "keystead-pg-shared"])
        .arg(account.scratch_in_memory().unwrap_or_else(|| account.scratch()))
        .arg(binaries.bin("postgres"))
        .arg(port.to_string())
        .arg(std::env::var("KEYSTEAD_TEST_POSTGRES_IDLE").as_deref().unwrap_or(IDLE))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        // It outlives this test, and what is sent to the tests' process group.
        .process_group(0)
        .spawn()
        .expect("start /bin/sh");
    let directory = Directory::made_by(&mut supervisor, account);
    let log = directory.log();
    directory.fill(template, &Options::for_many_tests());
    make_directory(&directory.root().join("lease"), account);
    // Until it reads this line, it removes the directory when this process dies.
    let mut input = supervisor.stdin.take().expect("the supervisor's input");
    writeln!(input, "start").expect("start the server");
    directory.wait_until_ready(&mut supervisor, log)?;
    let url = Server::local(port, &template.password).url().to_owned();
    Ok(Running { url, directory: directory.root().to_owned() })
}

impl Running {
    /// Renews the lease. `NotFound` means that the server ends or has ended.
    fn renew(&self) -> io::Result<()> {
        let renewed = self.directory.join("lease/renewed");
        fs::OpenOptions::new().write(true).create(true).truncate(false).open(renewed).map(drop)
    }

    fn write(&self, note: &Path) -> io::Result<()> {
        // It holds a password. Readers see the old content or the new one, never a part.
        let new = note.with_extension("new");
        let _ = fs::remove_file(&new);
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
        write!(file, "{}\n{}\n", self.url, self.directory.display())?;
        fs::rename(&new, note)
    }
}
