//! Reads of sensitive values, recorded in batches where the operator wants that.

use super::{Event, Waiting, Waits};
use crate::App;
use keystead_domain::{Caller, OrganizationId, Result, UserId, audit::Outcome};
use uuid::Uuid;

/// The reads that are still to be written.
pub(crate) type ReadLog = Waiting<Read>;

/// A read, and the organization that it was made in.
pub(crate) struct Read(OrganizationId, Event);

impl Waits for Read {
    fn organization(&self) -> OrganizationId {
        self.0
    }
    fn bytes(&self) -> usize {
        0
    }
    fn event(&self) -> Result<Event> {
        Ok(self.1.clone())
    }
}

/// No reads yet.
pub(crate) fn no_reads() -> ReadLog {
    Waiting::new("reads")
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
    (event.resource, event.subject, event.at) = (resource, subject, Some(app.now()));
    app.reads.add([Read(caller.organization_id, event)]);
}

#[cfg(test)]
mod tests {
    use super::{super::waiting::MOST_WAITING, *};
    use crate::{
        background::flush,
        testing::{TestApp, Trail, member, now, user},
    };
    use keystead_store::mocks::MockUnitOfWork;

    fn read(app: &App, caller: &Caller) {
        note_read(app, caller, "user.read", "users", Some(user(9).as_uuid()), Some(user(9)));
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
        let (journal, clock) = (test.journal(), test.clock.clone());
        let app = test.build();
        for place in [1, 2, 1] {
            read(&app, &member(place, 7));
        }
        // They tell when it was, however long they have waited.
        clock.advance_seconds(60);
        flush(&app).await.unwrap();
        assert_eq!((trail.events().len(), journal.commits()), (3, 2));
        assert!(trail.events().iter().all(|event| event.created_at == now()));
    }

    #[tokio::test]
    async fn they_are_not_when_nobody_wants_them_and_wait_while_the_store_fails() {
        let test = TestApp::new();
        let journal = test.journal();
        let app = test.build();
        read(&app, &member(1, 7));
        flush(&app).await.unwrap();
        assert_eq!(journal.steps(), []);

        let mut test = TestApp::new();
        test.settings.audit_reads = true;
        let app = test.build();
        read(&app, &member(1, 7));
        assert!(flush(&app).await.is_err());
        assert_eq!(app.reads.len(), 1);
    }

    #[tokio::test]
    async fn no_more_of_them_wait_than_there_is_room_for() {
        let mut test = TestApp::new();
        test.settings.audit_reads = true;
        let app = test.build();
        let (first, later) = (member(1, 7), member(2, 7));
        read(&app, &first);
        for _ in 0..MOST_WAITING {
            read(&app, &later);
        }
        assert_eq!((app.reads.len(), app.reads.first()), (MOST_WAITING, Some(later.organization_id)));
    }
}
