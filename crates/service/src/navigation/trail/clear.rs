//! Forgets where one has been.

use crate::{
    App,
    audit::{self, Event},
    sessions::signed_in,
};
use keystead_domain::{Caller, Result, Timestamp};
use serde_json::json;

/// Forgets the caller's visits in the organization that they work in: those before `before`, or all. Returns how many there
/// were.
///
/// # Errors
/// `Unauthenticated`.
pub async fn clear_trail(app: &App, caller: &Caller, before: Option<Timestamp>) -> Result<u64> {
    let me = signed_in(caller)?;
    let organization = caller.organization_id;
    let unit = app.store.begin(caller.scope()).await?;
    let forgotten = unit.trail().delete(organization, me, before).await?;
    let event = Event::new(caller, "trail.cleared", "trail").subject(me).data(json!({ "visits": forgotten }));
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await?;
    Ok(forgotten)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, Trail, anonymous, member, now, organization, user};
    use keystead_domain::ErrorKind;
    use keystead_store::mocks::MockUnitOfWork;

    #[tokio::test]
    async fn one_forgets_ones_own() {
        let (test, trail) = (TestApp::new(), Trail::default());
        let mut unit = MockUnitOfWork::new();
        unit.access.trail.expect_delete().once().returning(|place, me, before| {
            assert_eq!((place, me, before), (organization(1), user(7), Some(now())));
            Ok(3)
        });
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        assert_eq!(clear_trail(&test.build(), &member(1, 7), Some(now())).await.unwrap(), 3);
        assert_eq!((trail.only().event_type.as_str(), journal.commits()), ("trail.cleared", 1));
    }

    #[tokio::test]
    async fn nobody_forgets_without_signing_in() {
        let error = clear_trail(&TestApp::new().build(), &anonymous(), None).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unauthenticated);
    }
}
