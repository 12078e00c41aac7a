//! Adds a member without an invitation.

use super::{join, member, role_names, with_homes};
use crate::{
    App,
    access::{
        Resource, guard, guard_here, may_give,
        roles::{named_roles, permitted_by},
        scope_in,
    },
    audit::{self, Event},
};
use keystead_domain::{
    Caller, Error, OrganizationId, PLATFORM, Result, RoleId, UserId,
    access::{Action, USER},
    organizations::Member,
};
use serde_json::json;

/// Whom to add, and where.
#[derive(Clone, Debug)]
pub struct AddMember {
    /// Where.
    pub organization: OrganizationId,
    /// Who.
    pub user: UserId,
    /// The roles to hold there, by name or identifier; `user` when none is named.
    pub roles: Vec<String>,
}

/// Adds a person who is not asked: to the platform by its administrators, to any organization by the operator. Everybody
/// else [invites](crate::organizations::invitations::create_invitation).
///
/// # Errors
/// As [`guard`]; `Forbidden` outside the platform; `Invalid` on `user` or `roles`; `Forbidden` with code
/// `grants_too_much`; `Conflict` with code `already_member`.
pub async fn add_member(app: &App, caller: &Caller, input: AddMember) -> Result<Member> {
    let AddMember { organization, user, mut roles } = input;
    guard_here(caller, organization)?;
    guard(caller, Action::Create, &Resource::all("members", organization))?;
    if organization != PLATFORM && caller.kind.is_bounded() {
        return Err(Error::forbidden());
    }
    if roles.is_empty() {
        roles.push(USER.name.to_owned());
    }
    let roles = named_roles(app, caller, organization, "roles", &roles).await;
    // Only the platform sees everybody's account.
    let mut unit = app.store.begin(scope_in(PLATFORM, caller)).await?;
    if unit.users().find(PLATFORM, user).await?.is_none() {
        return Err(Error::invalid("user", "is no account"));
    }
    unit.enter(scope_in(organization, caller)).await?;
    let roles = roles?;
    let ids: Vec<RoleId> = roles.iter().map(|role| role.id).collect();
    may_give(caller, &permitted_by(&*unit, organization, &ids).await?)?;
    join(app, &*unit, organization, user, &with_homes(&roles)).await?;
    let event = Event::new(caller, "member.added", "members")
        .resource(user)
        .subject(user)
        .data(json!({ "roles": role_names(&roles) }));
    audit::append(&*unit, app, organization, vec![event]).await?;
    let member = member(&*unit, organization, user).await?;
    unit.commit().await?;
    Ok(member)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::roles::fixtures::built_in,
        organizations::members::fixtures::{grace, permissions_of},
        testing::{TestApp, Trail, account, administrator, context, organization, user},
    };
    use keystead_domain::{
        ErrorKind,
        access::{ADMIN, BUILT_IN_ROLES, BuiltInRole},
        organizations::MembershipStatus,
    };
    use keystead_store::mocks::{MockUnitOfWork, Step};

    /// Adds the person 8 to `organization` with `role`.
    async fn add(
        caller: &Caller,
        organization: OrganizationId,
        role: &'static BuiltInRole,
    ) -> (Result<Member>, Vec<Step>) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        unit.users.expect_find().returning(|_, id| Ok((id == user(8)).then(|| account(8))));
        let mut named = MockUnitOfWork::new();
        named.roles.expect_find_many().returning(|_, ids| {
            Ok(BUILT_IN_ROLES.iter().filter(|role| ids.contains(&role.id)).map(built_in).collect())
        });
        permissions_of(&mut unit, role);
        unit.memberships.expect_insert().returning(|_| Ok(()));
        unit.roles.expect_replace_held().returning(move |_, _, held| {
            assert_eq!((held.len(), held[0].role_id), (1, role.id));
            Ok(())
        });
        unit.memberships.expect_find().returning(move |_, _| Ok(Some(grace(MembershipStatus::Active, role))));
        trail.record(&mut unit);
        let journal = test.unit(named).unit(unit).journal();
        let input = AddMember { organization, user: user(8), roles: vec![role.name.to_owned()] };
        let added = add_member(&test.build(), caller, input).await;
        (added, journal.steps())
    }

    #[tokio::test]
    async fn the_platforms_administrators_add_to_the_platform_and_the_operator_anywhere() {
        let (added, _) = add(&administrator(PLATFORM, 7), PLATFORM, &ADMIN).await;
        assert!(added.is_ok());
        let (added, steps) = add(&Caller::operator(context()), organization(1), &USER).await;
        assert!(added.is_ok());
        assert_eq!(steps[3], Step::Enter(keystead_domain::Scope::organization(organization(1))));
    }

    #[tokio::test]
    async fn an_organizations_administrator_invites_instead() {
        let (added, steps) = add(&administrator(organization(1), 7), organization(1), &USER).await;
        assert_eq!((added.unwrap_err().kind, steps.len()), (ErrorKind::Forbidden, 0));
    }
}
