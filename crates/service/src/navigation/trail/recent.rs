//! Shows where one has been.

use crate::{App, sessions::signed_in};
use keystead_domain::{Caller, Error, Result, navigation::TrailEntry};

/// The caller's latest visits in the organization that they work in, newest first: `limit` of them, or all that are kept.
///
/// # Errors
/// `Unauthenticated`; `Invalid` on `limit` unless it is 1 to [`TrailEntry::MOST`].
pub async fn recent_trail(app: &App, caller: &Caller, limit: Option<u16>) -> Result<Vec<TrailEntry>> {
    let me = signed_in(caller)?;
    let limit = limit.unwrap_or(TrailEntry::MOST);
    if !(1..=TrailEntry::MOST).contains(&limit) {
        return Err(Error::invalid("limit", format!("must be 1 to {}", TrailEntry::MOST)));
    }
    let unit = app.store.glance(caller.scope()).await?;
    unit.trail().recent(caller.organization_id, me, limit).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, anonymous, member, organization, user};
    use keystead_domain::ErrorKind;
    use keystead_store::mocks::MockUnitOfWork;

    #[tokio::test]
    async fn one_sees_ones_own() {
        for (asked, expected) in [(None, 50), (Some(3), 3)] {
            let test = TestApp::new();
            let mut unit = MockUnitOfWork::new();
            unit.access.trail.expect_recent().once().returning(move |place, me, limit| {
                assert_eq!((place, me, limit), (organization(1), user(7), expected));
                Ok(vec![])
            });
            test.unit(unit);
            assert!(recent_trail(&test.build(), &member(1, 7), asked).await.unwrap().is_empty());
        }
    }

    #[tokio::test]
    async fn there_are_bounds() {
        let app = TestApp::new().build();
        for bad in [0, 51] {
            let error = recent_trail(&app, &member(1, 7), Some(bad)).await.unwrap_err();
            assert_eq!(error.fields[0].field, "limit");
        }
        assert_eq!(recent_trail(&app, &anonymous(), None).await.unwrap_err().kind, ErrorKind::Unauthenticated);
    }
}
