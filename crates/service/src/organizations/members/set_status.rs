//! Suspends a member, or lets them work again.

use super::{administrators::Administrators, guard_changing, member, role_ids, withdraw::withdraw_invitations};
use crate::{
    App,
    access::{may_give, may_overrule, roles::permitted_by, scope_in},
    audit::{self, Event, changes},
};
use keystead_domain::{
    Caller, OrganizationId, Result, UserId,
    access::Action,
    organizations::{Member, Membership, MembershipStatus},
};

/// Whether a member can work in an organization from now on.
#[derive(Clone, Debug)]
pub struct SetMemberStatus {
    /// Where.
    pub organization: OrganizationId,
    /// Who.
    pub user: UserId,
    /// The version that the change is made for.
    pub version: i64,
    /// Whether they can.
    pub status: MembershipStatus,
}

/// Suspends a member, who then cannot work in the organization, or lets them work again with the roles they held. To
/// let them work again gives them these roles anew; either way the caller must hold as much.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Conflict` with code `last_administrator`; `Forbidden` with code
/// `holds_more` or `grants_too_much`; `PreconditionFailed`.
pub async fn set_member_status(app: &App, caller: &Caller, input: SetMemberStatus) -> Result<Member> {
    let SetMemberStatus { organization, user, version, status } = input;
    guard_changing(caller, Action::Update, organization, user)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let administrators = Administrators::lock(&*unit, organization).await?;
    let before = member(&*unit, organization, user).await?;
    let permitted = permitted_by(&*unit, organization, &role_ids(&before)).await?;
    let mut events = Vec::new();
    if status == MembershipStatus::Suspended {
        may_overrule(caller, &permitted)?;
        administrators.ensure_others_than(&before)?;
        events = withdraw_invitations(app, caller, &*unit, organization, &before, "member.suspended").await?;
    } else if status != before.membership.status {
        may_give(caller, &permitted)?;
    }
    let changed = Membership { status, version, updated_at: app.now(), ..before.membership.clone() };
    let after = unit.memberships().update(organization, &changed).await?;
    let event_type = match status {
        MembershipStatus::Active => "member.activated",
        MembershipStatus::Suspended => "member.suspended",
    };
    let event = Event::new(caller, event_type, "members")
        .resource(user)
        .subject(user)
        .changed(changes(&before.membership, &after)?);
    events.push(event);
    audit::append(&*unit, app, organization, events).await?;
    unit.commit().await?;
    Ok(Member { membership: after, ..before })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        organizations::members::fixtures::{administrators, grace, managing_members, permissions_of, withdrawing},
        testing::{TestApp, Trail, administrator, organization, user},
    };
    use keystead_domain::{
        ErrorKind,
        access::{ADMIN, BuiltInRole, USER},
    };
    use keystead_store::mocks::MockUnitOfWork;

    fn input(status: MembershipStatus) -> SetMemberStatus {
        SetMemberStatus { organization: organization(1), user: user(8), version: 1, status }
    }

    /// Sets the status of the person 8, who is `before` and holds `role`, where `count` run the organization.
    async fn set(
        by: &Caller,
        before: MembershipStatus,
        role: &'static BuiltInRole,
        count: u64,
        status: MembershipStatus,
    ) -> Result<Member> {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        administrators(&mut unit, count);
        unit.memberships.expect_find().returning(move |_, _| Ok(Some(grace(before, role))));
        unit.memberships.expect_update().returning(|_, changed| Ok(changed.clone()));
        permissions_of(&mut unit, role);
        withdrawing(&mut unit);
        trail.record(&mut unit);
        test.unit(unit);
        let done = set_member_status(&test.build(), by, input(status)).await;
        let withdrawn = trail.events().iter().filter(|event| event.event_type == "invitation.revoked").count();
        assert_eq!(withdrawn, usize::from(done.is_ok() && status == MembershipStatus::Suspended));
        done
    }

    #[tokio::test]
    async fn a_member_is_suspended_and_comes_back() {
        use MembershipStatus::{Active, Suspended};
        let by = administrator(organization(1), 7);
        assert_eq!(set(&by, Active, &USER, 1, Suspended).await.unwrap().membership.status, Suspended);
        assert_eq!(set(&by, Suspended, &USER, 1, Active).await.unwrap().membership.status, Active);
        assert_eq!(set(&by, Active, &ADMIN, 2, Suspended).await.unwrap().membership.status, Suspended);
    }

    #[tokio::test]
    async fn the_last_administrator_stays() {
        let by = administrator(organization(1), 7);
        let error = set(&by, MembershipStatus::Active, &ADMIN, 1, MembershipStatus::Suspended).await.unwrap_err();
        assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "last_administrator"));
    }

    #[tokio::test]
    async fn nobody_brings_back_or_suspends_a_stronger_one() {
        use MembershipStatus::{Active, Suspended};
        let by = managing_members(7);
        assert_eq!(set(&by, Suspended, &ADMIN, 1, Active).await.unwrap_err().code, "grants_too_much");
        assert_eq!(set(&by, Active, &ADMIN, 2, Suspended).await.unwrap_err().code, "holds_more");
    }
}
