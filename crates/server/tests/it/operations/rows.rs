//! Every row of the store, straight from the database.

use crate::support::{StoreKind, TestStore};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};
use std::collections::BTreeMap;

/// What goes on by itself, or records the attempts.
const LEFT_OUT: &[&str] = &[
    "audit_logs",
    "jobs",
    "schedules",
    "encryption_keys",
    "idempotency_keys",
    "sign_in_attempts",
    "schema_migrations",
];
/// Written lazily, whoever calls.
const LAZY: &[&str] = &["last_activity_at", "last_used_at"];

/// The rows of each table, as text.
pub async fn of(store: &TestStore) -> BTreeMap<String, Vec<String>> {
    match store.kind {
        StoreKind::Postgres => of_postgres(&store.url).await,
        _ => of_sqlite(&store.url).await,
    }
}

pub fn assert_same(before: &BTreeMap<String, Vec<String>>, after: &BTreeMap<String, Vec<String>>, what: &str) {
    assert!(before.len() > 10 && !before["teams"].is_empty(), "nothing was compared");
    for (table, rows) in before {
        assert_eq!(rows, &after[table], "{what} changed {table}");
    }
}

fn is_compared(table: &str) -> bool {
    !LEFT_OUT.iter().any(|left| table.starts_with(left)) && !table.starts_with("sqlite_")
}

async fn of_postgres(url: &str) -> BTreeMap<String, Vec<String>> {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let sql =
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'keystead'::regnamespace AND relkind IN ('r', 'p')";
    let tables: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut connection).await.unwrap();
    let mut all = BTreeMap::new();
    for table in tables.into_iter().filter(|table| is_compared(table)) {
        let sql = format!("SELECT (to_jsonb(t) - $1)::text FROM keystead.{table} t ORDER BY 1");
        let rows = sqlx::query_scalar(AssertSqlSafe(sql)).bind(LAZY).fetch_all(&mut connection).await.unwrap();
        all.insert(table, rows);
    }
    all
}

async fn of_sqlite(url: &str) -> BTreeMap<String, Vec<String>> {
    let mut connection = SqliteConnection::connect(url).await.unwrap();
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table'";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut connection).await.unwrap();
    let mut all = BTreeMap::new();
    for table in tables.into_iter().filter(|table| is_compared(table)) {
        let columns = format!("SELECT name FROM pragma_table_info('{table}')");
        let columns = sqlx::query(AssertSqlSafe(columns)).fetch_all(&mut connection).await.unwrap();
        let columns: Vec<String> = columns.iter().map(|row| row.get::<String, _>(0)).collect();
        let columns = columns.iter().filter(|column| !LAZY.contains(&column.as_str()));
        let columns: Vec<_> = columns.map(|column| format!("quote({column})")).collect();
        let sql = format!("SELECT {} FROM {table} ORDER BY 1", columns.join(" || ',' || "));
        let rows = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap();
        all.insert(table, rows);
    }
    all
}

/// Adds a job that waits for long and one that has ended badly; their identifiers.
pub async fn add_jobs(store: &TestStore, organization: &str, number: u32) -> [String; 2] {
    let ids = [1, 2].map(|kind| format!("0189000{kind}-0000-7000-8000-{number:012x}"));
    for (id, status, finished) in [(&ids[0], "queued", "NULL"), (&ids[1], "dead", "'2026-01-01T00:00:00+00:00'")] {
        let columns = "id, organization_id, kind, payload, status, run_at, attempts, max_attempts, progress, created_at, \
                       updated_at, finished_at";
        let rest = format!(
            "'test', '{{}}', '{status}', '2999-01-01T00:00:00+00:00', 0, 1, 0, '2026-01-01T00:00:00+00:00', \
             '2026-01-01T00:00:00+00:00', {finished}"
        );
        let simple = |id: &str| id.replace('-', "");
        if store.kind == StoreKind::Postgres {
            let sql = format!("INSERT INTO keystead.jobs ({columns}) VALUES ('{id}', '{organization}', {rest})");
            let mut connection = PgConnection::connect(&store.url).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        } else {
            let (id, organization) = (simple(id), simple(organization));
            let sql = format!("INSERT INTO jobs ({columns}) VALUES (X'{id}', X'{organization}', {rest})");
            let mut connection = SqliteConnection::connect(&store.url).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        }
    }
    ids
}

/// The audit events of a request and whose they are, oldest first.
pub async fn events(store: &TestStore, correlation: &str) -> Vec<(String, String)> {
    if store.kind == StoreKind::Postgres {
        let sql =
            "SELECT id::text, organization_id::text FROM keystead.audit_logs WHERE correlation_id = $1 ORDER BY id";
        let mut connection = PgConnection::connect(&store.url).await.unwrap();
        sqlx::query_as(sql).bind(correlation).fetch_all(&mut connection).await.unwrap()
    } else {
        let sql = "SELECT hex(id), hex(organization_id) FROM audit_logs WHERE correlation_id = $1 ORDER BY id";
        let mut connection = SqliteConnection::connect(&store.url).await.unwrap();
        sqlx::query_as(sql).bind(correlation).fetch_all(&mut connection).await.unwrap()
    }
}
