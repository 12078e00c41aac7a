//! Replaces what a user level permits.

use super::{
    super::{
        cell::CellChange,
        edit::{Edit, permissions_of, write},
        editor, guard_found_level, level, lock,
    },
    of_one_kind,
    put::one,
};
use crate::{App, access::scope_in};
use keystead_domain::{
    Caller, Error, OrganizationId, Result, UserLevelId,
    access::{Action, LevelEditor, LevelScope, UserLevel},
};
use std::collections::BTreeSet;

/// All that a user level is to permit on views, or on features.
#[derive(Clone, Debug)]
pub struct ReplaceLevelPermissions {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Which level.
    pub level: UserLevelId,
    /// The level's version that the change is made for.
    pub version: i64,
    /// Whether it is about views; else it is about features.
    pub of_views: bool,
    /// All that it is to say, at most [`MOST_CELLS`](crate::access::MOST_CELLS).
    pub changes: Vec<CellChange>,
}

/// Replaces all that a user level permits on views, or on features. What the organization cannot change stays, unless the
/// platform replaces it.
///
/// # Errors
/// As [`put_level_permissions`](super::put_level_permissions); `PreconditionFailed`.
pub async fn replace_level_permissions(
    app: &App,
    caller: &Caller,
    input: ReplaceLevelPermissions,
) -> Result<UserLevel> {
    let ReplaceLevelPermissions { organization, level: id, version, of_views, mut changes } = input;
    let held = guard_found_level(caller, Action::Update, organization, id)?;
    of_one_kind(&changes, of_views)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    lock(&*unit, organization).await?;
    let level = level(&*unit, organization, id).await?;
    held.release()?;
    if level.version != version {
        return Err(Error::stale());
    }
    let by = editor(caller);
    let mut edit = Edit::of(level, permissions_of(&*unit, organization, &[id]).await?);
    let wanted: BTreeSet<_> = changes.iter().map(|change| change.cell.clone()).collect();
    let others = edit.before().filter(|row| row.cell().is_view() == of_views && !wanted.contains(&row.cell()));
    let removable = others.filter(|row| by == LevelEditor::Platform || row.modifiable());
    let removed: Vec<CellChange> = removable
        .map(|row| CellChange {
            cell: row.cell(),
            value: None,
            scope: LevelScope::Organization,
            modifiable: None,
            version: None,
        })
        .collect();
    changes.extend(removed);
    edit.change(app, by, &changes)?;
    let after = write(app, caller, &*unit, organization, &[edit]).await?;
    unit.commit().await?;
    one(after)
}

#[cfg(test)]
mod tests {
    use super::super::super::{
        Cell,
        fixtures::{level, level_id, locked, manager, on_feature, on_view, view},
    };
    use super::*;
    use crate::testing::{TestApp, Trail, administrator, organization};
    use keystead_domain::{
        ErrorKind, PLATFORM,
        access::{PermissionValue, ViewPermission},
    };
    use keystead_store::mocks::MockUnitOfWork;
    use std::sync::{Arc, Mutex};

    fn allow(number: u128) -> CellChange {
        CellChange {
            cell: Cell::View(view(number)),
            value: Some(PermissionValue::Allow),
            scope: LevelScope::Organization,
            modifiable: None,
            version: None,
        }
    }

    /// Replaces what the level permits on views; what is then written.
    async fn replace(by: &Caller, version: i64, changes: Vec<CellChange>) -> (Result<UserLevel>, Vec<ViewPermission>) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        let written = Arc::new(Mutex::new(Vec::new()));
        locked(&mut unit);
        unit.access.user_levels.expect_find().returning(|_, _| Ok(Some(level(1))));
        unit.access.view_permissions.expect_of_levels().returning(|_, _| {
            let fixed = ViewPermission { modifiable: false, ..on_view(1, 3) };
            Ok([on_view(1, 1), on_view(1, 2), fixed]
                .into_iter()
                .chain((10..20).map(|number| on_view(1, number)))
                .collect())
        });
        unit.access.feature_permissions.expect_of_levels().returning(|_, _| Ok(vec![on_feature(1, 1, "read")]));
        let kept = Arc::clone(&written);
        unit.access.view_permissions.expect_replace_for_level().times(0..=1).returning(move |_, id, rows, _| {
            assert_eq!(id, level_id(1));
            kept.lock().unwrap().extend_from_slice(rows);
            Ok(())
        });
        unit.access.user_levels.expect_update().times(0..=1).returning(|_, level| Ok(level.clone()));
        trail.record(&mut unit);
        test.unit(unit);
        let input = ReplaceLevelPermissions {
            organization: organization(1),
            level: level_id(1),
            version,
            of_views: true,
            changes,
        };
        let done = replace_level_permissions(&test.build(), by, input).await;
        let written = written.lock().unwrap().clone();
        (done, written)
    }

    #[tokio::test]
    async fn what_is_named_is_there_and_what_the_organization_cannot_change_stays() {
        let (done, written) = replace(&manager(), 1, vec![allow(2), allow(4)]).await;
        done.unwrap();
        // The fixed one is not removed, so it is not written either.
        assert_eq!(written.iter().map(|row| row.view_id).collect::<Vec<_>>(), [view(2), view(4)]);
        assert_eq!(written[0], on_view(1, 2));
        let (done, written) = replace(&administrator(PLATFORM, 7), 1, vec![allow(2)]).await;
        done.unwrap();
        assert_eq!(written, [on_view(1, 2)]);
    }

    #[tokio::test]
    async fn a_stale_replacement_is_refused() {
        let (done, written) = replace(&manager(), 2, vec![]).await;
        assert_eq!((done.unwrap_err().kind, written), (ErrorKind::PreconditionFailed, vec![]));
    }

    #[tokio::test]
    async fn everything_that_can_be_changed_goes_when_nothing_is_named() {
        let (done, written) = replace(&manager(), 1, vec![]).await;
        assert!(done.is_ok() && written.is_empty());
    }
}
