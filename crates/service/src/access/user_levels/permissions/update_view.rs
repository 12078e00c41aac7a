//! Changes a user level's permission on a view.

use super::{
    super::{
        cell::{Cell, CellChange, LevelPermission},
        edit::{Edit, permissions_of, write},
        editor, guard_found_level, level, lock,
    },
    view_permission,
};
use crate::{App, access::scope_in};
use keystead_domain::{
    Caller, Error, OrganizationId, Result, UserLevelId, ViewPermissionId,
    access::{Action, LevelScope, PermissionValue, ViewPermission},
};

/// What is to change about a permission on a view. What is absent stays.
#[derive(Clone, Debug)]
pub struct UpdateViewPermission {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Of which level.
    pub level: UserLevelId,
    /// Which.
    pub permission: ViewPermissionId,
    /// The version that the change is made for.
    pub version: i64,
    /// Whether it opens or closes.
    pub value: Option<PermissionValue>,
    /// Whether the organization may change it.
    pub modifiable: Option<bool>,
}

/// Changes a user level's permission on a view.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Conflict` with code `not_modifiable`; `PreconditionFailed`.
pub async fn update_view_permission(app: &App, caller: &Caller, input: UpdateViewPermission) -> Result<ViewPermission> {
    let UpdateViewPermission { organization, level: id, permission, version, value, modifiable } = input;
    let held = guard_found_level(caller, Action::Update, organization, id)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    lock(&*unit, organization).await?;
    let before = view_permission(&*unit, organization, id, permission).await?;
    held.release()?;
    let level = level(&*unit, organization, id).await?;
    let mut edit = Edit::of(level, permissions_of(&*unit, organization, &[id]).await?);
    let cell = Cell::View(before.view_id);
    let change = CellChange {
        cell: cell.clone(),
        value: Some(value.unwrap_or(before.value)),
        scope: LevelScope::Organization,
        modifiable,
        version: Some(version),
    };
    edit.change(app, editor(caller), &[change])?;
    write(app, caller, &*unit, organization, std::slice::from_ref(&edit)).await?;
    unit.commit().await?;
    match edit.after(&cell) {
        Some(LevelPermission::View(row)) => Ok(row.clone()),
        _ => Err(Error::internal("an edit has lost its permission")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixtures::{level, level_id, locked, manager, on_view};
    use super::*;
    use crate::testing::{TestApp, Trail, administrator, organization};
    use keystead_domain::{ErrorKind, PLATFORM};
    use keystead_store::mocks::MockUnitOfWork;

    /// Closes a view that is open, for a version.
    async fn close(by: &Caller, of_level: u128, modifiable: bool, version: i64) -> (Result<ViewPermission>, Trail) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        let row = move || ViewPermission { modifiable, ..on_view(1, 1) };
        locked(&mut unit);
        unit.access.user_levels.expect_find().returning(|_, _| Ok(Some(level(1))));
        unit.access.view_permissions.expect_find().returning(move |_, _| Ok(Some(row())));
        unit.access.view_permissions.expect_of_levels().returning(move |_, _| Ok(vec![row()]));
        unit.access.feature_permissions.expect_of_levels().returning(|_, _| Ok(vec![]));
        unit.access.view_permissions.expect_upsert().times(0..=1).returning(|_, _, _| Ok(()));
        unit.access.user_levels.expect_update().times(0..=1).returning(|_, level| Ok(level.clone()));
        trail.record(&mut unit);
        test.unit(unit);
        let input = UpdateViewPermission {
            organization: organization(1),
            level: level_id(of_level),
            permission: on_view(1, 1).id,
            version,
            value: Some(PermissionValue::Deny),
            modifiable: None,
        };
        (update_view_permission(&test.build(), by, input).await, trail)
    }

    #[tokio::test]
    async fn a_manager_closes_a_view() {
        let (done, trail) = close(&manager(), 1, true, 1).await;
        let after = done.unwrap();
        assert_eq!((after.value, after.version, after.modifiable), (PermissionValue::Deny, 2, true));
        assert_eq!(trail.only().event_type, "user_level.permissions_changed");
    }

    #[tokio::test]
    async fn what_is_not_so_is_refused() {
        let refused = async |by: &Caller, of_level, modifiable, version| {
            let (done, trail) = close(by, of_level, modifiable, version).await;
            assert_eq!(trail.events(), []);
            done.unwrap_err()
        };
        assert_eq!(refused(&manager(), 1, false, 1).await.code, "not_modifiable");
        assert_eq!(refused(&manager(), 1, true, 2).await.kind, ErrorKind::PreconditionFailed);
        assert_eq!(refused(&manager(), 2, true, 1).await.kind, ErrorKind::NotFound);
        assert!(close(&administrator(PLATFORM, 7), 1, false, 1).await.0.is_ok());
    }
}
