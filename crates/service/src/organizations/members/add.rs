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
    Caller, CallerKind, Error, OrganizationId, PLATFORM, Result, RoleId, UserId,
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
    if organization != PLATFORM && caller.kind == CallerKind::User {
        return Err(Error::forbidden());
    }
    if roles.is_empty() {
        roles.push(USER.name.to_owned());
    }
    // Only the platform sees everybody's account.
    let mut unit = app.store.begin(scope_in(PLATFORM, caller)).await?;
    if unit.users().find(PLATFORM, user).await?.is_none() {
        return Err(Error::invalid("user", "is no account"));
    }
    unit.enter(scope_in(organization, caller)).await?;
    let roles = named_roles(&*unit, organization, "roles", &roles).await?;
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
