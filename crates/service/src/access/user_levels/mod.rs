//! User levels: named bundles of what members may do with the product's features and which of its views they see.
//!
//! # Who may give what to whom
//!
//! A role is limited by what its giver holds, since roles speak about Keystead's own resources: whoever handed out what
//! he lacks would rise above those who let him in. User levels have no such limit, and need none:
//!
//! - A level speaks about the product's features and views only. Whatever it says, it opens none of Keystead's own resources
//!   and nothing of another organization: the decision asks no level about them.
//! - What it says counts only where the platform has given the organization a module with that feature or view. So the
//!   platform grants, by modules; the organization's managers and administrators share that out, which is what the
//!   permission `user_levels` is. Nobody gains what nobody granted, and whoever may hand out that permission is limited
//!   as for every other.
//! - If only a holder could give, nobody could be the first; and whoever may write into every level could write into one
//!   that he has. So a manager may give himself a level. The trail tells of it.
//! - What the organization must not change, the platform marks as not modifiable: such a permission stays as it is, and so
//!   does the level that has it, until the platform removes it. It binds the level and not the people: to keep something
//!   from a whole organization, the platform takes the module away or writes a rule of its own.
//!
//! # Changes
//!
//! Every change locks the organization's access version first. So one change of levels follows the other, what was read is
//! still there when it is written, and the audit event tells exactly what changed. Every change of what a level permits
//! raises the level's own version too.

mod cell;
mod create;
mod delete;
mod edit;
#[cfg(test)]
pub(crate) mod fixtures;
mod get;
mod list;
mod matrix;
mod members;
mod permissions;
#[cfg(test)]
mod privilege;
mod update;

pub use cell::{Cell, CellChange};
pub use create::{CreateUserLevel, create_user_level};
pub use delete::{DeleteUserLevel, delete_user_level};
pub use get::get_user_level;
pub use list::{ListUserLevels, list_user_levels};
pub use matrix::{
    ChangeMatrix, LevelChange, Matrix, MatrixFeature, MatrixRow, MatrixView, ReadMatrix, change_access_matrix,
    read_access_matrix,
};
pub use members::{
    ListLevelMembers, SetLevelsOfMember, give_user_level, levels_of_member, list_level_members, set_levels_of_member,
    take_user_level,
};
pub use permissions::{
    DeleteLevelPermission, LevelPermissionId, ListLevelPermissions, PutLevelPermissions, ReplaceLevelPermissions,
    UpdateFeaturePermission, UpdateViewPermission, delete_level_permission, get_feature_permission,
    get_view_permission, list_feature_permissions, list_view_permissions, put_level_permissions,
    replace_level_permissions, update_feature_permission, update_view_permission,
};
pub use update::{UpdateUserLevel, update_user_level};

use super::{Held, Resource, guard, hold, may};
use keystead_domain::{
    Caller, Error, OrganizationId, Result, UserLevelId,
    access::{Action, LevelEditor, UserLevel},
};
use keystead_store::UnitOfWork;

/// Asks the guard for `action` on the levels of the organization.
fn guard_levels(caller: &Caller, action: Action, organization: OrganizationId) -> Result<()> {
    guard(caller, action, &Resource::all("user_levels", organization))
}

/// Asks the guard for `action` on the level.
fn guard_level(caller: &Caller, action: Action, organization: OrganizationId, id: UserLevelId) -> Result<()> {
    guard(caller, action, &Resource::one("user_levels", id.as_uuid(), organization))
}

/// Asks the guard for `action` on the level, which is still to be found.
fn guard_found_level(caller: &Caller, action: Action, organization: OrganizationId, id: UserLevelId) -> Result<Held> {
    hold(guard_level(caller, action, organization, id))
}

/// In whose name the caller changes what levels permit: whoever may change the levels of every organization changes also
/// what the organizations cannot.
fn editor(caller: &Caller) -> LevelEditor {
    let may_everywhere = may(caller, Action::Update, &Resource::installation("user_levels"));
    if may_everywhere { LevelEditor::Platform } else { LevelEditor::Managers }
}

/// Lets nobody else change what decides in the organization until the transaction ends.
async fn lock(unit: &dyn UnitOfWork, organization: OrganizationId) -> Result<()> {
    unit.access_changes().raise(organization, &[]).await.map(drop)
}

async fn level(unit: &dyn UnitOfWork, organization: OrganizationId, id: UserLevelId) -> Result<UserLevel> {
    unit.user_levels().find(organization, id).await?.ok_or_else(|| Error::not_found("user level"))
}

/// What the organization's own people cannot change.
fn not_modifiable() -> Error {
    Error::conflict("not_modifiable", "The organization cannot change this permission: ask who runs the installation.")
}
