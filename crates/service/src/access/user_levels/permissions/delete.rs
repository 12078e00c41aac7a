//! Takes a permission from a user level.

use super::{
    super::{
        cell::{CellChange, LevelPermission},
        edit::{Edit, permissions_of, write},
        editor, guard_found_level, level, lock,
    },
    feature_permission, view_permission,
};
use crate::{App, access::scope_in};
use keystead_domain::{
    Caller, FeaturePermissionId, OrganizationId, Result, UserLevelId, ViewPermissionId,
    access::{Action, LevelScope},
};

/// A permission of a user level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelPermissionId {
    /// On a view.
    View(ViewPermissionId),
    /// On a feature.
    Feature(FeaturePermissionId),
}

/// Which permission to take away.
#[derive(Clone, Debug)]
pub struct DeleteLevelPermission {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Of which level.
    pub level: UserLevelId,
    /// Which.
    pub permission: LevelPermissionId,
    /// The version that was read.
    pub version: i64,
}

/// Takes a permission from a user level, which says nothing about that afterwards.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Conflict` with code `not_modifiable`; `PreconditionFailed`.
pub async fn delete_level_permission(app: &App, caller: &Caller, input: DeleteLevelPermission) -> Result<()> {
    let DeleteLevelPermission { organization, level: id, permission, version } = input;
    let held = guard_found_level(caller, Action::Update, organization, id)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    lock(&*unit, organization).await?;
    let before = match permission {
        LevelPermissionId::View(row) => LevelPermission::View(view_permission(&*unit, organization, id, row).await?),
        LevelPermissionId::Feature(row) => {
            LevelPermission::Feature(feature_permission(&*unit, organization, id, row).await?)
        }
    };
    held.release()?;
    let level = level(&*unit, organization, id).await?;
    let mut edit = Edit::of(level, permissions_of(&*unit, organization, &[id]).await?);
    let change = CellChange {
        cell: before.cell(),
        value: None,
        scope: LevelScope::Organization,
        modifiable: None,
        version: Some(version),
    };
    edit.change(app, editor(caller), &[change])?;
    write(app, caller, &*unit, organization, &[edit]).await?;
    unit.commit().await
}

#[cfg(test)]
mod tests {
    use super::super::super::fixtures::{level, level_id, locked, manager, on_feature};
    use super::*;
    use crate::testing::{TestApp, Trail, organization};
    use keystead_domain::{ErrorKind, access::FeaturePermission};
    use keystead_store::mocks::MockUnitOfWork;

    async fn delete(modifiable: bool, version: i64) -> (Result<()>, Trail) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        let row = move || FeaturePermission { modifiable, ..on_feature(1, 1, "read") };
        locked(&mut unit);
        unit.access.user_levels.expect_find().returning(|_, _| Ok(Some(level(1))));
        unit.access.feature_permissions.expect_find().returning(move |_, _| Ok(Some(row())));
        unit.access.feature_permissions.expect_of_levels().returning(move |_, _| Ok(vec![row()]));
        unit.access.view_permissions.expect_of_levels().returning(|_, _| Ok(vec![]));
        unit.access.feature_permissions.expect_delete().times(0..=1).returning(move |_, id, version, _| {
            assert_eq!((id, version), (row().id, 1));
            Ok(())
        });
        unit.access.user_levels.expect_update().times(0..=1).returning(|_, level| Ok(level.clone()));
        trail.record(&mut unit);
        test.unit(unit);
        let permission = LevelPermissionId::Feature(on_feature(1, 1, "read").id);
        let input = DeleteLevelPermission { organization: organization(1), level: level_id(1), permission, version };
        (delete_level_permission(&test.build(), &manager(), input).await, trail)
    }

    #[tokio::test]
    async fn a_permission_goes_for_the_version_that_was_read_unless_it_is_fixed() {
        let (done, trail) = delete(true, 1).await;
        assert_eq!((done.is_ok(), trail.only().event_type.as_str()), (true, "user_level.permissions_changed"));
        assert_eq!(delete(true, 2).await.0.unwrap_err().kind, ErrorKind::PreconditionFailed);
        let (done, trail) = delete(false, 1).await;
        assert_eq!((done.unwrap_err().code, trail.events()), ("not_modifiable", vec![]));
    }
}
