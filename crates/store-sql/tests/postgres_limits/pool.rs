//! The pool's limits.

use super::{Place, SHORT, read_teams};
use keystead_domain::ErrorKind;
use keystead_store::Store;
use keystead_store_sql::PostgresSettings;
use std::time::{Duration, Instant};

#[tokio::test]
async fn who_waits_too_long_for_a_connection_is_told_to_come_back() {
    let settings = PostgresSettings { pool_size: 1, pool_overflow: 0, pool_wait: SHORT, ..PostgresSettings::default() };
    let place = Place::new(settings).await;
    let unit = place.begin().await.unwrap();
    let begin = Instant::now();
    let Err(error) = place.begin().await else { panic!("a second connection") };
    assert!(begin.elapsed() >= SHORT && begin.elapsed() < SHORT * 10, "{:?}", begin.elapsed());
    assert_eq!(error.kind, ErrorKind::Busy);
    assert!(error.retry_after.is_some());
    // Who waits gets it when it is given back.
    let waiting = tokio::join!(place.begin(), async { drop(unit) });
    assert_eq!(read_teams(&*waiting.0.unwrap()).await.unwrap(), 0);
}

#[tokio::test]
async fn the_pool_overflows_and_shrinks_again() {
    let settings = PostgresSettings { pool_size: 2, pool_overflow: 3, pool_wait: SHORT, ..PostgresSettings::default() };
    let place = Place::new(settings).await;
    let mut units = Vec::new();
    for _ in 0..5 {
        units.push(place.begin().await.unwrap());
    }
    assert_eq!(place.backends().await.len(), 5);
    assert_eq!(place.store.health().await.pool.max, 5);
    assert!(place.begin().await.is_err(), "a sixth connection");
    for unit in units {
        unit.commit().await.unwrap();
    }
    let begin = Instant::now();
    while place.backends().await.len() > 2 {
        assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", place.backends().await);
        // Whoever gives a connection back sees to those that nobody needs.
        place.begin().await.unwrap().commit().await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let pool = place.store.health().await.pool;
    assert!(pool.open <= 2, "{pool:?}");
}

async fn is_replaced_after(settings: PostgresSettings, wait: Duration) {
    let place = Place::new(PostgresSettings { pool_size: 1, pool_overflow: 0, ..settings }).await;
    place.begin().await.unwrap().commit().await.unwrap();
    let first = place.backends().await;
    place.begin().await.unwrap().commit().await.unwrap();
    assert_eq!(place.backends().await, first, "is used again");
    tokio::time::sleep(wait).await;
    let unit = place.begin().await.unwrap();
    read_teams(&*unit).await.unwrap();
    let second = place.backends().await;
    assert!(second.iter().all(|backend| !first.contains(backend)), "{first:?} {second:?}");
}

#[tokio::test]
async fn an_old_connection_is_replaced() {
    is_replaced_after(
        PostgresSettings { pool_recycle: Duration::from_secs(2), ..PostgresSettings::default() },
        Duration::from_millis(2_200),
    )
    .await;
}

#[tokio::test]
async fn a_connection_that_nobody_needed_is_replaced() {
    is_replaced_after(
        PostgresSettings { pool_idle: Duration::from_secs(2), ..PostgresSettings::default() },
        Duration::from_millis(2_200),
    )
    .await;
}
