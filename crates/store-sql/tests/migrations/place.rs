//! Where a test's database is.

use keystead_domain::{FixedClock, Timestamp};
use keystead_store_sql::migrate::{Migration, MigrationTarget, Migrator};
use keystead_testkit::{
    postgres::{Database, shared},
    sqlite::TempDatabase,
};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{str::FromStr, sync::Arc};

/// One database of either engine, gone with the test.
pub(crate) enum Place {
    Postgres(Database),
    Sqlite(TempDatabase),
}

/// One of each.
pub(crate) async fn both() -> [Place; 2] {
    [Place::Sqlite(TempDatabase::new()), postgres().await]
}

pub(crate) async fn postgres() -> Place {
    Place::Postgres(shared().await.database().await)
}

pub(crate) fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::at(Timestamp::parse("2026-11-21T01:02:03.123456Z").unwrap()))
}

impl Place {
    pub(crate) fn target(&self) -> MigrationTarget {
        match self {
            Self::Postgres(database) => MigrationTarget::Postgres(Box::new(database.url().parse().unwrap())),
            Self::Sqlite(file) => MigrationTarget::Sqlite(file.path()),
        }
    }
    pub(crate) fn migrator(&self) -> Migrator {
        Migrator::new(self.target(), clock())
    }
    pub(crate) fn migrator_with(&self, migrations: &[Migration]) -> Migrator {
        self.migrator().with_migrations(migrations.to_vec())
    }
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }
    pub(crate) fn database(&self) -> &Database {
        match self {
            Self::Postgres(database) => database,
            Self::Sqlite(_) => panic!("not PostgreSQL"),
        }
    }
    async fn sqlite(&self) -> SqliteConnection {
        let Self::Sqlite(file) = self else { panic!("not SQLite") };
        let options = SqliteConnectOptions::from_str(&format!("sqlite:{}", file.path().display())).unwrap();
        SqliteConnection::connect_with(&options).await.unwrap()
    }
    /// Connects as `role`, to the schema.
    pub(crate) async fn connect_as(&self, role: &str) -> PgConnection {
        in_schema(PgConnection::connect(&self.database().url_as(role, None)).await.unwrap()).await
    }
    /// Connects as superuser, to the schema.
    pub(crate) async fn connect_as_superuser(&self) -> PgConnection {
        in_schema(self.database().connect().await).await
    }
    /// Runs statements as the strongest there is (on PostgreSQL as the owner of the tables).
    pub(crate) async fn run(&self, sql: &str) -> Result<(), sqlx::Error> {
        match self {
            Self::Postgres(database) => {
                let mut connection = database.connect().await;
                let sql = format!("SET search_path = keystead, pg_temp; {sql}");
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.map(drop)
            }
            Self::Sqlite(_) => {
                sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut self.sqlite().await).await.map(drop)
            }
        }
    }
    /// One number.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        match self {
            Self::Postgres(database) => {
                let mut connection = in_schema(database.connect().await).await;
                sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_one(&mut connection).await.unwrap().get(0)
            }
            Self::Sqlite(_) => {
                sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_one(&mut self.sqlite().await).await.unwrap().get(0)
            }
        }
    }
    /// The names of the tables that are there.
    pub(crate) async fn tables(&self) -> Vec<String> {
        let (postgres, sqlite) = (
            "SELECT relname::text FROM pg_class WHERE relnamespace = 'keystead'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1",
            "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1",
        );
        match self {
            Self::Postgres(database) => {
                sqlx::query_scalar(postgres).fetch_all(&mut database.connect().await).await.unwrap()
            }
            Self::Sqlite(_) => sqlx::query_scalar(sqlite).fetch_all(&mut self.sqlite().await).await.unwrap(),
        }
    }
}

async fn in_schema(mut connection: PgConnection) -> PgConnection {
    sqlx::raw_sql("SET search_path = keystead, pg_temp").execute(&mut connection).await.unwrap();
    connection
}
