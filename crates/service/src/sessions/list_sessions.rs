//! Lists sessions.

use super::{sessions_of, signed_in};
use crate::{
    App,
    access::guard,
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{Caller, Result, Scope, UserId, access::Action, sessions::Session};

/// Whose sessions, and which page of them.
#[derive(Clone, Debug, Default)]
pub struct ListSessions {
    /// Whose; none for the caller's own. Another's only for the platform's administrators.
    pub user: Option<UserId>,
    /// Which page.
    pub page: PageInput,
}

/// A person's live sessions, in order of their making.
///
/// # Errors
/// As [`guard`]; `Invalid` on `cursor`.
pub async fn list_sessions(app: &App, caller: &Caller, input: ListSessions) -> Result<PageOutput<Session>> {
    let owner = input.user.map_or_else(|| signed_in(caller), Ok)?;
    guard(caller, Action::Read, &sessions_of(owner, None))?;
    let paging = Paging::open(app, caller, "sessions", &owner, &input.page)?;
    let unit = app.store.glance(Scope::person(caller.organization_id, owner)).await?;
    let page = unit.sessions().list_live(owner, app.now(), paging.request()).await?;
    paging.close(app, page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, administrator, anonymous, member, organization, user};
    use keystead_domain::{ErrorKind, PLATFORM, Page};
    use keystead_store::mocks::{MockUnitOfWork, Step};

    async fn list(caller: &Caller, of: Option<UserId>) -> (Result<PageOutput<Session>>, Vec<Step>) {
        let test = TestApp::new();
        let mut unit = MockUnitOfWork::new();
        unit.sessions.expect_list_live().returning(|_, _, _| Ok(Page { items: vec![], next: None }));
        let journal = test.unit(unit).journal();
        let input = ListSessions { user: of, ..ListSessions::default() };
        (list_sessions(&test.build(), caller, input).await, journal.steps())
    }

    #[tokio::test]
    async fn people_see_their_own_and_the_platforms_administrators_anyones() {
        let (own, steps) = list(&member(1, 7), None).await;
        assert!(own.is_ok());
        assert_eq!(steps[0], Step::Read(Scope::person(organization(1), user(7))));
        let (anothers, steps) = list(&administrator(PLATFORM, 1), Some(user(9))).await;
        assert!(anothers.is_ok());
        assert_eq!(steps[0], Step::Read(Scope::person(PLATFORM, user(9))));
    }

    #[tokio::test]
    async fn nobody_else_sees_anothers() {
        for (caller, kind) in [
            (member(1, 7), ErrorKind::NotFound),
            (administrator(organization(1), 7), ErrorKind::NotFound),
            (anonymous(), ErrorKind::Unauthenticated),
        ] {
            let (refused, steps) = list(&caller, Some(user(9))).await;
            assert_eq!((refused.unwrap_err().kind, steps.len()), (kind, 0));
        }
    }
}
