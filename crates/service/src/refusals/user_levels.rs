//! The use cases of user levels refuse strangers, too.

use super::*;
use crate::access::user_levels::*;
use keystead_domain::UserLevelId;

async fn reads(app: &App, caller: &Caller, organization: OrganizationId) -> Vec<(&'static str, Error)> {
    let (id, page) = (Uuid::from_u128(5), PageInput::default);
    let level = UserLevelId::from_uuid(id);
    errors![
        list_user_levels(app, caller, ListUserLevels { organization, page: page() }),
        get_user_level(app, caller, organization, level),
        list_view_permissions(app, caller, ListLevelPermissions { organization, level, page: page() }),
        list_feature_permissions(app, caller, ListLevelPermissions { organization, level, page: page() }),
        get_view_permission(app, caller, organization, level, id.into()),
        get_feature_permission(app, caller, organization, level, id.into()),
        list_level_members(app, caller, ListLevelMembers { organization, level, page: page() }),
        levels_of_member(app, caller, organization, user(9)),
        read_access_matrix(app, caller, ReadMatrix { organization, page: page() }),
    ]
}

async fn changes(app: &App, caller: &Caller, organization: OrganizationId) -> Vec<(&'static str, Error)> {
    let (id, version, user) = (Uuid::from_u128(5), 1, user(9));
    let (level, none, of_views) = (UserLevelId::from_uuid(id), Vec::new, true);
    let (permission, value, scope, modifiable) = (LevelPermissionId::View(id.into()), None, None, None);
    let (name, description) = (None, None);
    let new = CreateUserLevel { organization, name: "name".to_owned(), description: None };
    let on_view = UpdateViewPermission { organization, level, permission: id.into(), version, value, modifiable };
    let on_feature =
        UpdateFeaturePermission { organization, level, permission: id.into(), version, value, scope, modifiable };
    let replacement = ReplaceLevelPermissions { organization, level, version, of_views, changes: none() };
    errors![
        create_user_level(app, caller, new, None),
        update_user_level(app, caller, UpdateUserLevel { organization, level, version, name, description }),
        delete_user_level(app, caller, DeleteUserLevel { organization, level, version }),
        put_level_permissions(app, caller, PutLevelPermissions { organization, level, of_views, changes: none() }),
        replace_level_permissions(app, caller, replacement),
        update_view_permission(app, caller, on_view),
        update_feature_permission(app, caller, on_feature),
        delete_level_permission(app, caller, DeleteLevelPermission { organization, level, permission, version }),
        give_user_level(app, caller, organization, level, user),
        take_user_level(app, caller, organization, level, user),
        set_levels_of_member(app, caller, SetLevelsOfMember { organization, user, levels: vec![level] }),
        change_access_matrix(app, caller, ChangeMatrix { organization, changes: vec![] }),
    ]
}

#[tokio::test]
async fn nobody_and_another_organizations_people_are_refused() {
    let app = TestApp::new().build();
    for (caller, expected) in [
        (anonymous(), ErrorKind::Unauthenticated),
        (administrator(organization(2), 7), ErrorKind::NotFound),
        (member(2, 9), ErrorKind::NotFound),
    ] {
        let mut all = reads(&app, &caller, organization(1)).await;
        all.extend(changes(&app, &caller, organization(1)).await);
        for (name, error) in all {
            assert_eq!(error.kind, expected, "{name}: {error:?}");
        }
    }
}

#[tokio::test]
async fn a_plain_member_changes_nothing() {
    let test = TestApp::new();
    // Of what he may read, he is told only about what there is; so all but these look, and find nothing.
    let plain = ["create_user_level", "change_access_matrix"];
    for _ in 0..10 {
        let mut unit = MockUnitOfWork::new();
        unit.access.access_changes.expect_raise().returning(|_, _| Ok(1));
        unit.access.user_levels.expect_find().returning(|_, _| Ok(None));
        unit.access.view_permissions.expect_find().returning(|_, _| Ok(None));
        unit.access.feature_permissions.expect_find().returning(|_, _| Ok(None));
        unit.memberships.expect_find().returning(|_, _| Ok(None));
        test.unit(unit);
    }
    for (name, error) in changes(&test.build(), &member(1, 7), organization(1)).await {
        let expected = if plain.contains(&name) { ErrorKind::Forbidden } else { ErrorKind::NotFound };
        assert_eq!(error.kind, expected, "{name}: {error:?}");
    }
}
