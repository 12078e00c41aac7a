//! Changes the roles that a member holds.

use super::{
    administrators::Administrators, guard_changing, join::assignments, member, role_ids, role_names, with_homes,
    withdraw::withdraw_invitations,
};
use crate::{
    App,
    access::{
        may_give, may_overrule,
        roles::{named_roles, permitted_by},
        scope_in,
    },
    audit::{self, Event},
};
use keystead_domain::{
    Caller, OrganizationId, Result, RoleId, UserId,
    access::{ADMIN, Action, Role},
    organizations::{Member, Membership},
};
use serde_json::json;

/// The roles that a member is to hold.
#[derive(Clone, Debug)]
pub struct SetMemberRoles {
    /// Where.
    pub organization: OrganizationId,
    /// Who.
    pub user: UserId,
    /// The version that the change is made for.
    pub version: i64,
    /// All of them, by name or identifier.
    pub roles: Vec<String>,
}

/// Replaces the roles that a member holds in the organization. What a role permits that is given or taken away, the caller
/// must hold himself, so nobody gives himself more than he has, or strips those above him.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Invalid` on `roles`; `Forbidden` with code `grants_too_much` or
/// `holds_more`; `Conflict` with code `last_administrator`; `PreconditionFailed`.
pub async fn set_member_roles(app: &App, caller: &Caller, input: SetMemberRoles) -> Result<Member> {
    let SetMemberRoles { organization, user, version, roles } = input;
    guard_changing(caller, Action::Update, organization, user)?;
    let roles = named_roles(app, caller, organization, "roles", &roles).await;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    let administrators = Administrators::lock(&*unit, organization).await?;
    let before = member(&*unit, organization, user).await?;
    let roles = roles?;
    let held = role_ids(&before);
    if !roles.iter().any(|role| role.id == ADMIN.id) {
        administrators.ensure_others_than(&before)?;
    }
    let added: Vec<&Role> = roles.iter().filter(|role| !held.contains(&role.id)).collect();
    let added_ids: Vec<RoleId> = added.iter().map(|role| role.id).collect();
    may_give(caller, &permitted_by(&*unit, organization, &added_ids).await?)?;
    let removed: Vec<&(RoleId, String)> =
        before.roles.iter().filter(|(id, _)| !roles.iter().any(|role| role.id == *id)).collect();
    let removed_ids: Vec<RoleId> = removed.iter().map(|(id, _)| *id).collect();
    may_overrule(caller, &permitted_by(&*unit, organization, &removed_ids).await?)?;
    let changed = Membership { version, updated_at: app.now(), ..before.membership.clone() };
    unit.memberships().update(organization, &changed).await?;
    unit.roles().replace_held(organization, user, &assignments(app, organization, user, &with_homes(&roles))).await?;
    let removed: Vec<&str> = removed.into_iter().map(|(_, name)| name.as_str()).collect();
    let mut events = Vec::new();
    if !removed.is_empty() {
        events = withdraw_invitations(app, caller, &*unit, organization, &before, "member.roles_changed").await?;
    }
    let event = Event::new(caller, "member.roles_changed", "members")
        .resource(user)
        .subject(user)
        .data(json!({ "added": role_names(added), "removed": removed }));
    events.push(event);
    audit::append(&*unit, app, organization, events).await?;
    let after = member(&*unit, organization, user).await?;
    unit.commit().await?;
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::roles::fixtures::built_in,
        organizations::members::fixtures::{administrators, grace, managing_members, withdrawing},
        testing::{TestApp, Trail, administrator, caller, grant, organization, user},
    };
    use keystead_domain::{
        ErrorKind,
        access::{BUILT_IN_ROLES, BuiltInRole, MANAGER, USER},
        organizations::MembershipStatus,
    };
    use keystead_store::mocks::MockUnitOfWork;

    /// Gives the person 8, who holds `before`, the role `after`, where `count` run the organization.
    async fn set(
        by: &Caller,
        before: &'static BuiltInRole,
        after: &'static BuiltInRole,
        count: u64,
    ) -> (Result<Member>, Trail) {
        set_names(by, before, vec![after.name.to_owned()], count).await
    }

    async fn set_names(
        by: &Caller,
        before: &'static BuiltInRole,
        roles: Vec<String>,
        count: u64,
    ) -> (Result<Member>, Trail) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        administrators(&mut unit, count);
        unit.memberships.expect_find().returning(move |_, _| Ok(Some(grace(MembershipStatus::Active, before))));
        unit.memberships.expect_update().returning(|_, changed| Ok(changed.clone()));
        let mut named = MockUnitOfWork::new();
        named.roles.expect_find_many().returning(|_, ids| {
            Ok(BUILT_IN_ROLES.iter().filter(|role| ids.contains(&role.id)).map(built_in).collect())
        });
        unit.roles.expect_replace_held().returning(|_, _, _| Ok(()));
        unit.roles.expect_permissions().returning(|_, ids| {
            let asked = BUILT_IN_ROLES.iter().filter(|role| ids.contains(&role.id));
            Ok(asked
                .flat_map(|role| grant(role).permissions.iter().map(|p| (role.id, p.clone())).collect::<Vec<_>>())
                .collect())
        });
        withdrawing(&mut unit);
        trail.record(&mut unit);
        if !roles.is_empty() {
            test.unit(named);
        }
        test.unit(unit);
        let input = SetMemberRoles { organization: organization(1), user: user(8), version: 1, roles };
        (set_member_roles(&test.build(), by, input).await, trail)
    }

    #[tokio::test]
    async fn an_administrator_makes_another_one() {
        let (done, trail) = set(&administrator(organization(1), 7), &USER, &ADMIN, 1).await;
        done.unwrap();
        let events = trail.events();
        let event = &events[1];
        assert_eq!(event.subject_user_id, Some(user(8)));
        assert_eq!(event.event_data, json!({ "added": ["admin"], "removed": ["user"] }));
        assert_eq!((events.len(), events[0].event_type.as_str()), (2, "invitation.revoked"));
    }

    #[tokio::test]
    async fn the_last_administrator_stays() {
        let by = administrator(organization(1), 7);
        let (done, _) = set(&by, &ADMIN, &USER, 1).await;
        assert_eq!(done.unwrap_err().code, "last_administrator");
        let (done, _) = set(&by, &ADMIN, &USER, 2).await;
        assert!(done.is_ok());
    }

    #[tokio::test]
    async fn nobody_gives_what_he_lacks() {
        let manager = caller(organization(1), 7, &[MANAGER]);
        let (done, _) = set(&manager, &USER, &MANAGER, 1).await;
        assert_eq!(done.unwrap_err().kind, ErrorKind::Forbidden);
        let (done, _) = set(&managing_members(7), &USER, &ADMIN, 1).await;
        assert_eq!(done.unwrap_err().code, "grants_too_much");
    }

    #[tokio::test]
    async fn nobody_strips_a_stronger_one() {
        let by = managing_members(7);
        let (done, trail) = set(&by, &ADMIN, &USER, 2).await;
        assert_eq!((done.unwrap_err().code, trail.events().len()), ("grants_too_much", 0));
        let (done, trail) = set_names(&by, &ADMIN, Vec::new(), 2).await;
        assert_eq!((done.unwrap_err().code, trail.events().len()), ("holds_more", 0));
    }
}
