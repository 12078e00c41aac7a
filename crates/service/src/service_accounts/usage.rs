//! The last use of keys, written lazily.

use crate::App;
use keystead_domain::{ApiKeyId, Result, Timestamp};
use keystead_store::ApiKeyUse;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// A key's use is written again only when what is written is older than this, in seconds.
const GRANULARITY: i64 = 60;
/// At most so many are written in one statement.
const BATCH: usize = 1_000;

/// The keys whose last use is still to be written: at most one entry for each.
#[derive(Default)]
pub(crate) struct KeyUsage(Mutex<HashMap<ApiKeyId, Timestamp>>);

impl KeyUsage {
    fn lock(&self) -> MutexGuard<'_, HashMap<ApiKeyId, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that `key` is used at `now`; `written` is what the store has.
    pub(crate) fn note(&self, key: ApiKeyId, written: Option<Timestamp>, now: Timestamp) {
        if written.is_none_or(|written| now.seconds_since(written) >= GRANULARITY) {
            self.lock().insert(key, now);
        }
    }

    /// Writes what waits.
    pub(crate) async fn flush(&self, app: &App) -> Result<()> {
        let waiting = std::mem::take(&mut *self.lock());
        let uses: Vec<_> = waiting.into_iter().map(|(id, at)| ApiKeyUse { id, at }).collect();
        let mut failure = Ok(());
        for batch in uses.chunks(BATCH) {
            if let Err(error) = app.store.record_api_key_use(batch).await {
                self.put_back(batch);
                failure = Err(error);
            }
        }
        failure
    }

    fn put_back(&self, uses: &[ApiKeyUse]) {
        let mut waiting = self.lock();
        for ApiKeyUse { id, at } in uses {
            let entry = waiting.entry(*id).or_insert(*at);
            *entry = (*entry).max(*at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        background,
        testing::{TestApp, now},
    };
    use keystead_domain::Error;
    use uuid::Uuid;

    #[tokio::test]
    async fn use_is_written_once_a_minute_and_kept_until_it_is() {
        let key = |number| ApiKeyId::from_uuid(Uuid::from_u128(number));
        let mut test = TestApp::new();
        let mut calls = 0;
        test.store.access.expect_record_api_key_use().times(2).returning(move |uses| {
            calls += 1;
            let mut uses = uses.to_vec();
            uses.sort_by_key(|one| one.id);
            let at = now().plus_seconds(5);
            assert_eq!(uses, [ApiKeyUse { id: key(1), at }, ApiKeyUse { id: key(2), at: now() }]);
            if calls == 1 { Err(Error::busy(1)) } else { Ok(()) }
        });
        let app = test.build();
        app.key_usage.note(key(1), Some(now().plus_seconds(-60)), now());
        app.key_usage.note(key(1), Some(now().plus_seconds(-60)), now().plus_seconds(5));
        app.key_usage.note(key(2), None, now());
        app.key_usage.note(key(3), Some(now().plus_seconds(-59)), now());
        assert!(background::flush(&app).await.is_err());
        background::flush(&app).await.unwrap();
        background::flush(&app).await.unwrap();
    }
}
