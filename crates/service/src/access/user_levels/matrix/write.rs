//! Writes what was changed in the matrix.

use super::super::{
    cell::CellChange,
    edit::{Edit, permissions_of, write},
    editor, guard_levels, lock,
    permissions::few,
};
use crate::{App, access::scope_in};
use keystead_domain::{
    Caller, Error, OrganizationId, Result, UserLevelId,
    access::{Action, UserLevel},
};
use std::collections::BTreeMap;

/// What one level is to say about something.
#[derive(Clone, Debug)]
pub struct LevelChange {
    /// The level.
    pub level: UserLevelId,
    /// What it is to say.
    pub change: CellChange,
}

/// The cells that were changed.
#[derive(Clone, Debug)]
pub struct ChangeMatrix {
    /// Of which organization.
    pub organization: OrganizationId,
    /// They, at most [`MOST_CELLS`](crate::access::MOST_CELLS) of all levels together.
    pub changes: Vec<LevelChange>,
}

/// Writes what was changed in the matrix, all of it or nothing. Returns the levels that were named, as they are then, in
/// order of their making.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound` of a level, view or feature; `Invalid` on `permissions` or `action`;
/// `Conflict` with code `not_modifiable` or `too_many_level_permissions`; `PreconditionFailed` where a cell names a version.
pub async fn change_access_matrix(app: &App, caller: &Caller, input: ChangeMatrix) -> Result<Vec<UserLevel>> {
    let ChangeMatrix { organization, changes } = input;
    guard_levels(caller, Action::Update, organization)?;
    few(changes.len())?;
    let mut by_level: BTreeMap<UserLevelId, Vec<CellChange>> = BTreeMap::new();
    for LevelChange { level, change } in changes {
        by_level.entry(level).or_default().push(change);
    }
    if by_level.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<UserLevelId> = by_level.keys().copied().collect();
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    lock(&*unit, organization).await?;
    let levels = unit.user_levels().find_many(organization, &ids).await?;
    if levels.len() != ids.len() {
        return Err(Error::not_found("user level"));
    }
    let mut permissions: BTreeMap<UserLevelId, Vec<_>> = BTreeMap::new();
    for row in permissions_of(&*unit, organization, &ids).await? {
        permissions.entry(row.level()).or_default().push(row);
    }
    let (by, mut edits) = (editor(caller), Vec::with_capacity(levels.len()));
    for level in levels {
        let changes = by_level.remove(&level.id).unwrap_or_default();
        let mut edit = Edit::of(level.clone(), permissions.remove(&level.id).unwrap_or_default());
        edit.change(app, by, &changes)?;
        edits.push(edit);
    }
    let after = write(app, caller, &*unit, organization, &edits).await?;
    unit.commit().await?;
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::super::super::{
        Cell,
        fixtures::{feature, level, level_id, locked, manager, on_feature, on_view, view},
    };
    use super::*;
    use crate::{
        access::MOST_CELLS,
        testing::{TestApp, Trail, member, organization},
    };
    use keystead_domain::{
        ErrorKind,
        access::{LevelScope, PermissionValue, ViewPermission},
    };
    use keystead_store::mocks::MockUnitOfWork;

    fn change(number: u128, cell: Cell, value: Option<PermissionValue>) -> LevelChange {
        let change = CellChange { cell, value, scope: LevelScope::Team, modifiable: None, version: None };
        LevelChange { level: level_id(number), change }
    }

    /// Changes cells of levels 1 and 2, each of which reads feature 1 and, fixed, sees view 1.
    async fn write(by: &Caller, changes: Vec<LevelChange>) -> (Result<Vec<UserLevel>>, Trail, usize) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        locked(&mut unit);
        unit.access
            .user_levels
            .expect_find_many()
            .returning(|_, ids| Ok((1..=2).map(level).filter(|level| ids.contains(&level.id)).collect()));
        unit.access.feature_permissions.expect_of_levels().returning(|_, levels| {
            let rows = [on_feature(1, 1, "read"), on_feature(2, 1, "read")].into_iter();
            Ok(rows.filter(|row| levels.contains(&row.user_level_id)).collect())
        });
        unit.access.view_permissions.expect_of_levels().returning(|_, levels| {
            let rows = [on_view(1, 1), on_view(2, 1)].into_iter();
            let rows = rows.filter(|row| levels.contains(&row.user_level_id));
            Ok(rows.map(|row| ViewPermission { modifiable: false, ..row }).collect())
        });
        // All levels together are one batch of each kind.
        unit.access.feature_permissions.expect_upsert().times(0..=1).returning(|_, _, _| Ok(()));
        unit.access.view_permissions.expect_upsert().times(0..=1).returning(|_, _, _| Ok(()));
        unit.access.feature_permissions.expect_delete().times(0..=1).returning(|_, _, _, _| Ok(()));
        unit.access
            .user_levels
            .expect_update()
            .returning(|_, level| Ok(UserLevel { version: level.version + 1, ..level.clone() }));
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let done =
            change_access_matrix(&test.build(), by, ChangeMatrix { organization: organization(1), changes }).await;
        (done, trail, journal.commits())
    }

    #[tokio::test]
    async fn cells_of_several_levels_change_at_once_with_an_event_for_each_level() {
        let read = || Cell::Feature(feature(1), "read".to_owned());
        let changes = vec![
            change(1, read(), None),
            change(2, read(), Some(PermissionValue::Deny)),
            change(2, Cell::View(view(2)), Some(PermissionValue::Allow)),
        ];
        let (done, trail, commits) = write(&manager(), changes).await;
        let versions: Vec<_> = done.unwrap().iter().map(|level| (level.id, level.version)).collect();
        assert_eq!((versions, commits), (vec![(level_id(1), 2), (level_id(2), 2)], 1));
        let resources: Vec<UserLevelId> =
            trail.events().iter().map(|event| event.resource_id.unwrap().into()).collect();
        assert_eq!(resources, [level_id(1), level_id(2)]);
    }

    #[tokio::test]
    async fn one_bad_cell_and_nothing_is_written() {
        let good = || change(1, Cell::View(view(2)), Some(PermissionValue::Allow));
        let fixed = change(2, Cell::View(view(1)), Some(PermissionValue::Deny));
        let nowhere = change(3, Cell::View(view(1)), Some(PermissionValue::Deny));
        let many: Vec<_> = (0..=MOST_CELLS as u128)
            .map(|number| change(1, Cell::View(view(number)), Some(PermissionValue::Allow)))
            .collect();
        for (changes, kind) in [
            (vec![good(), fixed], ErrorKind::Conflict),
            (vec![good(), nowhere], ErrorKind::NotFound),
            (vec![good(), good()], ErrorKind::Invalid),
            (many, ErrorKind::Invalid),
        ] {
            let (done, trail, commits) = write(&manager(), changes).await;
            assert_eq!((done.unwrap_err().kind, trail.events(), commits), (kind, vec![], 0));
        }
        let (done, _, commits) = write(&member(1, 7), vec![good()]).await;
        assert_eq!((done.unwrap_err().kind, commits), (ErrorKind::Forbidden, 0));
    }
}
