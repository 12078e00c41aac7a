//! What permissions of user levels on views and on features have in common.

use super::word;
use crate::engine::{
    SqlUnitOfWork,
    errors::{foreign_key_violation, store_error, unique_violation},
};
use keystead_domain::{
    Error, OrganizationId, Result, UserLevelId,
    access::{LevelEditor, LevelScope, PermissionValue},
};
use keystead_store::UserLevelRepository;
use sea_orm::{ColumnTrait, Condition, DbErr};

/// The stored word.
pub(super) fn value(text: &str) -> Result<PermissionValue> {
    word(PermissionValue::parse(text), "value", text)
}
/// The stored word.
pub(super) fn scope(text: &str) -> Result<LevelScope> {
    word(LevelScope::parse(text), "scope", text)
}

pub(super) fn refused(error: DbErr) -> Error {
    match unique_violation(&error) {
        Some(what) if what.contains("level_view") || what.contains("level_feature") || what.contains("_level_id") => {
            Error::conflict("permission_already_there", "The user level has a permission on this already.")
        }
        _ if foreign_key_violation(&error) => Error::not_found("user level, view or feature"),
        _ => store_error(error),
    }
}

pub(super) fn not_modifiable() -> Error {
    Error::conflict("not_modifiable", "The organization cannot change this permission: ask who runs the installation.")
}

/// Managers write only what they can change afterwards.
pub(super) fn may_write(by: LevelEditor, mut modifiable: impl Iterator<Item = bool>) -> Result<()> {
    if by == LevelEditor::Managers && modifiable.any(|modifiable| !modifiable) {
        return Err(not_modifiable());
    }
    Ok(())
}

/// The rows that the editor may change.
pub(super) fn changeable<C: ColumnTrait>(by: LevelEditor, modifiable: C) -> Condition {
    match by {
        LevelEditor::Platform => Condition::all(),
        LevelEditor::Managers => Condition::all().add(modifiable.eq(true)),
    }
}

/// The rows of one user level only.
pub(super) fn of_one_level(level: UserLevelId, rows: impl Iterator<Item = UserLevelId>) -> Result<()> {
    let mut rows = rows;
    if rows.any(|row| row != level) {
        return Err(Error::internal("a permission belongs to another user level than it is written for"));
    }
    Ok(())
}

impl SqlUnitOfWork {
    /// Nothing refers to a level that permits nothing, so nothing would be refused.
    pub(super) async fn level_is_there(&self, organization: OrganizationId, level: UserLevelId) -> Result<()> {
        match UserLevelRepository::find(self, organization, level).await? {
            Some(_) => Ok(()),
            None => Err(Error::not_found("user level")),
        }
    }
}
