//! Changes a user level's permission on a feature.

use super::{
    super::{
        cell::{Cell, CellChange, LevelPermission},
        edit::{Edit, permissions_of, write},
        editor, guard_found_level, level, lock,
    },
    feature_permission,
};
use crate::{App, access::scope_in};
use keystead_domain::{
    Caller, Error, FeaturePermissionId, OrganizationId, Result, UserLevelId,
    access::{Action, FeaturePermission, LevelScope, PermissionValue},
};

/// What is to change about a permission on a feature. What is absent stays.
#[derive(Clone, Debug)]
pub struct UpdateFeaturePermission {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Of which level.
    pub level: UserLevelId,
    /// Which.
    pub permission: FeaturePermissionId,
    /// The version that the change is made for.
    pub version: i64,
    /// Whether it allows or denies.
    pub value: Option<PermissionValue>,
    /// Whose resources it reaches.
    pub scope: Option<LevelScope>,
    /// Whether the organization may change it.
    pub modifiable: Option<bool>,
}

/// Changes a user level's permission on a feature.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Conflict` with code `not_modifiable`; `PreconditionFailed`.
pub async fn update_feature_permission(
    app: &App,
    caller: &Caller,
    input: UpdateFeaturePermission,
) -> Result<FeaturePermission> {
    let UpdateFeaturePermission { organization, level: id, permission, version, value, scope, modifiable } = input;
    let held = guard_found_level(caller, Action::Update, organization, id)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    lock(&*unit, organization).await?;
    let before = feature_permission(&*unit, organization, id, permission).await?;
    held.release()?;
    let level = level(&*unit, organization, id).await?;
    let mut edit = Edit::of(level, permissions_of(&*unit, organization, &[id]).await?);
    let cell = Cell::Feature(before.feature_id, before.action.clone());
    let change = CellChange {
        cell: cell.clone(),
        value: Some(value.unwrap_or(before.value)),
        scope: scope.unwrap_or(before.scope),
        modifiable,
        version: Some(version),
    };
    edit.change(app, editor(caller), &[change])?;
    write(app, caller, &*unit, organization, std::slice::from_ref(&edit)).await?;
    unit.commit().await?;
    match edit.after(&cell) {
        Some(LevelPermission::Feature(row)) => Ok(row.clone()),
        _ => Err(Error::internal("an edit has lost its permission")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixtures::{level, level_id, locked, manager, on_feature};
    use super::*;
    use crate::testing::{TestApp, Trail, organization};
    use keystead_domain::ErrorKind;
    use keystead_store::mocks::MockUnitOfWork;

    /// Narrows a permission, for a version.
    async fn narrow(modifiable: bool, version: i64) -> (Result<FeaturePermission>, Trail) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        let row = move || FeaturePermission { modifiable, ..on_feature(1, 1, "read") };
        locked(&mut unit);
        unit.access.user_levels.expect_find().returning(|_, _| Ok(Some(level(1))));
        unit.access.feature_permissions.expect_find().returning(move |_, _| Ok(Some(row())));
        unit.access.feature_permissions.expect_of_levels().returning(move |_, _| Ok(vec![row()]));
        unit.access.view_permissions.expect_of_levels().returning(|_, _| Ok(vec![]));
        unit.access.feature_permissions.expect_upsert().times(0..=1).returning(|_, _, _| Ok(()));
        unit.access.user_levels.expect_update().times(0..=1).returning(|_, level| Ok(level.clone()));
        trail.record(&mut unit);
        test.unit(unit);
        let input = UpdateFeaturePermission {
            organization: organization(1),
            level: level_id(1),
            permission: on_feature(1, 1, "read").id,
            version,
            value: None,
            scope: Some(LevelScope::Own),
            modifiable: None,
        };
        (update_feature_permission(&test.build(), &manager(), input).await, trail)
    }

    #[tokio::test]
    async fn what_is_absent_stays() {
        let (done, trail) = narrow(true, 1).await;
        let after = done.unwrap();
        assert_eq!((after.value, after.scope, after.version), (PermissionValue::Allow, LevelScope::Own, 2));
        assert_eq!(after.action, "read");
        assert!(trail.only().changes_sealed.is_some());
    }

    #[tokio::test]
    async fn what_is_fixed_or_stale_stays() {
        assert_eq!(narrow(false, 1).await.0.unwrap_err().code, "not_modifiable");
        assert_eq!(narrow(true, 7).await.0.unwrap_err().kind, ErrorKind::PreconditionFailed);
    }
}
