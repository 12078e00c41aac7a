//! The server ends what takes too long, and the store goes on.

use super::{LONG, Place, SHORT, read_teams};
use keystead_domain::{Error, ErrorKind};
use keystead_store_sql::PostgresSettings;
use std::time::{Duration, Instant};

/// The same limits, as settings of the session and, behind a pooler, of each transaction.
fn both(settings: PostgresSettings) -> [PostgresSettings; 2] {
    [PostgresSettings { pooler: true, ..settings.clone() }, settings]
}

fn took_too_long(error: &Error, why: &str) {
    assert_eq!((error.kind, error.code), (ErrorKind::Timeout, "timeout"), "{error:?}");
    assert!(error.internal.as_ref().unwrap().contains(why), "{error:?}");
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_ended() {
    for settings in
        both(PostgresSettings { statement_timeout: SHORT, lock_timeout: LONG, ..PostgresSettings::default() })
    {
        let place = Place::new(settings).await;
        let other = place.lock_teams().await;
        let unit = place.begin().await.unwrap();
        let begin = Instant::now();
        took_too_long(&read_teams(&*unit).await.unwrap_err(), "statement timeout");
        assert!(begin.elapsed() >= SHORT && begin.elapsed() < LONG / 2, "{:?}", begin.elapsed());
        drop((unit, other));
        let unit = place.begin().await.unwrap();
        assert_eq!(read_teams(&*unit).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_wait_for_a_lock_is_ended() {
    for settings in
        both(PostgresSettings { statement_timeout: LONG, lock_timeout: SHORT, ..PostgresSettings::default() })
    {
        let place = Place::new(settings).await;
        let other = place.lock_teams().await;
        let unit = place.begin().await.unwrap();
        took_too_long(&read_teams(&*unit).await.unwrap_err(), "lock timeout");
        drop((unit, other));
        let unit = place.begin().await.unwrap();
        assert_eq!(read_teams(&*unit).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_transaction_that_does_nothing_is_ended() {
    for settings in both(PostgresSettings { idle_in_transaction_timeout: SHORT, ..PostgresSettings::default() }) {
        let place = Place::new(settings).await;
        let unit = place.begin().await.unwrap();
        read_teams(&*unit).await.unwrap();
        tokio::time::sleep(SHORT * 3).await;
        assert_eq!(place.backends().await, Vec::<i32>::new());
        // It takes nobody's lock and holds nobody up; whoever still has it is told to begin again.
        let error = read_teams(&*unit).await.unwrap_err();
        assert!([ErrorKind::Timeout, ErrorKind::Busy].contains(&error.kind), "{error:?}");
        drop(unit);
        let unit = place.begin().await.unwrap();
        assert_eq!(read_teams(&*unit).await.unwrap(), 0);
    }
}

/// What the database says about its side of the settings.
#[tokio::test]
async fn every_limit_reaches_the_database() {
    let settings = PostgresSettings {
        statement_timeout: Duration::from_millis(1_234),
        lock_timeout: Duration::from_millis(2_345),
        idle_in_transaction_timeout: Duration::from_millis(3_456),
        ..PostgresSettings::default()
    };
    let options = settings.apply("postgres://x@127.0.0.1/y".parse().unwrap()).unwrap();
    let sent = options.get_options().unwrap();
    for part in
        ["statement_timeout=1234", "lock_timeout=2345", "idle_in_transaction_session_timeout=3456", "timezone=UTC"]
    {
        assert!(sent.contains(part), "{sent}");
    }
}
