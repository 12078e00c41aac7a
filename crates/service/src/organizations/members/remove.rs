//! Ends a membership.

use super::{administrators::Administrators, guard_changing, leave_organization, member};
use crate::{
    App,
    access::scope_in,
    audit::{self, Event},
};
use keystead_domain::{Caller, Error, OrganizationId, Result, UserId, access::Action};
use serde_json::json;

/// Removes a member, with the roles and team places held in the organization. The account stays. Whoever removes
/// himself [leaves](leave_organization).
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Conflict` with code `last_administrator`.
pub async fn remove_member(app: &App, caller: &Caller, organization: OrganizationId, user: UserId) -> Result<()> {
    if caller.user_id == Some(user) {
        return leave_organization(app, caller, organization).await;
    }
    guard_changing(caller, Action::Delete, organization, user)?;
    end(app, caller, organization, user, "member.removed").await
}

/// Ends the membership of `user`; what is asked of the guard has been asked.
pub(super) async fn end(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    user: UserId,
    event_type: &'static str,
) -> Result<()> {
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let administrators = Administrators::lock(&*unit, organization).await?;
    let member = member(&*unit, organization, user).await?;
    administrators.ensure_others_than(&member)?;
    if !unit.memberships().delete(organization, user).await? {
        return Err(Error::not_found("member"));
    }
    let roles: Vec<&str> = member.roles.iter().map(|(_, name)| name.as_str()).collect();
    let event = Event::new(caller, event_type, "members").resource(user).subject(user).data(json!({ "roles": roles }));
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        organizations::members::fixtures::{administrators, grace},
        testing::{TestApp, Trail, administrator, caller, member, organization, user},
    };
    use keystead_domain::{
        ErrorKind,
        access::{ADMIN, BuiltInRole, USER},
        organizations::MembershipStatus,
    };
    use keystead_store::mocks::MockUnitOfWork;

    /// Removes the person 8, who holds `role`, where `count` run the organization.
    async fn remove(by: &Caller, role: &'static BuiltInRole, count: u64) -> (Result<()>, Trail) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        administrators(&mut unit, count);
        unit.memberships.expect_find().returning(move |_, _| Ok(Some(grace(MembershipStatus::Active, role))));
        unit.memberships.expect_delete().returning(|_, _| Ok(true));
        trail.record(&mut unit);
        test.unit(unit);
        (remove_member(&test.build(), by, organization(1), user(8)).await, trail)
    }

    #[tokio::test]
    async fn administrators_remove_and_everybody_leaves() {
        let (done, trail) = remove(&administrator(organization(1), 7), &USER, 1).await;
        done.unwrap();
        assert_eq!(trail.only().event_type, "member.removed");
        let (done, trail) = remove(&member(1, 8), &USER, 1).await;
        done.unwrap();
        assert_eq!(trail.only().event_type, "member.left");
        // Suspended: no role counts.
        let (done, _) = remove(&caller(organization(1), 8, &[]), &USER, 1).await;
        done.unwrap();
    }

    #[tokio::test]
    async fn others_do_not() {
        for (by, kind) in [
            (member(1, 7), ErrorKind::Forbidden),
            (administrator(organization(2), 7), ErrorKind::NotFound),
            (member(2, 8), ErrorKind::NotFound),
        ] {
            assert_eq!(remove(&by, &USER, 1).await.0.unwrap_err().kind, kind);
        }
    }

    #[tokio::test]
    async fn the_last_administrator_neither_leaves_nor_is_removed() {
        let error = remove(&administrator(organization(1), 8), &ADMIN, 1).await.0.unwrap_err();
        assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "last_administrator"));
        assert!(remove(&administrator(organization(1), 8), &ADMIN, 2).await.0.is_ok());
    }
}
