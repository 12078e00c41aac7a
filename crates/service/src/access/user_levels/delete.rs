//! Removes a user level.

use super::{edit::permissions_of, editor, guard_found_level, level, lock, not_modifiable};
use crate::{
    App,
    access::scope_in,
    audit::{self, Event, changes},
};
use keystead_domain::{
    Caller, OrganizationId, Result, UserLevelId,
    access::{Action, LevelEditor},
};

/// Which user level to remove.
#[derive(Clone, Debug)]
pub struct DeleteUserLevel {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Which.
    pub level: UserLevelId,
    /// The version that was read.
    pub version: i64,
}

/// Removes a user level that nobody has, with everything that it permits. One that has permissions which the organization
/// cannot change, the platform removes: else they would go with it.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`; `Conflict` with code `user_level_in_use` or `not_modifiable`;
/// `PreconditionFailed`.
pub async fn delete_user_level(app: &App, caller: &Caller, input: DeleteUserLevel) -> Result<()> {
    let DeleteUserLevel { organization, level: id, version } = input;
    let held = guard_found_level(caller, Action::Delete, organization, id)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    lock(&*unit, organization).await?;
    let before = level(&*unit, organization, id).await?;
    held.release()?;
    let permissions = permissions_of(&*unit, organization, &[id]).await?;
    if editor(caller) == LevelEditor::Managers && permissions.iter().any(|permission| !permission.modifiable()) {
        return Err(not_modifiable());
    }
    unit.user_levels().delete(organization, id, version).await?;
    let event = Event::new(caller, "user_level.deleted", "user_levels").resource(id).changed(changes(&before, &())?);
    audit::append(&*unit, app, organization, vec![event]).await?;
    unit.commit().await
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{level, locked, manager, on_feature, on_view};
    use super::*;
    use crate::testing::{TestApp, Trail, administrator, organization};
    use keystead_domain::{
        ErrorKind, PLATFORM,
        access::{FeaturePermission, ViewPermission},
    };
    use keystead_store::mocks::MockUnitOfWork;

    async fn delete(by: &Caller, views: Vec<ViewPermission>, features: Vec<FeaturePermission>) -> (Result<()>, Trail) {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        locked(&mut unit);
        unit.access.user_levels.expect_find().returning(|_, _| Ok(Some(level(1))));
        unit.access.view_permissions.expect_of_levels().return_once(|_, _| Ok(views));
        unit.access.feature_permissions.expect_of_levels().return_once(|_, _| Ok(features));
        unit.access.user_levels.expect_delete().returning(|_, _, _| Ok(()));
        trail.record(&mut unit);
        test.unit(unit);
        let input = DeleteUserLevel { organization: organization(1), level: level(1).id, version: 1 };
        (delete_user_level(&test.build(), by, input).await, trail)
    }

    #[tokio::test]
    async fn what_the_organization_cannot_change_does_not_go_with_its_level() {
        let fixed_view = ViewPermission { modifiable: false, ..on_view(1, 1) };
        let fixed_feature = FeaturePermission { modifiable: false, ..on_feature(1, 1, "read") };
        for (views, features) in [(vec![fixed_view], vec![]), (vec![], vec![fixed_feature])] {
            let (done, trail) = delete(&manager(), views.clone(), features.clone()).await;
            let error = done.unwrap_err();
            assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "not_modifiable"));
            assert_eq!(trail.events(), []);
            let (done, _) = delete(&administrator(organization(1), 7), views.clone(), features.clone()).await;
            assert_eq!(done.unwrap_err().code, "not_modifiable");
            delete(&administrator(PLATFORM, 7), views, features).await.0.unwrap();
        }
    }

    #[tokio::test]
    async fn everything_else_goes() {
        let (done, trail) = delete(&manager(), vec![on_view(1, 1)], vec![on_feature(1, 1, "read")]).await;
        done.unwrap();
        assert_eq!(trail.only().event_type, "user_level.deleted");
    }
}
