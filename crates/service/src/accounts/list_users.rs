//! Lists accounts.

use crate::{
    App,
    access::{Resource, guard},
    audit,
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{
    Caller, Result,
    access::Action,
    accounts::{User, UserFilter},
};

/// Which accounts, and which page of them.
#[derive(Clone, Debug, Default)]
pub struct ListUsers {
    /// Which accounts.
    pub filter: UserFilter,
    /// Which page.
    pub page: PageInput,
}

/// The accounts of the organization's members, in order of their making; all accounts from the platform.
///
/// # Errors
/// As [`guard`]; `Invalid` on `cursor`.
pub async fn list_users(app: &App, caller: &Caller, input: ListUsers) -> Result<PageOutput<User>> {
    guard(caller, Action::Read, &Resource::all("users", caller.organization_id))?;
    let paging = Paging::open(app, caller, "users", &input.filter, &input.page)?;
    let unit = app.store.glance(caller.scope()).await?;
    let page = unit.users().list(caller.organization_id, &input.filter, paging.request()).await?;
    for user in &page.items {
        audit::note_read(app, caller, "user.read", "users", Some(user.id.as_uuid()), Some(user.id));
    }
    paging.close(app, page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, account, administrator, member, organization};
    use keystead_domain::{ErrorKind, Page, PageRequest};
    use keystead_store::mocks::MockUnitOfWork;

    #[tokio::test]
    async fn an_administrator_pages_through_the_members() {
        let test = TestApp::new();
        for (after, next) in [(None, Some("7")), (Some("7"), None)] {
            let mut unit = MockUnitOfWork::new();
            unit.users.expect_list().once().returning(move |place, _, page| {
                assert_eq!(place, organization(1));
                assert_eq!(page, &PageRequest { limit: 1, after: after.map(str::to_owned) });
                Ok(Page { items: vec![account(7)], next: next.map(str::to_owned) })
            });
            test.unit(unit);
        }
        let (app, caller) = (test.build(), administrator(organization(1), 1));
        let mut input = ListUsers { page: PageInput { limit: Some(1), cursor: None }, ..ListUsers::default() };
        input.page.cursor = list_users(&app, &caller, input.clone()).await.unwrap().next_cursor;
        assert_eq!(list_users(&app, &caller, input).await.unwrap().next_cursor, None);
    }

    #[tokio::test]
    async fn members_do_not() {
        let app = TestApp::new().build();
        let error = list_users(&app, &member(1, 7), ListUsers::default()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Forbidden);
    }
}
