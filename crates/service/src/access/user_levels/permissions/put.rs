//! Writes some of what a user level permits.

use super::{
    super::{
        cell::CellChange,
        edit::{Edit, permissions_of, write},
        editor, guard_found_level, level, lock,
    },
    of_one_kind,
};
use crate::{App, access::scope_in};
use keystead_domain::{
    Caller, OrganizationId, Result, UserLevelId,
    access::{Action, UserLevel},
};

/// What a user level is to permit beside what it permits already.
#[derive(Clone, Debug)]
pub struct PutLevelPermissions {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Which level.
    pub level: UserLevelId,
    /// Whether it is about views; else it is about features.
    pub of_views: bool,
    /// What it is to say, at most [`MOST_CELLS`](crate::access::MOST_CELLS).
    pub changes: Vec<CellChange>,
}

/// Writes some of what a user level permits, all of it or nothing: what it says already about the same is overwritten, and
/// what it says about other things stays.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`, also of a view or feature; `Invalid` on `permissions` or `action`;
/// `Conflict` with code `not_modifiable` or `too_many_level_permissions`; `PreconditionFailed` where a change names a version.
pub async fn put_level_permissions(app: &App, caller: &Caller, input: PutLevelPermissions) -> Result<UserLevel> {
    let PutLevelPermissions { organization, level: id, of_views, changes } = input;
    let held = guard_found_level(caller, Action::Update, organization, id)?;
    of_one_kind(&changes, of_views)?;
    let unit = app.store.begin(scope_in(organization, caller)).await?;
    lock(&*unit, organization).await?;
    let level = level(&*unit, organization, id).await?;
    held.release()?;
    let mut edit = Edit::of(level, permissions_of(&*unit, organization, &[id]).await?);
    edit.change(app, editor(caller), &changes)?;
    let after = write(app, caller, &*unit, organization, &[edit]).await?;
    unit.commit().await?;
    one(after)
}

/// The only level of an edit.
pub(super) fn one(levels: Vec<UserLevel>) -> Result<UserLevel> {
    levels.into_iter().next().ok_or_else(|| keystead_domain::Error::internal("an edit has lost its level"))
}

#[cfg(test)]
mod tests {
    use super::super::super::{
        Cell,
        fixtures::{feature, level, level_id, locked, manager, on_feature},
    };
    use super::*;
    use crate::{
        access::{MOST_CELLS, MOST_LEVEL_PERMISSIONS},
        testing::{TestApp, Trail, administrator, member, organization},
    };
    use keystead_domain::{
        ErrorKind, PLATFORM,
        access::{FeaturePermission, LevelEditor, LevelScope, PermissionValue},
    };
    use keystead_store::mocks::MockUnitOfWork;
    use std::sync::{Arc, Mutex};

    fn says(number: u128, action: &str, value: Option<PermissionValue>) -> CellChange {
        let cell = Cell::Feature(feature(number), action.to_owned());
        CellChange { cell, value, scope: LevelScope::Organization, modifiable: None, version: None }
    }
    fn allow(number: u128, action: &str) -> CellChange {
        says(number, action, Some(PermissionValue::Allow))
    }
    fn deny(number: u128, action: &str) -> CellChange {
        says(number, action, Some(PermissionValue::Deny))
    }

    struct Outcome {
        done: Result<UserLevel>,
        written: Vec<FeaturePermission>,
        trail: Trail,
        commits: usize,
    }

    /// Writes `changes` where the level permits `before`.
    async fn put(by: &Caller, before: Vec<FeaturePermission>, changes: Vec<CellChange>) -> Outcome {
        let (test, trail, mut unit) = (TestApp::new(), Trail::default(), MockUnitOfWork::new());
        let written = Arc::new(Mutex::new(Vec::new()));
        let expected = if by.organization_id == PLATFORM { LevelEditor::Platform } else { LevelEditor::Managers };
        locked(&mut unit);
        unit.access.user_levels.expect_find().returning(|_, id| Ok((id == level_id(1)).then(|| level(1))));
        unit.access.view_permissions.expect_of_levels().returning(|_, _| Ok(Vec::new()));
        unit.access.feature_permissions.expect_of_levels().return_once(|_, _| Ok(before));
        let kept = Arc::clone(&written);
        unit.access.feature_permissions.expect_upsert().returning(move |_, rows, editor| {
            assert_eq!(editor, expected);
            kept.lock().unwrap().extend_from_slice(rows);
            Ok(())
        });
        unit.access
            .user_levels
            .expect_update()
            .returning(|_, level| Ok(UserLevel { version: level.version + 1, ..level.clone() }));
        trail.record(&mut unit);
        let journal = test.unit(unit).journal();
        let input = PutLevelPermissions { organization: organization(1), level: level_id(1), of_views: false, changes };
        let done = put_level_permissions(&test.build(), by, input).await;
        let written = written.lock().unwrap().clone();
        Outcome { done, written, trail, commits: journal.commits() }
    }

    #[tokio::test]
    async fn what_is_new_is_added_what_differs_is_changed_and_the_rest_stays() {
        let before = vec![on_feature(1, 1, "read"), on_feature(1, 2, "read")];
        let changes = vec![allow(1, "read"), deny(2, "read"), allow(3, "read")];
        let outcome = put(&manager(), before.clone(), changes).await;
        assert_eq!(outcome.done.unwrap().version, 2);
        let [changed, added] = &outcome.written[..] else { panic!("{:?}", outcome.written) };
        assert_eq!((changed.id, changed.version, changed.value), (before[1].id, 2, PermissionValue::Deny));
        assert_eq!((added.feature_id, added.version, added.modifiable), (feature(3), 1, true));
        let event = outcome.trail.only();
        assert_eq!(event.event_type, "user_level.permissions_changed");
        assert!(event.changes_sealed.is_some());
    }

    #[tokio::test]
    async fn what_is_so_already_leaves_no_trace() {
        let fixed = FeaturePermission { modifiable: false, ..on_feature(1, 1, "read") };
        let outcome = put(&manager(), vec![fixed], vec![allow(1, "read")]).await;
        assert_eq!(outcome.done.unwrap().version, 1);
        assert_eq!((outcome.written, outcome.trail.events()), (vec![], vec![]));
    }

    #[tokio::test]
    async fn what_the_organization_cannot_change_only_the_platform_changes() {
        let fixed = || vec![FeaturePermission { modifiable: false, ..on_feature(1, 1, "read") }];
        let fixing = CellChange { modifiable: Some(false), ..allow(2, "read") };
        let freeing = CellChange { modifiable: Some(true), ..allow(1, "read") };
        for change in [deny(1, "read"), says(1, "read", None), fixing.clone(), freeing.clone()] {
            for by in [manager(), administrator(organization(1), 7)] {
                let outcome = put(&by, fixed(), vec![allow(3, "read"), change.clone()]).await;
                let error = outcome.done.unwrap_err();
                assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "not_modifiable"), "{change:?}");
                assert_eq!((outcome.written, outcome.commits), (vec![], 0));
            }
        }
        let platform = administrator(PLATFORM, 7);
        let outcome = put(&platform, fixed(), vec![deny(1, "read"), fixing]).await;
        outcome.done.unwrap();
        assert!(outcome.written.iter().all(|row| !row.modifiable), "{:?}", outcome.written);
        let outcome = put(&platform, fixed(), vec![freeing]).await;
        assert!(outcome.done.is_ok() && outcome.written[0].modifiable);
    }

    #[tokio::test]
    async fn a_change_for_another_version_is_refused_with_all_others() {
        for (number, version) in [(1, 2), (1, 0), (2, 1)] {
            let stale = CellChange { version: Some(version), ..deny(number, "read") };
            let outcome = put(&manager(), vec![on_feature(1, 1, "read")], vec![allow(3, "read"), stale]).await;
            assert_eq!(outcome.done.unwrap_err().kind, ErrorKind::PreconditionFailed, "{number} {version}");
            assert_eq!(outcome.commits, 0);
        }
        let fits =
            [CellChange { version: Some(1), ..deny(1, "read") }, CellChange { version: Some(0), ..allow(2, "x") }];
        assert!(put(&manager(), vec![on_feature(1, 1, "read")], fits.to_vec()).await.done.is_ok());
    }

    #[tokio::test]
    async fn bad_changes_and_too_many_are_refused() {
        let twice = vec![allow(1, "read"), deny(1, "read")];
        let no_action = vec![allow(1, "two words")];
        let many = (0..=MOST_CELLS as u128).map(|number| allow(number, "read")).collect();
        for (changes, field) in [(twice, "permissions"), (no_action, "action"), (many, "permissions")] {
            let outcome = put(&manager(), vec![], changes).await;
            assert_eq!((outcome.done.unwrap_err().fields[0].field.as_str(), outcome.commits), (field, 0));
        }
        let full: Vec<_> = (0..MOST_LEVEL_PERMISSIONS as u128).map(|number| on_feature(1, number, "read")).collect();
        assert!(put(&manager(), full.clone(), vec![deny(1, "read")]).await.done.is_ok());
        let error = put(&manager(), full, vec![allow(1, "write")]).await.done.unwrap_err();
        assert_eq!(error.code, "too_many_level_permissions");
    }

    #[tokio::test]
    async fn a_plain_member_writes_nothing() {
        let outcome = put(&member(1, 7), vec![], vec![allow(1, "read")]).await;
        assert_eq!((outcome.done.unwrap_err().kind, outcome.commits), (ErrorKind::Forbidden, 0));
    }
}
