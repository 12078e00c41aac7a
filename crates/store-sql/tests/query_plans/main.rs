//! Every index serves a statement, and every statement that the server runs often finds its rows by an index.
//!
//! The statements are the store's own: each case calls a repository or a hot path on a store with many rows. On PostgreSQL
//! `auto_explain` reports the plan that was executed, those inside of functions and of foreign keys too, with row-level security in
//! force; on SQLite the statement is taken from the log and explained. An index that nothing in the product reads yet is asked by
//! the statement it was declared for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod access_cases;
mod access_rows;
mod capture;
mod cases;
#[path = "../harness/mod.rs"]
mod harness;
mod people_cases;
mod plans;
mod request_cases;
mod rows;
mod work_cases;

use cases::{Case, UNIQUE_BY_CONTRACT, Work};
use harness::{Postgres, Sqlite};
use keystead_store::{SharedStore, contracts::Harness};
use keystead_store_sql::{SqlStore, schema::TABLES};
use plans::Plan;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use std::{collections::BTreeSet, sync::Arc};

/// The tests share what is captured, so they run one after the other.
static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Whether the plan uses the index, or one of several that do the same (`a|b`).
fn uses(plan: &Plan, alternatives: &str) -> bool {
    alternatives.split('|').any(|index| plan.indexes.contains(index))
}

/// What the cases have shown.
#[derive(Default)]
struct Findings {
    /// Indexes that a case expects and its plan uses.
    proven: BTreeSet<&'static str>,
    failures: Vec<String>,
}

impl Findings {
    fn note(&mut self, case: &Case, expected: &[&'static str], plan: &Plan) {
        let missing: Vec<_> = expected.iter().filter(|alternatives| !uses(plan, alternatives)).collect();
        let scans: Vec<_> = plan.scans.iter().filter(|table| !case.scans.contains(&table.as_str())).collect();
        if !missing.is_empty() || !scans.is_empty() {
            self.failures.push(format!("{}: missing {missing:?}, scanned {scans:?}, in\n{}", case.name, plan.text));
        }
        let expected = expected.iter().flat_map(|alternatives| alternatives.split('|'));
        self.proven.extend(expected.filter(|index| plan.indexes.contains(*index)));
    }

    /// Every declared index is proven by a case, or a contract proves that it refuses equal rows.
    fn conclude(self, with_gin: bool) {
        assert!(self.failures.is_empty(), "{}", self.failures.join("\n\n"));
        let suite = include_str!("../../../store/src/contracts/suite.rs");
        for (index, contract) in UNIQUE_BY_CONTRACT {
            let contract = contract.split_once("::").unwrap().1;
            assert!(suite.contains(&format!(" {contract},")), "{index}: there is no contract {contract}");
        }
        for table in TABLES {
            for index in table.indexes.iter().filter(|index| with_gin || !index.gin) {
                let by_contract = UNIQUE_BY_CONTRACT.iter().any(|(name, _)| *name == index.name);
                let is_proven = self.proven.contains(index.name) || (by_contract && index.unique);
                assert!(is_proven, "{} serves no statement", index.name);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let harness = Postgres::new().await;
    let mut connection = harness.0.connect().await;
    sqlx::raw_sql("SET search_path = keystead, pg_temp").execute(&mut connection).await.unwrap();
    let store = harness.store().await;
    store.ensure_partitions(rows::now(), 1).await.unwrap();
    store.close().await.unwrap();
    for sql in rows::fill(true) {
        run(&mut connection, &sql).await;
    }
    for setting in [
        "session_preload_libraries = 'auto_explain'",
        "auto_explain.log_min_duration = 0",
        "auto_explain.log_nested_statements = on",
        "client_min_messages = log",
    ] {
        run(&mut connection, &format!("ALTER DATABASE {} SET {setting}", harness.0.name())).await;
    }
    let parents = plans::partitioned_indexes(&mut connection).await;
    let mut findings = Findings::default();
    // Statements that are kept prepared may be planned with their values or without.
    for mode in ["force_custom_plan", "force_generic_plan"] {
        run(&mut connection, &format!("ALTER DATABASE {} SET plan_cache_mode = {mode}", harness.0.name())).await;
        let store = harness.store().await;
        for case in &cases::all() {
            let texts = match &case.work {
                Work::Store(work) => {
                    capture::start();
                    work(store.clone()).await;
                    capture::plans()
                }
                Work::Sql(sql) => vec![explain(&mut connection, sql).await],
            };
            let plan = plans::of_postgres(&texts, &parents);
            findings.note(case, &case.postgres(), &plan);
        }
        store.close().await.unwrap();
    }
    findings.conclude(true);
}

async fn run(connection: &mut PgConnection, sql: &str) {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await;
    done.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn explain(connection: &mut PgConnection, sql: &str) -> String {
    let sql = format!("EXPLAIN {sql}");
    let lines: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(connection).await.unwrap();
    lines.join("\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let harness = Sqlite::new();
    harness.store().await.close().await.unwrap();
    let path = format!("sqlite:{}", harness.0.path().display());
    let mut connection = SqliteConnection::connect(&path).await.unwrap();
    for sql in rows::fill(false) {
        sqlx::raw_sql(AssertSqlSafe(sql.as_str()))
            .execute(&mut connection)
            .await
            .unwrap_or_else(|e| panic!("{sql}: {e}"));
    }
    // The statistics are read when a connection opens.
    let mut connection = SqliteConnection::connect(&path).await.unwrap();
    let mut settings = harness::settings(&harness.0.url());
    settings.log_statements = true;
    let store: SharedStore = Arc::new(SqlStore::connect(&settings).await.unwrap());
    let mut findings = Findings::default();
    for case in cases::all().iter().filter(|case| !case.postgres_only) {
        let statements = match &case.work {
            Work::Store(work) => {
                capture::start();
                work(store.clone()).await;
                capture::statements()
            }
            Work::Sql(sql) => vec![(*sql).to_owned()],
        };
        let plan = plans::of_sqlite(&mut connection, &statements).await;
        findings.note(case, &case.sqlite(), &plan);
    }
    findings.conclude(false);
}
