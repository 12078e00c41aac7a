//! The product: the release program in a process of its own, or its floors put together here.

use crate::wire::{Wire, request};
use axum::Router;
use keystead_crypto::sealing::MasterKey;
use keystead_domain::{Random, SystemClock, SystemRandom};
use keystead_http::{AppState, HttpSettings, install_recorder};
use keystead_service::{
    App, ServiceSettings, Setup,
    bootstrap::{Bootstrap, bootstrap},
};
use keystead_store::SharedStore;
use keystead_store_sql::{
    SqlStore, StoreSettings, StoreTarget,
    migrate::{MigrationTarget, Migrator, Run},
    schema::APP,
};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Instant,
};
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};

/// A running server.
pub(crate) struct Process {
    child: Child,
    /// Where it listens.
    pub(crate) base: String,
}

impl Process {
    /// Starts it in `folder` on the store at `url`, and waits until it listens.
    pub(crate) fn start(program: &Path, folder: &Path, url: &str, settings: &[(&str, &str)]) -> Self {
        let mut child = Command::new(program)
            .env_clear()
            .env("DATABASE_URL", url)
            .env("KEYSTEAD_DATA_DIR", folder)
            .env("KEYSTEAD_ENVIRONMENT", "test")
            .env("KEYSTEAD_LISTEN", "127.0.0.1:0")
            .env("KEYSTEAD_LOG_FORMAT", "json")
            .env("KEYSTEAD_ADMIN_PASSWORD", ADMIN_PASSWORD)
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let mut said = Vec::new();
        let base = loop {
            let Some(line) = lines.next() else { panic!("the server did not start:\n{}", said.join("\n")) };
            if line.contains("\"ready\"")
                && let Some(start) = line.find("http://127.0.0.1:")
            {
                break line[start..].split('"').next().unwrap().to_owned();
            }
            said.push(line);
        };
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, base }
    }

    /// Milliseconds from starting the program to its first good answer of `/health/ready`.
    pub(crate) async fn time_to_ready(program: &Path, folder: &Path, url: &str) -> (Self, f64) {
        let begun = Instant::now();
        let server = Self::start(program, folder, url, &[]);
        let ask = request("GET", "/health/ready", None, None);
        while Wire::open(&server.base).await.call(&ask).await.status != 200 {}
        (server, begun.elapsed().as_secs_f64() * 1_000.0)
    }

    /// Memory that it occupies, in MiB.
    pub(crate) fn resident_mib(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        let kibibytes: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kibibytes / 1024.0
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// Routes that are served in this process, until it is dropped.
pub(crate) struct Listening {
    /// Where.
    pub(crate) base: String,
    task: JoinHandle<std::io::Result<()>>,
}

impl Listening {
    pub(crate) async fn with(routes: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        Self { base, task: tokio::spawn(axum::serve(listener, routes).into_future()) }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

const ADMIN_PASSWORD: &str = "a first phrase for measuring";
/// The password of everyone who is registered here.
pub(crate) const PASSWORD: &str = "a long phrase for measuring";

/// Registers a person.
pub(crate) async fn register(wire: &mut Wire, name: &str) {
    let account = json!({ "username": name, "email": format!("{name}@example.org"), "password": PASSWORD });
    let answer = wire.call(&request("POST", "/api/v1/accounts", None, Some(&account))).await;
    assert_eq!(answer.status, 201, "{}", answer.json());
}

/// Signs a person in; the whole answer.
pub(crate) async fn sign_in(wire: &mut Wire, name: &str) -> Value {
    let login = json!({ "login": name, "password": PASSWORD });
    let answer = wire.call(&request("POST", "/api/v1/sessions", None, Some(&login))).await;
    let body = answer.json();
    assert_eq!(answer.status, 200, "{body}");
    body
}

/// The address of a SQLite file in a folder.
pub(crate) fn sqlite(folder: &TempDir) -> String {
    format!("sqlite:{}", folder.path().join("keystead.db").display())
}

/// A migrated store, as the server opens it.
pub(crate) async fn store(url: &str) -> SharedStore {
    let target: StoreTarget = url.parse().unwrap();
    let mut settings = StoreSettings::new(target.clone());
    let migrate = match target {
        StoreTarget::Postgres(address) => {
            settings.postgres.role = Some(APP.to_owned());
            settings.postgres.pool_size = 32;
            MigrationTarget::Postgres(address)
        }
        StoreTarget::Sqlite(path) => MigrationTarget::Sqlite(path),
        other => panic!("{other} is not measured"),
    };
    Migrator::new(migrate, Arc::new(SystemClock)).up(Run::Apply, |_| {}).await.unwrap();
    Arc::new(SqlStore::connect(&settings).await.unwrap())
}

/// A migrated store in memory.
pub(crate) async fn memory() -> SharedStore {
    let store = SqlStore::connect(&StoreSettings::new(StoreTarget::Memory)).await.unwrap();
    let migrator = Migrator::new(store.migration_target().unwrap(), Arc::new(SystemClock));
    migrator.up(Run::Apply, |_| {}).await.unwrap();
    Arc::new(store)
}

/// The service on `store`.
pub(crate) async fn app(store: SharedStore) -> App {
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    let master_key = MasterKey::generate(random.as_ref()).unwrap();
    let settings = ServiceSettings::default();
    let app = App::start(Setup { store, clock: Arc::new(SystemClock), random, master_key, settings }).await.unwrap();
    bootstrap(&app, Bootstrap::default()).await.unwrap();
    app
}

/// The edge of `app`. The recorder of metrics is one for the whole program.
pub(crate) fn edge(app: App) -> AppState {
    static RECORDER: std::sync::OnceLock<PrometheusHandle> = std::sync::OnceLock::new();
    let metrics = RECORDER.get_or_init(|| install_recorder().unwrap());
    AppState::new(app, HttpSettings::default(), metrics.clone())
}
