//! Databases in the shared server.

use std::sync::atomic::{AtomicU32, Ordering};

use keystead_testkit::postgres::{Cluster, Options, shared};
use sqlx::{Executor, PgConnection};

async fn exists(connection: &mut PgConnection, name: &str) -> bool {
    sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .bind(name)
        .fetch_one(connection)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_database_is_dropped_with_its_connections() {
    let server = shared().await;
    let database = server.database().await;
    let name = database.name().to_owned();
    let mut connected = database.connect().await;
    let current: String = sqlx::query_scalar("SELECT current_database()").fetch_one(&mut connected).await.unwrap();
    assert_eq!(current, name);
    let mut outside = server.connect().await;
    assert!(exists(&mut outside, &name).await);
    drop(database);
    assert!(!exists(&mut outside, &name).await);
    assert!(connected.execute("SELECT 1").await.is_err());
}

#[tokio::test]
async fn it_has_what_the_application_needs() {
    let database = shared().await.database().await;
    let mut connection = database.connect().await;
    let encoding: String = sqlx::query_scalar("SHOW server_encoding").fetch_one(&mut connection).await.unwrap();
    assert_eq!(encoding, "UTF8");
    let connections: String = sqlx::query_scalar("SHOW max_connections").fetch_one(&mut connection).await.unwrap();
    assert_eq!(connections, "300");
}

#[tokio::test]
async fn a_prepared_database_is_filled_once_and_copied() {
    let cluster = Cluster::start(Options::default());
    let server = cluster.server();
    let filled = AtomicU32::new(0);
    let copy = || {
        server.database_from("some-content", async |database| {
            filled.fetch_add(1, Ordering::Relaxed);
            let mut connection = database.connect().await;
            connection.execute("CREATE ROLE somebody").await.unwrap();
            connection.execute("CREATE TABLE t AS SELECT 7 AS id").await.unwrap();
            // A connection left open would keep others from copying it.
            std::mem::forget(connection);
        })
    };
    let copies = tokio::join!(copy(), copy(), copy(), copy());
    assert_eq!(filled.load(Ordering::Relaxed), 1);
    for database in [&copies.0, &copies.1, &copies.2, &copies.3] {
        let mut connection = database.connect().await;
        let found: i32 = sqlx::query_scalar("SELECT id FROM t").fetch_one(&mut connection).await.unwrap();
        assert_eq!(found, 7);
        connection.execute("UPDATE t SET id = 8").await.unwrap();
    }
}

#[tokio::test]
async fn a_preparation_that_fails_is_tried_again() {
    let cluster = Cluster::start(Options::default());
    let server = cluster.server().clone();
    let failed = tokio::task::LocalSet::new()
        .run_until(async move {
            let work = async move { server.database_from("x", async |_| panic!("no")).await };
            tokio::task::spawn_local(work).await
        })
        .await;
    assert!(failed.is_err());
    let database = cluster.server().database_from("x", async |_| ()).await;
    database.connect().await;
}
