//! Notes visits.

use crate::{
    App,
    audit::{self, Event},
    idempotency::{OnceKey, Start, once},
    sessions::signed_in,
};
use keystead_domain::{Caller, Error, Result, Timestamp, ViewId, navigation::TrailEntry};
use serde_json::json;

/// That the caller saw a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The view.
    pub view: ViewId,
    /// When; now where nothing is said, and where it says a time to come: clocks differ.
    pub at: Option<Timestamp>,
}

/// Notes visits of the caller in the organization that they work in, all or none. Only the latest
/// [`TrailEntry::MOST`] are kept.
///
/// The audit event says how many they were, and not of what: who forgets their trail has forgotten it.
///
/// # Errors
/// `Unauthenticated`; `Invalid` on `visits` unless there are 1 to [`TrailEntry::MOST`]; `NotFound` when a view is not there
/// or the caller is no member any more; as [`once`].
pub async fn record_trail(
    app: &App,
    caller: &Caller,
    visits: &[Visit],
    key: Option<OnceKey>,
) -> Result<Vec<TrailEntry>> {
    let me = signed_in(caller)?;
    if visits.is_empty() || visits.len() > usize::from(TrailEntry::MOST) {
        return Err(Error::invalid("visits", format!("must be 1 to {}", TrailEntry::MOST)));
    }
    let (organization, now) = (caller.organization_id, app.now());
    let entry = |visit: &Visit| TrailEntry {
        id: app.ids.next(),
        organization_id: organization,
        user_id: me,
        view_id: visit.view,
        visited_at: visit.at.unwrap_or(now).min(now),
    };
    let entries: Vec<_> = visits.iter().map(entry).collect();
    let work = match once(app, caller, caller.scope(), key).await? {
        Start::First(work) => work,
        Start::Repeated(entries) => return Ok(entries),
    };
    work.trail().record(organization, me, &entries).await?;
    let event = Event::new(caller, "trail.recorded", "trail").subject(me).data(json!({ "visits": entries.len() }));
    audit::append(&*work, app, organization, vec![event]).await?;
    work.finish(entries).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, anonymous, member, now};
    use keystead_domain::ErrorKind;
    use keystead_store::mocks::MockUnitOfWork;
    use uuid::Uuid;

    fn visit(number: u128, at: Option<Timestamp>) -> Visit {
        Visit { view: Uuid::from_u128(number).into(), at }
    }

    #[tokio::test]
    async fn visits_are_noted_and_none_lies_in_the_future() {
        let (test, trail) = (TestApp::new(), Trail::default());
        let mut unit = MockUnitOfWork::new();
        unit.access.trail.expect_record().once().returning(|_, _, _| Ok(()));
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let visits = [visit(1, None), visit(2, Some(now().plus_seconds(-60))), visit(3, Some(now().plus_seconds(60)))];
        let entries = record_trail(&test.build(), &member(1, 7), &visits, None).await.unwrap();
        let times: Vec<_> = entries.iter().map(|entry| entry.visited_at).collect();
        assert_eq!(times, [now(), now().plus_seconds(-60), now()]);
        let event = trail.only();
        assert_eq!((&*event.event_type, journal.commits()), ("trail.recorded", 1));
    }

    #[tokio::test]
    async fn there_are_bounds() {
        let app = TestApp::new().build();
        for visits in [vec![], vec![visit(1, None); 51]] {
            let error = record_trail(&app, &member(1, 7), &visits, None).await.unwrap_err();
            assert_eq!(error.fields[0].field, "visits");
        }
        let error = record_trail(&app, &anonymous(), &[visit(1, None)], None).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unauthenticated);
    }

    #[tokio::test]
    async fn a_view_that_is_not_there_leaves_nothing() {
        let test = TestApp::new();
        let mut unit = MockUnitOfWork::new();
        unit.access.trail.expect_record().once().returning(|_, _, _| Err(Error::not_found("view")));
        let journal = test.unit(unit).journal();
        let error = record_trail(&test.build(), &member(1, 7), &[visit(1, None)], None).await.unwrap_err();
        assert_eq!((error.kind, journal.commits()), (ErrorKind::NotFound, 0));
    }
}
