//! The last activity of sessions, written lazily.

use crate::App;
use keystead_domain::{Result, SessionId, Timestamp};
use keystead_store::SessionActivity;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// A session's activity is written again only when what is written is older than this, in seconds.
const GRANULARITY: i64 = 60;
/// At most so many are written in one statement.
const BATCH: usize = 1_000;

/// The sessions whose last activity is still to be written: at most one entry for each.
#[derive(Default)]
pub(crate) struct Activity(Mutex<HashMap<SessionId, Timestamp>>);

impl Activity {
    fn lock(&self) -> MutexGuard<'_, HashMap<SessionId, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that `session` is used at `now`; `written` is what the store has.
    pub(crate) fn note(&self, session: SessionId, written: Timestamp, now: Timestamp) {
        if now.seconds_since(written) >= GRANULARITY {
            self.lock().insert(session, now);
        }
    }

    /// Writes what waits.
    pub(crate) async fn flush(&self, app: &App) -> Result<()> {
        let waiting = std::mem::take(&mut *self.lock());
        let activity: Vec<_> = waiting.into_iter().map(|(session_id, at)| SessionActivity { session_id, at }).collect();
        let mut failure = Ok(());
        for batch in activity.chunks(BATCH) {
            if let Err(error) = app.store.record_activity(batch).await {
                self.put_back(batch);
                failure = Err(error);
            }
        }
        failure
    }

    fn put_back(&self, activity: &[SessionActivity]) {
        let mut waiting = self.lock();
        for SessionActivity { session_id, at } in activity {
            let entry = waiting.entry(*session_id).or_insert(*at);
            *entry = (*entry).max(*at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, now, session};
    use keystead_domain::Error;

    #[tokio::test]
    async fn activity_is_written_once_a_minute_and_kept_until_it_is() {
        let mut test = TestApp::new();
        let mut calls = 0;
        test.store.answers.expect_record_activity().times(2).returning(move |activity| {
            calls += 1;
            assert_eq!(activity, [SessionActivity { session_id: session(1), at: now().plus_seconds(5) }]);
            if calls == 1 { Err(Error::busy(1)) } else { Ok(()) }
        });
        let app = test.build();
        app.activity.note(session(1), now().plus_seconds(-60), now());
        app.activity.note(session(1), now().plus_seconds(-60), now().plus_seconds(5));
        app.activity.note(session(2), now().plus_seconds(-59), now());
        assert!(app.activity.flush(&app).await.is_err());
        app.activity.flush(&app).await.unwrap();
        app.activity.flush(&app).await.unwrap();
    }
}
