//! Reads of sensitive values, recorded in batches where the operator wants that.

use super::{Event, append};
use crate::App;
use keystead_domain::{Caller, OrganizationId, Result, Scope, UserId, audit::Outcome};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};
use uuid::Uuid;

/// No more than this many wait, as they would while the store fails. Then the oldest are given up, and that is logged.
const MOST_WAITING: usize = 50_000;
/// At most so many are written in one transaction.
const BATCH: usize = 500;

/// The reads that are still to be written.
#[derive(Default)]
pub(crate) struct ReadLog(Mutex<VecDeque<(OrganizationId, Event)>>);

impl ReadLog {
    fn lock(&self) -> MutexGuard<'_, VecDeque<(OrganizationId, Event)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what waits, organization by organization.
    pub(crate) async fn flush(&self, app: &App) -> Result<()> {
        let waiting = std::mem::take(&mut *self.lock());
        let mut organizations: HashMap<OrganizationId, Vec<Event>> = HashMap::new();
        for (organization, event) in waiting {
            organizations.entry(organization).or_default().push(event);
        }
        let mut failure = Ok(());
        for (organization, events) in organizations {
            for batch in events.chunks(BATCH) {
                if let Err(error) = write(app, organization, batch.to_vec()).await {
                    self.add(batch.iter().map(|event| (organization, event.clone())));
                    failure = Err(error);
                }
            }
        }
        failure
    }

    fn add(&self, events: impl IntoIterator<Item = (OrganizationId, Event)>) {
        let mut waiting = self.lock();
        waiting.extend(events);
        let surplus = waiting.len().saturating_sub(MOST_WAITING);
        if surplus > 0 {
            waiting.drain(..surplus);
            tracing::error!(events = surplus, "reads could not be recorded in the audit trail and were given up");
        }
    }
}

async fn write(app: &App, organization: OrganizationId, events: Vec<Event>) -> Result<()> {
    let unit = app.store.begin(Scope::organization(organization)).await?;
    append(&*unit, app, organization, events).await?;
    unit.commit().await
}

/// Notes that the caller has read sensitive values of `resource_type`, when the operator wants reads recorded. It is
/// written within a second, with others.
pub fn note_read(
    app: &App,
    caller: &Caller,
    event_type: &'static str,
    resource_type: &'static str,
    resource: Option<Uuid>,
    subject: Option<UserId>,
) {
    if !app.settings.audit_reads {
        return;
    }
    let mut event = Event::new(caller, event_type, resource_type).outcome(Outcome::Success);
    (event.resource, event.subject) = (resource, subject);
    app.reads.add([(caller.organization_id, event)]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        background::flush,
        testing::{TestApp, Trail, member, user},
    };
    use keystead_store::mocks::MockUnitOfWork;

    fn read(app: &App, place: u128) {
        note_read(app, &member(place, 7), "user.read", "users", Some(user(9).as_uuid()), Some(user(9)));
    }

    #[tokio::test]
    async fn reads_are_recorded_in_one_transaction_for_each_organization() {
        let (mut test, trail) = (TestApp::new(), Trail::default());
        test.settings.audit_reads = true;
        for _ in 0..2 {
            let mut unit = MockUnitOfWork::new();
            trail.record(&mut unit);
            test.unit(unit);
        }
        let journal = test.journal();
        let app = test.build();
        for place in [1, 2, 1] {
            read(&app, place);
        }
        flush(&app).await.unwrap();
        assert_eq!((trail.events().len(), journal.commits()), (3, 2));
    }

    #[tokio::test]
    async fn they_are_not_when_nobody_wants_them_and_wait_while_the_store_fails() {
        let test = TestApp::new();
        let journal = test.journal();
        let app = test.build();
        read(&app, 1);
        flush(&app).await.unwrap();
        assert_eq!(journal.steps(), []);

        let mut test = TestApp::new();
        test.settings.audit_reads = true;
        let app = test.build();
        read(&app, 1);
        assert!(flush(&app).await.is_err());
        assert_eq!(app.reads.lock().len(), 1);
    }

    #[tokio::test]
    async fn no_more_of_them_wait_than_there_is_room_for() {
        let mut test = TestApp::new();
        test.settings.audit_reads = true;
        let app = test.build();
        read(&app, 1);
        for _ in 0..MOST_WAITING {
            read(&app, 2);
        }
        let waiting = app.reads.lock();
        assert_eq!((waiting.len(), waiting[0].0), (MOST_WAITING, member(2, 7).organization_id));
    }
}
