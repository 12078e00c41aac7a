use super::*;
use crate::engine::{Access, SqlStore, SqlUnitOfWork, StoreSettings, StoreTarget};
use keystead_domain::Scope;
use sea_orm::{ConnectionTrait, DbBackend};
use std::time::Duration;

fn statement(sql: &str, values: impl IntoIterator<Item = i32>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Sqlite, sql, values.into_iter().map(Value::from))
}

fn after(
    waiting: &Waiting,
    sql: &str,
    values: impl IntoIterator<Item = i32>,
) -> Result<(String, Vec<Value>), Vec<Value>> {
    let values = Values(values.into_iter().map(Value::from).collect());
    waiting.followed_by(sql, values).map(|(sql, Values(values))| (sql, values)).map_err(|Values(values)| values)
}

#[test]
fn the_values_of_each_statement_stay_its_own() {
    let mut waiting = Waiting::to_open("BEGIN");
    assert!(!waiting.writes());
    assert_eq!(after(&waiting, "SELECT ?", [1]), Ok(("BEGIN;SELECT ?".to_owned(), vec![1.into()])));
    waiting.add(statement("INSERT INTO a VALUES (?, ?)", [1, 2])).unwrap();
    waiting.add(statement("UPDATE b SET \"c?\" = $2, d = '$1''?' WHERE e = $1 AND f = $2", [3, 4])).unwrap();
    assert!(waiting.writes());
    let (sql, values) = after(&waiting, "INSERT INTO g VALUES (?, '?', ?)", [5, 6]).unwrap();
    let expected = "BEGIN;INSERT INTO a VALUES (?, ?);UPDATE b SET \"c?\" = $4, d = '$1''?' WHERE e = $3 AND f = $4;\
                    INSERT INTO g VALUES ($5, '?', $6)";
    assert_eq!((sql.as_str(), values), (expected, (1..=6).map(Value::from).collect()));
    assert_eq!(after(&waiting, "COMMIT", []).unwrap().0.rsplit(';').next(), Some("COMMIT"));
    waiting.clear();
    assert_eq!(after(&waiting, "SELECT $1", [1]), Ok(("SELECT $1".to_owned(), vec![1.into()])));
}

#[test]
fn values_that_cannot_be_told_apart_go_alone() {
    let mut waiting = Waiting::default();
    waiting.add(statement("INSERT INTO a VALUES (?)", [1])).unwrap();
    for (sql, values) in [("SELECT 'it -- ?", 1), ("SELECT ?", 2), ("SELECT $3", 2)] {
        let values = 0..values;
        assert_eq!(after(&waiting, sql, values.clone()), Err(values.map(Value::from).collect()), "{sql}");
    }
    let alone = statement("SELECT 1", [1]);
    assert_eq!(waiting.add(alone.clone()), Err(alone));
    assert_eq!(after(&waiting, "COMMIT", []).unwrap().0, "INSERT INTO a VALUES (?);COMMIT");
}

#[test]
fn two_are_one_on_postgres() {
    let one = in_one(statement("INSERT INTO a VALUES ($1, $2)", [1, 2]), statement("INSERT INTO b VALUES ($1)", [3]));
    assert_eq!(one.sql, "WITH first AS (INSERT INTO a VALUES ($1, $2)) INSERT INTO b VALUES ($3)");
    assert_eq!(one.values, Some(Values((1..=3).map(Value::from).collect())));
}

/// A store in a file, with a table `a` of one column, whose values differ.
async fn store(folder: &tempfile::TempDir) -> SqlStore {
    let file = folder.path().join("store.db");
    let store = SqlStore::connect(&StoreSettings::new(StoreTarget::Sqlite(file))).await.unwrap();
    let work = store.begin_sql(Scope::NONE).await.unwrap();
    work.connection().execute_unprepared("CREATE TABLE a (b INTEGER PRIMARY KEY)").await.unwrap();
    work.commit_sql().await.unwrap();
    store
}

async fn add(work: &SqlUnitOfWork, value: i32) {
    work.connection().execute_along(statement("INSERT INTO a VALUES (?)", [value])).await.unwrap();
}

async fn held(work: &SqlUnitOfWork) -> Vec<i32> {
    let rows = work.connection().query_all_raw(statement("SELECT b FROM a ORDER BY b", [])).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

async fn stored(store: &SqlStore) -> Vec<i32> {
    held(&store.read_sql(Scope::NONE).await.unwrap()).await
}

#[tokio::test]
async fn what_goes_along_is_there_for_the_next_statement_and_after_the_commit() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    let work = store.begin_sql(Scope::NONE).await.unwrap();
    add(&work, 1).await;
    add(&work, 2).await;
    assert_eq!(held(&work).await, [1, 2]);
    add(&work, 3).await;
    work.commit_sql().await.unwrap();
    assert_eq!(stored(&store).await, [1, 2, 3]);
    // What is given up is not kept, sent or not.
    let work = store.begin_sql(Scope::NONE).await.unwrap();
    add(&work, 4).await;
    drop(work);
    let work = store.begin_sql(Scope::NONE).await.unwrap();
    add(&work, 5).await;
    assert_eq!(held(&work).await, [1, 2, 3, 5]);
    add(&work, 6).await;
    drop(work);
    assert_eq!(stored(&store).await, [1, 2, 3]);
}

#[tokio::test]
async fn one_that_fails_keeps_all_from_being_committed() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    let work = store.begin_sql(Scope::NONE).await.unwrap();
    for value in [1, 2, 1, 3] {
        add(&work, value).await;
    }
    assert!(work.commit_sql().await.is_err());
    assert_eq!(stored(&store).await, [0; 0]);
    let work = store.begin_sql(Scope::NONE).await.unwrap();
    add(&work, 1).await;
    add(&work, 1).await;
    assert!(work.connection().query_all_raw(statement("SELECT b FROM a", [])).await.is_err());
    assert!(work.commit_sql().await.is_err());
    assert_eq!(stored(&store).await, [0; 0]);
}

#[tokio::test]
async fn rows_are_counted_of_the_statement_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    let work = store.begin_sql(Scope::NONE).await.unwrap();
    work.connection().execute_raw(statement("INSERT INTO a VALUES (1), (2), (3)", [])).await.unwrap();
    work.commit_sql().await.unwrap();
    let work = store.begin_sql(Scope::NONE).await.unwrap();
    let done = work.connection().execute_raw(statement("UPDATE a SET b = 4 WHERE b = ?", [9])).await.unwrap();
    assert_eq!(done.rows_affected(), 0);
    add(&work, 5).await;
    let done = work.connection().execute_raw(statement("DELETE FROM a WHERE b < ?", [3])).await.unwrap();
    assert_eq!(done.rows_affected(), 2);
}

#[tokio::test]
async fn whoever_goes_away_leaves_nothing_open() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    for round in 0..50 {
        let work = store.begin_sql(Scope::NONE).await.unwrap();
        add(&work, round).await;
        let cut_off = tokio::time::timeout(Duration::from_micros(round as u64 * 2), held(&work)).await;
        if cut_off.is_err() && round % 2 == 0 {
            // What may have been sent is not sent again.
            assert!(work.commit_sql().await.is_err());
            assert!(!stored(&store).await.contains(&round));
        } else {
            drop(work);
        }
        let next = store.open(Scope::NONE, Access::Write).await.unwrap();
        add(&next, 1_000 + round).await;
        next.commit_sql().await.unwrap();
        assert!(stored(&store).await.contains(&(1_000 + round)));
    }
}
