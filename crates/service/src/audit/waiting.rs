//! Events that are not part of a change: collected in memory and written in batches, so that nobody waits for them.

use super::{Event, append};
use crate::App;
use keystead_domain::{ErrorKind, OrganizationId, Result, Scope};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// No more than this many wait, as they would while the store fails. Then the oldest are given up, which is counted and logged.
pub(super) const MOST_WAITING: usize = 50_000;
/// No more than this many bytes of names wait, beside what each takes by itself.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// At most so many are written in one transaction.
const BATCH: usize = 500;

/// What can wait to be written.
pub(crate) trait Waits: Send + Sync {
    /// Whose trail it goes into.
    fn organization(&self) -> OrganizationId;
    /// How many bytes of names it holds.
    fn bytes(&self) -> usize;
    /// The event.
    ///
    /// # Errors
    /// Only when a value cannot be written as JSON.
    fn event(&self) -> Result<Event>;
}

/// What is still to be written.
pub(crate) struct Waiting<T> {
    /// What they are, for the log.
    what: &'static str,
    queue: Mutex<Queue<T>>,
}

struct Queue<T> {
    entries: VecDeque<T>,
    bytes: usize,
}

impl<T: Waits> Waiting<T> {
    pub(super) fn new(what: &'static str) -> Self {
        Self { what, queue: Mutex::new(Queue { entries: VecDeque::new(), bytes: 0 }) }
    }

    fn lock(&self) -> MutexGuard<'_, Queue<T>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets `entries` wait, and gives up the oldest where there is no room. This only takes memory, never time of the store.
    pub(super) fn add(&self, entries: impl IntoIterator<Item = T>) {
        let mut queue = self.lock();
        for entry in entries {
            queue.bytes += entry.bytes();
            queue.entries.push_back(entry);
        }
        let surplus = queue.shorten();
        drop(queue);
        self.given_up(surplus);
    }

    /// Writes what waits, organization by organization. What cannot be written waits on.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn flush(&self, app: &App) -> Result<()> {
        let mut organizations: HashMap<OrganizationId, VecDeque<T>> = HashMap::new();
        for entry in self.take() {
            organizations.entry(entry.organization()).or_default().push_back(entry);
        }
        let (mut left, mut failure, mut is_away) = (Vec::new(), Ok(()), false);
        for (organization, mut entries) in organizations {
            while !is_away && !entries.is_empty() {
                let batch: Vec<T> = entries.drain(..BATCH.min(entries.len())).collect();
                if let Err(error) = write(app, organization, &batch).await {
                    // A store that cannot be reached is not asked again for each batch.
                    is_away = matches!(error.kind, ErrorKind::Busy | ErrorKind::Timeout);
                    left.extend(batch);
                    failure = Err(error);
                }
            }
            left.extend(entries);
        }
        self.put_back(left);
        failure
    }

    fn take(&self) -> VecDeque<T> {
        let mut queue = self.lock();
        queue.bytes = 0;
        std::mem::take(&mut queue.entries)
    }

    /// Before what has come meanwhile.
    fn put_back(&self, entries: Vec<T>) {
        if entries.is_empty() {
            return;
        }
        let mut queue = self.lock();
        for entry in entries.into_iter().rev() {
            queue.bytes += entry.bytes();
            queue.entries.push_front(entry);
        }
        let surplus = queue.shorten();
        drop(queue);
        self.given_up(surplus);
    }

    fn given_up(&self, surplus: u64) {
        if surplus > 0 {
            metrics::counter!("keystead_audit_events_given_up_total").increment(surplus);
            tracing::error!(
                events = surplus,
                "{} could not be recorded in the audit trail and were given up",
                self.what
            );
        }
    }

    #[cfg(test)]
    pub(super) fn first(&self) -> Option<OrganizationId> {
        self.lock().entries.front().map(Waits::organization)
    }
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.lock().entries.len()
    }
}

impl<T: Waits> Queue<T> {
    /// Drops the oldest for which there is no room, and says how many.
    fn shorten(&mut self) -> u64 {
        let mut surplus = 0;
        while self.entries.len() > MOST_WAITING || self.bytes > MOST_BYTES {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.bytes -= oldest.bytes();
            surplus += 1;
        }
        surplus
    }
}

async fn write<T: Waits>(app: &App, organization: OrganizationId, batch: &[T]) -> Result<()> {
    let events = batch.iter().map(Waits::event).collect::<Result<_>>()?;
    let unit = app.store.begin(Scope::organization(organization)).await?;
    append(&*unit, app, organization, events).await?;
    unit.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, member, organization};
    use keystead_domain::Error;
    use keystead_store::mocks::MockUnitOfWork;

    /// An event of organization `place` that holds so many bytes.
    struct Large(u128, usize);

    impl Waits for Large {
        fn organization(&self) -> OrganizationId {
            organization(self.0)
        }
        fn bytes(&self) -> usize {
            self.1
        }
        fn event(&self) -> Result<Event> {
            Ok(Event::new(&member(self.0, 7), "access.denied", "access"))
        }
    }

    #[test]
    fn no_more_bytes_wait_than_there_is_room_for() {
        let waiting = Waiting::new("things");
        waiting.add([Large(1, 10), Large(2, MOST_BYTES - 20)]);
        assert_eq!((waiting.len(), waiting.first()), (2, Some(organization(1))));
        waiting.add([Large(3, 11)]);
        assert_eq!((waiting.len(), waiting.first()), (2, Some(organization(2))));
        waiting.add([Large(4, MOST_BYTES + 1)]);
        assert_eq!(waiting.len(), 0);
        waiting.add([Large(5, MOST_BYTES)]);
        assert_eq!(waiting.len(), 1);
    }

    #[tokio::test]
    async fn a_store_that_cannot_be_reached_is_asked_once_and_the_rest_waits_in_order() {
        let test = TestApp::new();
        let mut unit = MockUnitOfWork::new();
        unit.audit.expect_append().once().returning(|_, _| Err(Error::new(ErrorKind::Busy, "away", "Away.")));
        unit.keys.expect_ensure_encryption_key().returning(|_, candidate| Ok(candidate.clone()));
        test.unit(unit);
        let app = test.build();
        let waiting = Waiting::new("things");
        waiting.add((0..=BATCH).map(|_| Large(1, 1)));
        assert!(waiting.flush(&app).await.unwrap_err().is(ErrorKind::Busy));
        waiting.add([Large(2, 1)]);
        assert_eq!((waiting.len(), waiting.first()), (BATCH + 2, Some(organization(1))));
    }

    #[tokio::test]
    async fn many_are_written_in_few_transactions() {
        let (test, trail) = (TestApp::new(), Trail::default());
        for _ in 0..3 {
            let mut unit = MockUnitOfWork::new();
            trail.record(&mut unit);
            test.unit(unit);
        }
        let journal = test.journal();
        let app = test.build();
        let waiting = Waiting::new("things");
        waiting.add((0..2 * BATCH + 1).map(|_| Large(1, 1)));
        waiting.flush(&app).await.unwrap();
        assert_eq!((trail.events().len(), journal.commits(), waiting.len()), (2 * BATCH + 1, 3, 0));
    }
}
