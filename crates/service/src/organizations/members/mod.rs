//! Memberships: who belongs to an organization, and the roles they hold there.
//!
//! An organization's administrators change memberships, never a person's account. Somebody always runs an
//! organization: its last administrator can be neither removed nor suspended nor stripped of the role. Nobody acts against
//! a member who holds what he lacks, and whoever is suspended, removed or demoted has no invitation left to undo it with.

mod add;
mod administrators;
#[cfg(test)]
mod fixtures;
mod get;
mod join;
mod leave;
mod list;
mod remove;
mod set_roles;
mod set_status;
mod withdraw;

pub use add::{AddMember, add_member};
pub use get::get_member;
pub(crate) use join::{join, join_as_administrator};
pub use leave::leave_organization;
pub use list::{ListMembers, list_members};
pub use remove::remove_member;
pub use set_roles::{SetMemberRoles, set_member_roles};
pub use set_status::{SetMemberStatus, set_member_status};

use crate::{
    App,
    access::{Resource, guard, guard_administration, guard_here},
    accounts::reads_everyone,
    audit::note_read,
};
use keystead_domain::{
    Caller, Error, OrganizationId, Result, RoleId, UserId,
    access::{Action, Role},
    organizations::Member,
};
use keystead_store::UnitOfWork;

/// Asks the guard for reading the place of `user` in `organization`. Everybody may read their own.
fn guard_reading(caller: &Caller, organization: OrganizationId, user: UserId) -> Result<()> {
    guard_here(caller, organization)?;
    guard(caller, Action::Read, &Resource::one("members", user.as_uuid(), organization).owned_by(user))
}

/// Asks the guard for what administrators do to the place of `user` in `organization`.
fn guard_changing(caller: &Caller, action: Action, organization: OrganizationId, user: UserId) -> Result<()> {
    guard_here(caller, organization)?;
    guard_administration(caller, action, &Resource::one("members", user.as_uuid(), organization).owned_by(user))
}

async fn member(unit: &dyn UnitOfWork, organization: OrganizationId, user: UserId) -> Result<Member> {
    unit.memberships().find(organization, user).await?.ok_or_else(|| Error::not_found("member"))
}

/// Notes that whole accounts are shown, as they are to those who may read everybody's: to others, members' profiles are not.
fn note_accounts_read(app: &App, caller: &Caller, members: &[Member]) {
    if reads_everyone(caller) {
        for user in members.iter().map(|member| member.user.id) {
            note_read(app, caller, "user.read", "users", Some(user.as_uuid()), Some(user));
        }
    }
}

fn role_ids(member: &Member) -> Vec<RoleId> {
    member.roles.iter().map(|(id, _)| *id).collect()
}

fn role_names<'a>(roles: impl IntoIterator<Item = &'a Role>) -> Vec<&'a str> {
    roles.into_iter().map(|role| role.name.as_str()).collect()
}

/// Each role with the organization that it belongs to.
fn with_homes(roles: &[Role]) -> Vec<(RoleId, OrganizationId)> {
    roles.iter().map(|role| (role.id, role.organization_id)).collect()
}
