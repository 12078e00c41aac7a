//! What is noted of each change of what decides.

use super::{
    Harness,
    access_changes::{put, since},
    ground::{Ground, of_platform, own},
};
use keystead_domain::{
    OrganizationId, PLATFORM, Scope,
    access::{
        AccessChange, AccessTable, CatalogueLinks, ChangesSince, LevelEditor::Platform, ModuleFeature, ModuleView,
        RoleAssignment, RuleFilter, USER,
    },
    accounts::{ApiKey, User, UserStatus},
    organizations::TeamMember,
};
use uuid::Uuid;

fn all(table: AccessTable) -> AccessChange {
    AccessChange::all(table)
}
fn remove(table: AccessTable, row: impl Into<Uuid>) -> AccessChange {
    AccessChange::remove(table, row)
}

/// A write that raises the version by one and notes exactly this.
macro_rules! notes {
    ($ground:expr, $organization:expr, $expected:expr, |$unit:ident| $call:expr) => {{
        let organization: OrganizationId = $organization;
        let before = $ground.versions(organization).await.organization;
        let answer = change!($ground, Scope::organization(organization), |$unit| $call);
        let found = since(&$ground, organization, before).await;
        let expected: &[AccessChange] = &$expected;
        assert_eq!(found, ChangesSince { version: before + 1, changes: Some(expected.to_vec()) });
        answer
    }};
}

/// A write that leaves the version as it is.
macro_rules! notes_nothing {
    ($ground:expr, $organization:expr, |$unit:ident| $call:expr) => {{
        let before = $ground.versions($organization).await;
        let answer = change!($ground, Scope::organization($organization), |$unit| $call);
        assert_eq!($ground.versions($organization).await, before);
        answer
    }};
}

pub async fn a_change_of_people_and_roles_is_noted(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let one = two.one;
    let mut place = ask!(ground, two.home(), |unit| unit.organizations().find(one, one)).unwrap();
    place.name = "Renamed".to_owned();
    notes!(ground, one, [put(AccessTable::Organizations, one)], |unit| unit.organizations().update(one, &place));

    let bob = ground.user("bob").await;
    let membership = ground.sample_membership(one, bob);
    notes!(ground, one, [put(AccessTable::Memberships, bob)], |unit| unit.memberships().insert(&membership));
    notes!(ground, one, [put(AccessTable::Memberships, bob)], |unit| unit.memberships().update(one, &membership));

    let team = ground.sample_team(one, "Team");
    notes!(ground, one, [put(AccessTable::Teams, team.id)], |unit| unit.teams().insert(&team));
    notes!(ground, one, [put(AccessTable::Teams, team.id)], |unit| unit.teams().update(one, &team));
    let member = TeamMember {
        organization_id: one,
        team_id: team.id,
        user_id: bob,
        username: "bob".to_owned(),
        created_at: ground.now(),
    };
    notes!(ground, one, [put(AccessTable::Teams, team.id)], |unit| unit.teams().add_member(one, &member));
    notes_nothing!(ground, one, |unit| unit.teams().add_member(one, &member));
    notes!(ground, one, [put(AccessTable::Teams, team.id)], |unit| unit.teams().remove_member(one, team.id, bob));
    notes_nothing!(ground, one, |unit| unit.teams().remove_member(one, team.id, bob));
    notes!(ground, one, [remove(AccessTable::Teams, team.id)], |unit| unit.teams().delete(one, team.id, 2));

    let now = ground.now();
    let role = ground.sample_role(one, "writer");
    notes!(ground, one, [put(AccessTable::Roles, role.id)], |unit| unit.roles().insert(&role));
    notes!(ground, one, [put(AccessTable::Roles, role.id)], |unit| unit.roles().update(one, &role));
    let permission = super::permissions::sample(&ground, one, "reports:read:own");
    let permissions = [permission.id];
    let new = [permission];
    notes!(ground, one, [put(AccessTable::Permissions, permissions[0])], |unit| unit.permissions().insert(one, &new));
    notes_nothing!(ground, one, |unit| unit.permissions().insert(one, &new));
    notes!(ground, one, [put(AccessTable::Roles, role.id)], |unit| unit.roles().replace_permissions(
        one,
        role.id,
        &permissions,
        now
    ));
    let held = [RoleAssignment {
        organization_id: one,
        user_id: bob,
        role_id: USER.id,
        role_organization_id: PLATFORM,
        created_at: now,
    }];
    notes!(ground, one, [put(AccessTable::UserRoles, bob)], |unit| unit.roles().replace_held(one, bob, &held));
    notes!(ground, one, [remove(AccessTable::Roles, role.id)], |unit| unit.roles().delete(one, role.id, 2));
    notes!(ground, one, [remove(AccessTable::Permissions, permissions[0])], |unit| unit
        .permissions()
        .delete(one, permissions[0]));
    notes_nothing!(ground, one, |unit| unit.permissions().delete(one, permissions[0]));
    notes!(ground, one, [remove(AccessTable::Memberships, bob)], |unit| unit.memberships().delete(one, bob));
    notes_nothing!(ground, one, |unit| unit.memberships().delete(one, bob));
}

pub async fn a_change_of_an_account_is_noted_where_its_status_is_another(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let mut ada = ground.find_user(two.ada).await;
    for status in [UserStatus::Disabled, UserStatus::Pending, UserStatus::Active] {
        let before = ground.versions(two.one).await;
        let changed = User { status, ..ada };
        ada = change!(ground, of_platform(two.ada), |unit| unit.users().update(PLATFORM, &changed));
        // Every organization has got another version of what it inherits.
        let after = ground.versions(two.one).await;
        assert_eq!((after.organization, after.platform), (before.organization, before.platform + 1), "{status}");
        let noted = since(&ground, PLATFORM, before.platform).await.changes;
        assert_eq!(noted, Some(vec![put(AccessTable::Users, two.ada)]));
    }
    // Nothing else of an account decides anything, and an active one is one that nobody has closed.
    let before = ground.versions(PLATFORM).await;
    let renamed = User { first_name: Some("Ada".to_owned()), ..ada };
    change!(ground, own(two.ada), |unit| unit.users().update(PLATFORM, &renamed));
    ground.add_user(&ground.sample_user("open")).await;
    assert_eq!(ground.versions(PLATFORM).await, before);
    let shut = User { status: UserStatus::Pending, ..ground.sample_user("shut") };
    ground.add_user(&shut).await;
    assert_eq!(ground.versions(PLATFORM).await.platform, before.platform + 1);
}

pub async fn a_change_of_the_catalogue_is_noted_for_everyone(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = ground.versions(two.one).await;
    let now = ground.now();
    let (views, modules, features) =
        ([ground.sample_view("v")], [ground.sample_module("m")], [ground.sample_feature("f")]);
    let (view_id, module_id, feature_id) = (views[0].id, modules[0].id, features[0].id);
    notes!(ground, PLATFORM, [put(AccessTable::Views, view_id)], |unit| unit.views().insert(&views));
    notes!(ground, PLATFORM, [put(AccessTable::Modules, module_id)], |unit| unit.modules().insert(&modules));
    notes!(ground, PLATFORM, [put(AccessTable::Features, feature_id)], |unit| unit.features().insert(&features));
    notes!(ground, PLATFORM, [put(AccessTable::Views, view_id)], |unit| unit.views().update(&views[0]));
    notes!(ground, PLATFORM, [put(AccessTable::Modules, module_id)], |unit| unit.modules().update(&modules[0]));
    notes!(ground, PLATFORM, [put(AccessTable::Features, feature_id)], |unit| unit.features().update(&features[0]));
    let links = CatalogueLinks {
        module_views: vec![ModuleView { module_id, view_id }],
        module_features: vec![ModuleFeature { module_id, feature_id }],
        ..CatalogueLinks::default()
    };
    notes!(ground, PLATFORM, [put(AccessTable::Modules, module_id)], |unit| unit.catalogue_links().link(&links, now));
    notes_nothing!(ground, PLATFORM, |unit| unit.catalogue_links().link(&links, now));
    notes!(ground, PLATFORM, [put(AccessTable::Modules, module_id)], |unit| unit.catalogue_links().unlink(&links));
    notes_nothing!(ground, PLATFORM, |unit| unit.catalogue_links().unlink(&links));
    notes!(ground, PLATFORM, [put(AccessTable::Modules, module_id)], |unit| unit
        .catalogue_links()
        .replace_module_views(module_id, &[view_id], now));
    notes!(ground, PLATFORM, [put(AccessTable::Modules, module_id)], |unit| unit
        .catalogue_links()
        .replace_module_features(module_id, &[feature_id], now));
    notes!(ground, PLATFORM, [put(AccessTable::Features, feature_id)], |unit| unit
        .catalogue_links()
        .replace_feature_views(feature_id, &[view_id], now));
    notes!(ground, PLATFORM, [remove(AccessTable::Views, view_id)], |unit| unit.views().delete(view_id, 2));
    notes!(ground, PLATFORM, [remove(AccessTable::Modules, module_id)], |unit| unit.modules().delete(module_id, 2));
    notes!(ground, PLATFORM, [remove(AccessTable::Features, feature_id)], |unit| unit.features().delete(feature_id, 2));

    let items = [ground.sample_menu_item("item", 1)];
    let below = [ground.sample_sub_menu_item(&items[0], "sub", 1)];
    let item = items[0].id;
    notes!(ground, PLATFORM, [put(AccessTable::MenuItems, item)], |unit| unit.menus().insert_items(&items));
    notes!(ground, PLATFORM, [put(AccessTable::MenuItems, item)], |unit| unit.menus().insert_sub_items(&below));
    notes!(ground, PLATFORM, [put(AccessTable::MenuItems, item)], |unit| unit.menus().update_item(&items[0]));
    notes!(ground, PLATFORM, [all(AccessTable::MenuItems)], |unit| unit.menus().update_sub_item(&below[0]));
    notes!(ground, PLATFORM, [all(AccessTable::MenuItems)], |unit| unit.menus().delete_sub_item(below[0].id, 2));
    notes!(ground, PLATFORM, [remove(AccessTable::MenuItems, item)], |unit| unit.menus().delete_item(item, 2));
    // Every organization has got another version of what it inherits, and none of its own.
    let after = ground.versions(two.one).await;
    assert_eq!((after.organization, after.platform), (before.organization, before.platform + 20));
}

pub async fn a_change_of_entitlements_is_noted(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let (one, now) = (two.one, ground.now());
    let (module, view, feature) = (ground.module("m").await, ground.view("v").await, ground.feature("f").await);
    let held = [ground.sample_organization_module(one, module)];
    let noted = [put(AccessTable::OrganizationModules, module)];
    notes!(ground, one, noted, |unit| unit.organization_modules().insert(one, &held));
    notes!(ground, one, noted, |unit| unit.organization_modules().update(one, &held[0]));
    notes!(ground, one, noted, |unit| unit.organization_modules().upsert(one, &held));
    let gone = [remove(AccessTable::OrganizationModules, module)];
    notes!(ground, one, gone, |unit| unit.organization_modules().delete(one, held[0].id, 3));

    let levels = [ground.sample_level(one, "Level")];
    let level = levels[0].id;
    let noted = [put(AccessTable::UserLevels, level)];
    notes!(ground, one, noted, |unit| unit.user_levels().insert(one, &levels));
    notes!(ground, one, noted, |unit| unit.user_levels().update(one, &levels[0]));
    let on_view = [ground.sample_view_permission(one, level, view)];
    notes!(ground, one, noted, |unit| unit.view_permissions().insert(one, &on_view, Platform));
    notes!(ground, one, noted, |unit| unit.view_permissions().update(one, &on_view[0], Platform));
    notes!(ground, one, noted, |unit| unit.view_permissions().upsert(one, &on_view, Platform));
    notes!(ground, one, noted, |unit| unit.view_permissions().delete(one, on_view[0].id, 3, Platform));
    notes!(ground, one, noted, |unit| unit.view_permissions().replace_for_level(one, level, &on_view, Platform));
    let on_feature = [ground.sample_feature_permission(one, level, feature, "read")];
    notes!(ground, one, noted, |unit| unit.feature_permissions().insert(one, &on_feature, Platform));
    notes!(ground, one, noted, |unit| unit.feature_permissions().update(one, &on_feature[0], Platform));
    notes!(ground, one, noted, |unit| unit.feature_permissions().upsert(one, &on_feature, Platform));
    notes!(ground, one, noted, |unit| unit.feature_permissions().delete(one, on_feature[0].id, 3, Platform));
    notes!(ground, one, noted, |unit| unit.feature_permissions().replace_for_level(one, level, &[], Platform));

    let given = [ground.sample_assignment(one, two.ada, level)];
    let noted = [put(AccessTable::UserUserLevels, two.ada)];
    notes!(ground, one, noted, |unit| unit.level_assignments().insert(one, &given));
    notes_nothing!(ground, one, |unit| unit.level_assignments().insert(one, &given));
    notes!(ground, one, noted, |unit| unit.level_assignments().replace_for_user(one, two.ada, &[level], now));
    let gone = [remove(AccessTable::UserUserLevels, two.ada)];
    notes!(ground, one, gone, |unit| unit.level_assignments().delete(one, two.ada, level));
    notes_nothing!(ground, one, |unit| unit.level_assignments().delete(one, two.ada, level));
    notes!(ground, one, [remove(AccessTable::UserLevels, level)], |unit| unit.user_levels().delete(one, level, 2));
}

pub async fn a_change_of_rules_and_entities_is_noted(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let one = two.one;
    let rules = [ground.sample_rule(one, "p", &["a"]), ground.sample_rule(one, "p", &["b"])];
    let ids = [rules[0].id, rules[1].id];
    let both = ids.map(|id| put(AccessTable::CasbinRules, id));
    notes!(ground, one, both, |unit| unit.rules().insert(one, &rules));
    notes_nothing!(ground, one, |unit| unit.rules().insert(one, &[]));
    notes!(ground, one, [both[0]], |unit| unit.rules().update(one, &rules[0]));
    let gone = ids.map(|id| remove(AccessTable::CasbinRules, id));
    notes!(ground, one, [gone[0]], |unit| unit.rules().delete(one, ids[0], 2));
    let filter = RuleFilter { ptype: Some("p".to_owned()), ..RuleFilter::default() };
    notes!(ground, one, [gone[1]], |unit| unit.rules().delete_matching(one, &filter));
    notes_nothing!(ground, one, |unit| unit.rules().delete_matching(one, &filter));
    notes_nothing!(ground, one, |unit| unit.rules().delete_many(one, &ids));
    notes!(ground, one, [all(AccessTable::CasbinRules)], |unit| unit.rules().replace_all(one, &rules));
    notes!(ground, one, gone, |unit| unit.rules().delete_many(one, &ids));
    // Very many are noted as all.
    let many: Vec<_> = (0..501).map(|_| ground.sample_rule(one, "p", &["x"])).collect();
    notes!(ground, one, [all(AccessTable::CasbinRules)], |unit| unit.rules().insert(one, &many));

    let model = ground.sample_model(one);
    let noted = [put(AccessTable::PolicyModels, model.id)];
    notes!(ground, one, noted, |unit| unit.policy_models().insert(one, &model));
    notes!(ground, one, noted, |unit| unit.policy_models().update(one, &model));
    let noted = [remove(AccessTable::PolicyModels, model.id)];
    notes!(ground, one, noted, |unit| unit.policy_models().delete(one, 2));

    let entities = [ground.sample_entity(one, "user", "x"), ground.sample_entity(one, "user", "y")];
    let ids = [entities[0].id, entities[1].id];
    let both = ids.map(|id| put(AccessTable::PolicyEntities, id));
    notes!(ground, one, [both[0]], |unit| unit.policy_entities().insert(one, &entities[..1]));
    // What was there keeps its identifier, and that is what is noted.
    let again = [ground.sample_entity(one, "user", "x"), entities[1].clone()];
    notes!(ground, one, both, |unit| unit.policy_entities().upsert(one, &again));
    notes!(ground, one, [both[1]], |unit| unit.policy_entities().update(one, &entities[1]));
    let gone = ids.map(|id| remove(AccessTable::PolicyEntities, id));
    notes!(ground, one, [gone[1]], |unit| unit.policy_entities().delete(one, ids[1], 2));
    notes!(ground, one, gone, |unit| unit.policy_entities().delete_many(one, &ids));
    notes_nothing!(ground, one, |unit| unit.policy_entities().delete_many(one, &ids));
    notes!(ground, one, [all(AccessTable::PolicyEntities)], |unit| unit.policy_entities().replace_all(one, &entities));
}

pub async fn a_change_of_service_accounts_is_noted(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let (one, now) = (two.one, ground.now());
    let accounts = [ground.sample_service_account(one, "Robot")];
    let account = accounts[0].id;
    let noted = [AccessChange::put(AccessTable::ServiceAccounts, account)];
    notes!(ground, one, noted, |unit| unit.service_accounts().insert(one, &accounts));
    notes!(ground, one, noted, |unit| unit.service_accounts().update(one, &accounts[0]));
    let key = ApiKey {
        id: ground.id(),
        organization_id: one,
        service_account_id: account,
        prefix: "key".to_owned(),
        scopes: Vec::new(),
        replaces_id: None,
        expires_at: None,
        last_used_at: None,
        revoked_at: None,
        created_by: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    notes!(ground, one, noted, |unit| unit.api_keys().insert(one, &key, &[1; 32]));
    notes!(ground, one, noted, |unit| unit.api_keys().update(one, &key));
    notes!(ground, one, noted, |unit| unit.api_keys().revoke_all(one, account, now));
    notes_nothing!(ground, one, |unit| unit.api_keys().revoke_all(one, account, now));
    notes!(ground, one, noted, |unit| unit.api_keys().delete(one, key.id, 3));
    let gone = [AccessChange::remove(AccessTable::ServiceAccounts, account)];
    notes!(ground, one, gone, |unit| unit.service_accounts().delete(one, account, 2));
}
