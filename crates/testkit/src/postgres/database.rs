//! Databases in a server, one for each test.

use std::{str::FromStr, time::Duration};

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, postgres::PgConnectOptions};
use url::Url;

/// Guards what prepares databases that are cloned. Any number of its own will do.
const PREPARING: i64 = 0x6b65_7973_7465_6164;

/// A running server, known by its superuser's address.
#[derive(Clone, Debug)]
pub struct Server {
    url: Url,
}

impl Server {
    /// The server at `url`, a `postgres://` address of a superuser.
    ///
    /// # Panics
    ///
    /// If `url` is no such address.
    #[must_use]
    pub fn at(url: &str) -> Self {
        let url = Url::parse(url).unwrap_or_else(|error| panic!("`{url}`: {error}"));
        assert!(url.has_host(), "`{url}` names no server");
        Self { url }
    }

    pub(crate) fn local(port: u16, password: &str) -> Self {
        Self::at(&format!("postgres://postgres:{password}@127.0.0.1:{port}/postgres"))
    }

    /// The superuser's address, in a database that no test changes.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Connects as superuser, to a database that no test changes.
    ///
    /// # Panics
    ///
    /// If the server does not answer.
    pub async fn connect(&self) -> PgConnection {
        self.try_connect().await.unwrap_or_else(|error| panic!("connect to {}: {error}", self.url))
    }

    pub(crate) async fn try_connect(&self) -> Result<PgConnection, sqlx::Error> {
        let options = PgConnectOptions::from_str(self.url())?.disable_statement_logging();
        match tokio::time::timeout(Duration::from_secs(10), options.connect()).await {
            Ok(connected) => connected,
            Err(_) => Err(sqlx::Error::PoolTimedOut),
        }
    }

    /// Makes an empty database.
    ///
    /// # Panics
    ///
    /// If the server does not make one.
    pub async fn database(&self) -> Database {
        let mut connection = self.connect().await;
        self.make(&mut connection, "template1").await
    }

    /// Makes a copy of the database that `prepare` has filled: the first test of a run that asks
    /// for `name` fills it, the others only copy. Name the content, so that another content has
    /// another name: the migrations' version, for example.
    ///
    /// Preparations run one at a time in the whole server, so they may create roles.
    ///
    /// # Panics
    ///
    /// If the server does not make one.
    pub async fn database_from(&self, name: &str, prepare: impl AsyncFnOnce(&Database)) -> Database {
        let mut connection = self.connect().await;
        let template = format!("template_{name}");
        if !is_prepared(&mut connection, &template).await {
            sqlx::query("SELECT pg_advisory_lock($1)")
                .bind(PREPARING)
                .execute(&mut connection)
                .await
                .expect("wait for other preparations");
            if !is_prepared(&mut connection, &template).await {
                let database = self.make(&mut connection, "template1").await;
                prepare(&database).await;
                self.keep_as(&mut connection, database, &template).await;
            }
            sqlx::query("SELECT pg_advisory_unlock($1)")
                .bind(PREPARING)
                .execute(&mut connection)
                .await
                .expect("let the next preparation begin");
        }
        self.make(&mut connection, &template).await
    }

    async fn make(&self, connection: &mut PgConnection, template: &str) -> Database {
        let name: String = sqlx::query_scalar("SELECT 'test_' || replace(gen_random_uuid()::text, '-', '')")
            .fetch_one(&mut *connection)
            .await
            .expect("make a name");
        // Where nothing waits for the disk, this is the faster of the two ways.
        run(connection, &format!("CREATE DATABASE {name} TEMPLATE {} STRATEGY file_copy", quoted(template))).await;
        Database { server: self.clone(), name }
    }

    async fn keep_as(&self, connection: &mut PgConnection, database: Database, template: &str) {
        // Nobody may be connected to a database that is copied.
        run(connection, &format!("ALTER DATABASE {} ALLOW_CONNECTIONS false", database.name)).await;
        sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1")
            .bind(&database.name)
            .execute(&mut *connection)
            .await
            .expect("end the preparation's connections");
        let template = quoted(template);
        run(connection, &format!("ALTER DATABASE {} RENAME TO {template}", database.name)).await;
        // There is no database of the old name any more.
        std::mem::forget(database);
    }
}

async fn is_prepared(connection: &mut PgConnection, template: &str) -> bool {
    sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .bind(template)
        .fetch_one(connection)
        .await
        .expect("look for a prepared database")
}

async fn run(connection: &mut PgConnection, statement: &str) {
    connection.execute(AssertSqlSafe(statement)).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A database of one test. Dropping this drops it, whoever is still connected.
#[derive(Debug)]
pub struct Database {
    server: Server,
    name: String,
}

impl Database {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its address as superuser.
    #[must_use]
    pub fn url(&self) -> String {
        let mut url = self.server.url.clone();
        url.set_path(&self.name);
        url.into()
    }

    /// Its address as another role. A [`Cluster`](super::Cluster) and the shared server ask
    /// these for no password.
    ///
    /// # Panics
    ///
    /// Never: the server's address has a host.
    #[must_use]
    pub fn url_as(&self, role: &str, password: Option<&str>) -> String {
        let mut url = self.server.url.clone();
        url.set_path(&self.name);
        url.set_username(role).expect("an address with a host");
        url.set_password(password).expect("an address with a host");
        url.into()
    }

    /// The server that it is in.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Connects to it as superuser.
    ///
    /// # Panics
    ///
    /// If the server does not answer.
    pub async fn connect(&self) -> PgConnection {
        Server::at(&self.url()).connect().await
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let server = self.server.clone();
        // The test's own runtime cannot be waited for here. If the server does not answer, it
        // is gone and the database with it.
        let _ = block_on(async move {
            let mut connection = server.try_connect().await?;
            connection.execute(AssertSqlSafe(statement)).await?;
            connection.close().await
        });
    }
}

/// Runs `work` to its end on a thread of its own, whether or not the caller is asynchronous.
pub(crate) fn block_on<T: Send + 'static>(
    work: impl Future<Output = Result<T, sqlx::Error>> + Send + 'static,
) -> Result<T, sqlx::Error> {
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(work)
    });
    thread.join().unwrap_or(Err(sqlx::Error::WorkerCrashed))
}
