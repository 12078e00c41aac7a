//! What of the statements is logged: slow ones always, all where that is wanted, and never their values.

use super::{Place, read_teams};
use keystead_store::Store;
use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
    time::Duration,
};
use tracing::Level;

/// What this thread logs.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl Write for Heard {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is logged while teams are read, with this threshold.
async fn log(slow: Duration, all: bool, blocked: Duration) -> String {
    let place = Place::with(|settings| {
        settings.slow_statement = slow;
        settings.log_statements = all;
    })
    .await;
    let heard = Heard::default();
    let writer = heard.clone();
    let listener = tracing_subscriber::fmt()
        .with_max_level(Level::DEBUG)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let listening = tracing::subscriber::set_default(listener);
    let other = if blocked.is_zero() { None } else { Some(place.lock_teams().await) };
    let unit = place.begin().await.unwrap();
    let unblock = async {
        tokio::time::sleep(blocked).await;
        drop(other);
    };
    let (read, ()) = tokio::join!(read_teams(&*unit), unblock);
    read.unwrap();
    unit.commit().await.unwrap();
    drop(listening);
    place.store.close().await.unwrap();
    let heard = heard.0.lock().unwrap().clone();
    String::from_utf8(heard).unwrap()
}

const NEVER: Duration = Duration::from_secs(3_600);

#[tokio::test]
async fn a_slow_statement_is_logged_without_its_values() {
    let heard = log(Duration::from_millis(250), false, Duration::from_millis(400)).await;
    let slow: Vec<_> = heard.lines().filter(|line| line.contains("slow statement")).collect();
    assert_eq!(slow.len(), 1, "{heard}");
    assert!(slow[0].contains("WARN") && slow[0].contains("teams") && slow[0].contains("millis="), "{heard}");
    assert!(!slow[0].contains("018f0000-0000-7000-8000-00000000000a"), "{heard}");
}

#[tokio::test]
async fn quick_ones_are_not() {
    assert_eq!(log(NEVER, false, Duration::ZERO).await, "");
}

#[tokio::test]
async fn every_statement_is_logged_where_that_is_wanted() {
    let heard = log(NEVER, true, Duration::ZERO).await;
    let count = |part: &str| heard.lines().filter(|line| line.contains(part)).count();
    assert!(count("BEGIN") == 1 && count("FROM") == 1 && count("COMMIT") == 1, "{heard}");
    assert_eq!(count("slow statement"), 0);
}
