//! Ends a membership.

use super::{
    administrators::Administrators, guard_changing, leave_organization, member, role_ids,
    withdraw::withdraw_invitations,
};
use crate::{
    App,
    access::{may_overrule, roles::permitted_by, scope_in},
    audit::{self, Event},
};
use keystead_domain::{
    Caller, Error, ErrorKind, OrganizationId, Result, UserId,
    access::Action,
    organizations::{Member, MembershipStatus},
};
use serde_json::json;

/// Removes a member, with the roles and team places held in the organization. The account stays. Whoever removes
/// himself [leaves](leave_organization).
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Forbidden` with code `holds_more` when the member may do what the
/// caller may not; `Conflict` with code `last_administrator`.
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
    if caller.user_id == Some(user) {
        ensure_not_suspended(&member)?;
    } else {
        may_overrule(caller, &permitted_by(&*unit, organization, &role_ids(&member)).await?)?;
    }
    administrators.ensure_others_than(&member)?;
    let mut events = withdraw_invitations(app, caller, &*unit, organization, &member, event_type).await?;
    if !unit.memberships().delete(organization, user).await? {
        return Err(Error::not_found("member"));
    }
    let roles: Vec<&str> = member.roles.iter().map(|(_, name)| name.as_str()).collect();
    let event = Event::new(caller, event_type, "members").resource(user).subject(user).data(json!({ "roles": roles }));
    events.push(event);
    audit::append(&*unit, app, organization, events).await?;
    unit.commit().await
}

/// Who could leave while suspended, could come back by an invitation and be suspended no longer.
fn ensure_not_suspended(member: &Member) -> Result<()> {
    if member.membership.status == MembershipStatus::Suspended {
        let message = "Your membership is suspended: ask an administrator of the organization to end it.";
        return Err(Error::new(ErrorKind::Forbidden, "membership_suspended", message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        organizations::members::fixtures::{administrators, grace, managing_members, permissions_of, withdrawing},
        testing::{TestApp, Trail, administrator, caller, member, organization, user},
    };
    use keystead_domain::access::{ADMIN, BuiltInRole, USER};
    use keystead_store::mocks::MockUnitOfWork;

    /// Removes the person 8, who is `status` and holds `role`, where `count` run the organization.
    async fn remove_one(
        by: &Caller,
        status: MembershipStatus,
        role: &'static BuiltInRole,
        count: u64,
    ) -> (Result<()>, Trail) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        administrators(&mut unit, count);
        unit.memberships.expect_find().returning(move |_, _| Ok(Some(grace(status, role))));
        unit.memberships.expect_delete().returning(|_, _| Ok(true));
        permissions_of(&mut unit, role);
        withdrawing(&mut unit);
        trail.record(&mut unit);
        test.unit(unit);
        (remove_member(&test.build(), by, organization(1), user(8)).await, trail)
    }

    async fn remove(by: &Caller, role: &'static BuiltInRole, count: u64) -> (Result<()>, Trail) {
        remove_one(by, MembershipStatus::Active, role, count).await
    }

    #[tokio::test]
    async fn administrators_remove_and_everybody_leaves_with_the_invitations() {
        for (by, event_type) in [(administrator(organization(1), 7), "member.removed"), (member(1, 8), "member.left")] {
            let (done, trail) = remove(&by, &USER, 1).await;
            done.unwrap();
            let events = trail.events();
            let types: Vec<&str> = events.iter().map(|event| event.event_type.as_str()).collect();
            assert_eq!(types, ["invitation.revoked", event_type]);
            assert_eq!(events[0].event_data, json!({ "because": event_type }));
        }
    }

    #[tokio::test]
    async fn who_is_suspended_is_removed_and_does_not_leave() {
        // No role counts.
        let by = caller(organization(1), 8, &[]);
        let (left, trail) = remove_one(&by, MembershipStatus::Suspended, &USER, 1).await;
        assert_eq!((left.unwrap_err().code, trail.events().len()), ("membership_suspended", 0));
        let by = administrator(organization(1), 7);
        assert!(remove_one(&by, MembershipStatus::Suspended, &USER, 1).await.0.is_ok());
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
    async fn nobody_removes_a_stronger_one() {
        let by = managing_members(7);
        let (done, trail) = remove(&by, &ADMIN, 2).await;
        assert_eq!((done.unwrap_err().code, trail.events().len()), ("holds_more", 0));
    }

    #[tokio::test]
    async fn the_last_administrator_neither_leaves_nor_is_removed() {
        let error = remove(&administrator(organization(1), 8), &ADMIN, 1).await.0.unwrap_err();
        assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "last_administrator"));
        assert!(remove(&administrator(organization(1), 8), &ADMIN, 2).await.0.is_ok());
    }
}
