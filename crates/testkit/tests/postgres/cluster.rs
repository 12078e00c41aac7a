//! Servers of one's own.

use keystead_testkit::postgres::{Cluster, Options};
use sqlx::{Connection, Executor, PgConnection};

async fn setting(connection: &mut PgConnection, name: &str) -> String {
    sqlx::query_scalar("SELECT current_setting($1)").bind(name).fetch_one(connection).await.unwrap()
}

#[tokio::test]
async fn two_run_side_by_side_with_their_own_settings() {
    let one = Cluster::start(Options::default());
    let other = Cluster::start(Options {
        fsync: true,
        settings: vec![("application_name".to_owned(), "it's".to_owned())],
        ..Options::default()
    });
    assert_ne!(one.port(), other.port());
    let mut in_one = one.server().connect().await;
    let mut in_other = other.server().connect().await;
    assert_eq!(setting(&mut in_one, "fsync").await, "off");
    assert_eq!(setting(&mut in_other, "fsync").await, "on");
    assert_eq!(setting(&mut in_other, "listen_addresses").await, "127.0.0.1");
    // What the client sends wins over the server's, so it is looked up where it was set.
    let set: String = sqlx::query_scalar("SELECT setting FROM pg_file_settings WHERE name = 'application_name'")
        .fetch_one(&mut in_other)
        .await
        .unwrap();
    assert_eq!(set, "it's");
    in_one.execute("CREATE DATABASE only_here").await.unwrap();
    let there: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'only_here')")
        .fetch_one(&mut in_other)
        .await
        .unwrap();
    assert!(!there);
}

#[tokio::test]
async fn a_crash_loses_nothing_that_was_acknowledged() {
    let mut cluster = Cluster::start(Options { fsync: true, ..Options::default() });
    let mut connection = cluster.server().connect().await;
    connection.execute("CREATE TABLE t (id int)").await.unwrap();
    connection.execute("INSERT INTO t VALUES (1)").await.unwrap();
    let mut open = cluster.server().connect().await;
    open.execute("BEGIN; INSERT INTO t VALUES (2)").await.unwrap();

    let port = cluster.port();
    cluster.crash();
    assert!(connection.ping().await.is_err());
    assert!(cluster.server().url().contains(&port.to_string()));
    cluster.restart();

    assert_eq!(cluster.port(), port);
    assert!(cluster.log().contains("was not properly shut down"), "{}", cluster.log());
    let mut connection = cluster.server().connect().await;
    let rows: Vec<i32> = sqlx::query_scalar("SELECT id FROM t").fetch_all(&mut connection).await.unwrap();
    assert_eq!(rows, [1]);
}

#[tokio::test]
async fn crashes_in_the_middle_of_writing_are_survived_again_and_again() {
    let mut cluster = Cluster::start(Options { fsync: true, ..Options::default() });
    let mut connection = cluster.server().connect().await;
    connection.execute("CREATE TABLE t (id int PRIMARY KEY)").await.unwrap();
    let mut acknowledged = 0;
    for _ in 0..5 {
        let mut writer = cluster.server().connect().await;
        let first = acknowledged + 1;
        let writing = tokio::spawn(async move {
            let mut last = first;
            while sqlx::query("INSERT INTO t VALUES ($1)").bind(last).execute(&mut writer).await.is_ok() {
                last += 1;
            }
            last - 1
        });
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        cluster = tokio::task::spawn_blocking(move || {
            cluster.crash();
            cluster.restart();
            cluster
        })
        .await
        .unwrap();
        acknowledged = writing.await.unwrap();
        assert!(acknowledged >= first, "nothing was written");
        let mut connection = cluster.server().connect().await;
        let kept: i32 = sqlx::query_scalar("SELECT max(id) FROM t").fetch_one(&mut connection).await.unwrap();
        // The last one may have been committed without an answer.
        assert!(kept == acknowledged || kept == acknowledged + 1, "{kept}, {acknowledged}");
        acknowledged = kept;
    }
}

#[tokio::test]
async fn a_restart_keeps_port_and_data() {
    let mut cluster = Cluster::start(Options::default());
    let mut connection = cluster.server().connect().await;
    connection.execute("CREATE TABLE t AS SELECT 1 AS id").await.unwrap();
    connection.close().await.unwrap();
    let url = cluster.server().url().to_owned();
    cluster.restart();
    assert_eq!(cluster.server().url(), url);
    let mut connection = cluster.server().connect().await;
    let rows: Vec<i32> = sqlx::query_scalar("SELECT id FROM t").fetch_all(&mut connection).await.unwrap();
    assert_eq!(rows, [1]);
    cluster.stop();
    assert!(connection.ping().await.is_err());
    cluster.restart();
    cluster.server().connect().await;
}

#[tokio::test]
async fn only_the_superuser_needs_a_password_unless_a_rule_says_so() {
    let cluster = Cluster::start(Options {
        access_rules: vec!["host all guarded 127.0.0.1/32 scram-sha-256".to_owned()],
        ..Options::default()
    });
    let database = cluster.server().database().await;
    let mut connection = database.connect().await;
    connection.execute("CREATE ROLE guarded LOGIN PASSWORD 'x'; CREATE ROLE free LOGIN").await.unwrap();
    let connects = async |url: String| PgConnection::connect(&url).await.is_ok();
    assert!(connects(database.url()).await);
    assert!(!connects(database.url_as("postgres", None)).await);
    assert!(!connects(database.url_as("postgres", Some("wrong"))).await);
    assert!(connects(database.url_as("free", None)).await);
    assert!(!connects(database.url_as("guarded", None)).await);
    assert!(connects(database.url_as("guarded", Some("x"))).await);
    assert!(cluster.directory().join(format!(".s.PGSQL.{}", cluster.port())).exists());
}

#[test]
#[should_panic(expected = "unrecognized configuration parameter")]
fn a_server_that_does_not_start_says_why() {
    let settings = vec![("no_such_setting".to_owned(), "1".to_owned())];
    let _ = Cluster::start(Options { settings, ..Options::default() });
}
