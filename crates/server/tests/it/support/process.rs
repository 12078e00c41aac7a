//! The server's process.

use super::{StoreKind, TestStore};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// The first administrator's password in tests that do not look at the first sign-in.
pub const ADMIN_PASSWORD: &str = "an administrator's first phrase";

/// How long a server may take to start or to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server with its store.
pub struct Server {
    pub store: Arc<TestStore>,
    pub base: String,
    pub http: reqwest::Client,
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
    settings: Vec<(String, String)>,
}

impl Server {
    /// A server on a fresh store.
    pub async fn start(kind: StoreKind) -> Self {
        Self::start_on(Arc::new(TestStore::new(kind).await), &[]).await
    }

    /// A server on this store, with these settings (variable and value) besides the usual ones.
    pub async fn start_on(store: Arc<TestStore>, settings: &[(&str, &str)]) -> Self {
        let settings: Vec<_> = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let http = reqwest::Client::builder().timeout(PATIENCE).build().unwrap();
        let (child, base, lines) = spawn(&store, &settings);
        let server = Self { store, base, http, child, lines, settings };
        server.wait_until_ready().await;
        server
    }

    async fn wait_until_ready(&self) {
        let started = Instant::now();
        loop {
            if let Ok(answer) = self.http.get(format!("{}/health/ready", self.base)).send().await
                && answer.status().is_success()
            {
                return;
            }
            assert!(started.elapsed() < PATIENCE, "the server is not ready:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
    /// What it has logged so far.
    pub fn log(&self) -> String {
        self.lines.lock().unwrap().join("\n")
    }
    /// Asks it to end and waits until it has. Returns its exit code.
    pub fn stop(&mut self) -> Option<i32> {
        // The standard library only kills; the shell's kill asks.
        let asked = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(asked.success());
        self.wait()
    }
    /// Waits until it has ended by itself. Returns its exit code.
    pub fn wait(&mut self) -> Option<i32> {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(started.elapsed() < PATIENCE, "the server does not end:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
    /// Ends it at once, in the middle of whatever it does.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
    /// As [`Server::start_again`], with one setting changed or added.
    pub async fn start_again_with(&mut self, variable: &str, value: &str) {
        self.settings.retain(|(known, _)| known != variable);
        self.settings.push((variable.to_owned(), value.to_owned()));
        self.start_again().await;
    }
    /// Starts it again on the same store, at another port.
    pub async fn start_again(&mut self) {
        let (child, base, lines) = spawn(&self.store, &self.settings);
        (self.child, self.base, self.lines) = (child, base, lines);
        self.wait_until_ready().await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

type Started = (Child, String, Arc<Mutex<Vec<String>>>);

fn spawn(store: &TestStore, settings: &[(String, String)]) -> Started {
    let mut child = Command::new(env!("CARGO_BIN_EXE_keystead"))
        .env_clear()
        .env("DATABASE_URL", &store.url)
        .env("KEYSTEAD_DATA_DIR", store.folder.path())
        .env("KEYSTEAD_ENVIRONMENT", "test")
        .env("KEYSTEAD_LISTEN", "127.0.0.1:0")
        // The issuer must not change with the port when the server starts again.
        .env("KEYSTEAD_PUBLIC_URL", "http://keystead.test")
        .env("KEYSTEAD_ADMIN_PASSWORD", ADMIN_PASSWORD)
        .env("KEYSTEAD_LOG_FORMAT", "json")
        // The tests sign in many times on a small machine; the floor of the settings is enough for them.
        .env("KEYSTEAD_PASSWORDS_ARGON2_MEMORY_KIB", "8192")
        .env("KEYSTEAD_PASSWORDS_ARGON2_PASSES", "1")
        .envs(settings.iter().map(|(key, value)| (key, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let (found, address) = std::sync::mpsc::channel();
    let (stderr, into) = (child.stderr.take().unwrap(), Arc::clone(&lines));
    std::thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            if let Some(start) = line.find("http://127.0.0.1:") {
                let end = line[start + 7..].find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':'));
                let _ = found.send(line[start..end.map_or(line.len(), |end| start + 7 + end)].to_owned());
            }
            into.lock().unwrap().push(line);
        }
    });
    match address.recv_timeout(PATIENCE) {
        Ok(base) => (child, base, lines),
        Err(_) => {
            let _ = child.kill();
            panic!("the server did not start on {:?}:\n{}", store.kind, lines.lock().unwrap().join("\n"));
        }
    }
}
