//! Everything that decides, read at once; and what has changed of it.

use super::{
    Harness,
    ground::{Ground, Two, of_platform},
    permissions,
    samples::PLATFORM_SCOPE,
};
use keystead_domain::{
    OrganizationId, PLATFORM, Scope,
    access::{
        AccessDelta, AccessSnapshot, ActiveRule, CatalogueLinks, FeatureView, LevelEditor::Platform, ModuleFeature,
        ModuleView, PolicyRule, SnapshotChange, USER,
    },
    accounts::{User, UserStatus},
    organizations::TeamMember,
};

async fn load(ground: &Ground, organization: OrganizationId) -> AccessSnapshot {
    let unit = ground.store.read(Scope::organization(organization)).await.unwrap();
    unit.access_snapshots().load(organization, None).await.unwrap()
}

async fn changed(ground: &Ground, snapshot: &AccessSnapshot, most: u32) -> SnapshotChange {
    let organization = snapshot.organization_id;
    let unit = ground.store.read(Scope::organization(organization)).await.unwrap();
    unit.access_snapshots().changed(organization, snapshot.versions, most).await.unwrap()
}

async fn delta(ground: &Ground, snapshot: &AccessSnapshot) -> AccessDelta {
    match changed(ground, snapshot, 1_000).await {
        SnapshotChange::Delta(delta) => *delta,
        other => panic!("{other:?}"),
    }
}

fn active(rule: &PolicyRule) -> ActiveRule {
    ActiveRule {
        id: rule.id,
        ptype: rule.ptype.clone(),
        values: rule.values.clone(),
        priority: rule.priority,
        not_before: rule.not_before,
        expires_at: rule.expires_at,
    }
}

/// One row of each kind, at least, in an organization of ours, and its like in the other one.
async fn fill(ground: &Ground, two: &Two) {
    let (view_id, module_id, feature_id) =
        (ground.view("v").await, ground.module("m").await, ground.feature("f").await);
    let now = ground.now();
    let links = CatalogueLinks {
        feature_views: vec![FeatureView { feature_id, view_id }],
        module_views: vec![ModuleView { module_id, view_id }],
        module_features: vec![ModuleFeature { module_id, feature_id }],
    };
    change!(ground, PLATFORM_SCOPE, |unit| unit.catalogue_links().link(&links, now));
    let items = [ground.sample_menu_item("item", 1)];
    let below = [ground.sample_sub_menu_item(&items[0], "sub", 1)];
    change!(ground, PLATFORM_SCOPE, |unit| unit.menus().insert_items(&items));
    change!(ground, PLATFORM_SCOPE, |unit| unit.menus().insert_sub_items(&below));
    for (organization, user) in [(two.one, two.ada), (two.other, two.eve)] {
        let scope = Scope::organization(organization);
        let role = ground.role(organization, "writer").await;
        let own = [permissions::add(ground, organization, "reports:read:own").await];
        change!(ground, scope, |unit| unit.roles().replace_permissions(organization, role, &own, now));
        ground.give(organization, user, &[role, USER.id]).await;
        let team = ground.sample_team(organization, "Team");
        change!(ground, scope, |unit| unit.teams().insert(&team));
        let member = TeamMember {
            organization_id: organization,
            team_id: team.id,
            user_id: user,
            username: String::new(),
            created_at: now,
        };
        change!(ground, scope, |unit| unit.teams().add_member(organization, &member));
        ground.has_module(organization, module_id).await;
        let level = ground.level(organization, "Level").await;
        let on_view = [ground.sample_view_permission(organization, level, view_id)];
        let on_feature = [ground.sample_feature_permission(organization, level, feature_id, "read")];
        change!(ground, scope, |unit| unit.view_permissions().insert(organization, &on_view, Platform));
        change!(ground, scope, |unit| unit.feature_permissions().insert(organization, &on_feature, Platform));
        ground.assign(organization, user, level).await;
        let entities = [ground.sample_entity(organization, "user", "x")];
        change!(ground, scope, |unit| unit.policy_entities().insert(organization, &entities));
        ground.service_account(organization, "Robot").await;
    }
    for organization in [two.one, two.other, PLATFORM] {
        let scope = Scope::organization(organization);
        let full = PolicyRule {
            priority: Some(3),
            not_before: Some(now),
            expires_at: Some(now.plus_seconds(60)),
            ..ground.sample_rule(organization, "p", &["a", "b", "c", "d", "e", "f"])
        };
        let off = PolicyRule { is_active: false, ..ground.sample_rule(organization, "p", &["off"]) };
        let rules = [full, off, ground.sample_rule(organization, "g", &["a", "b"])];
        change!(ground, scope, |unit| unit.rules().insert(organization, &rules));
        let model = ground.sample_model(organization);
        change!(ground, scope, |unit| unit.policy_models().insert(organization, &model));
    }
}

pub async fn everything_that_decides_is_read(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    fill(&ground, &two).await;
    let snapshot = load(&ground, two.one).await;
    assert_eq!((snapshot.organization_id, snapshot.versions), (two.one, ground.versions(two.one).await));
    let unit = ground.store.read(two.home()).await.unwrap();
    let one = two.one;
    let page = keystead_domain::PageRequest::first(200);

    let (own, platform) = (snapshot.policy, snapshot.platform.unwrap());
    let mut roles = own.roles.clone();
    roles.extend(platform.policy.roles.clone());
    roles.sort_unstable_by_key(|role| role.id);
    assert_eq!(unit.roles().list(one, &page).await.unwrap().items, roles);
    assert_eq!(own.roles.len(), 1);
    let mut listed = unit.permissions().list(one, &page).await.unwrap().items;
    listed.retain(|permission| permission.organization_id == one);
    assert_eq!(own.permissions, listed);
    assert_eq!(own.role_permissions, [(own.roles[0].id, own.permissions[0].id)]);
    let rules = unit.rules().all(one).await.unwrap();
    let of = |organization| {
        let own = rules.iter().filter(|rule| rule.organization_id == organization && rule.is_active);
        own.map(active).collect::<Vec<_>>()
    };
    assert_eq!((own.rules.len(), &own.rules), (2, &of(one)));
    assert_eq!((platform.policy.rules.len(), &platform.policy.rules), (2, &of(PLATFORM)));
    assert_eq!(own.model, unit.policy_models().find(one).await.unwrap());
    assert_eq!(platform.policy.model.unwrap().organization_id, PLATFORM);

    let rows = snapshot.organization;
    assert_eq!(rows.organization, unit.organizations().find(one, one).await.unwrap());
    let members = unit.memberships().list(one, &page).await.unwrap().items;
    assert_eq!(rows.memberships, members.into_iter().map(|member| member.membership).collect::<Vec<_>>());
    let mut held = vec![(two.ada, own.roles[0].id), (two.ada, USER.id)];
    held.sort_unstable();
    assert_eq!(rows.user_roles, held);
    assert_eq!(rows.teams, unit.teams().list(one, &page).await.unwrap().items);
    assert_eq!(rows.team_members, [(rows.teams[0].id, two.ada)]);
    assert_eq!(rows.modules, unit.organization_modules().list(one, &page).await.unwrap().items);
    assert_eq!(rows.levels, unit.user_levels().all(one).await.unwrap());
    assert_eq!(rows.view_permissions, unit.view_permissions().all(one).await.unwrap());
    assert_eq!(rows.feature_permissions, unit.feature_permissions().all(one).await.unwrap());
    assert_eq!(rows.assignments, [(two.ada, rows.levels[0].id)]);
    assert_eq!(rows.entities, unit.policy_entities().all(one).await.unwrap());
    assert_eq!(rows.service_accounts, unit.service_accounts().list(one, &page).await.unwrap().items);
    let lengths = [
        rows.memberships.len(),
        rows.teams.len(),
        rows.modules.len(),
        rows.levels.len(),
        rows.view_permissions.len(),
        rows.feature_permissions.len(),
        rows.entities.len(),
        rows.service_accounts.len(),
    ];
    assert_eq!(lengths, [1; 8]);

    let catalogue = platform.catalogue;
    assert_eq!(catalogue.views, unit.views().all().await.unwrap());
    assert_eq!(catalogue.modules, unit.modules().all().await.unwrap());
    assert_eq!(catalogue.features, unit.features().all().await.unwrap());
    assert_eq!(catalogue.links, unit.catalogue_links().all().await.unwrap());
    assert_eq!(catalogue.menu_items, unit.menus().list_items(&page).await.unwrap().items);
    assert_eq!(catalogue.sub_menu_items, unit.menus().list_sub_items(&page).await.unwrap().items);
    assert_eq!((catalogue.views.len(), catalogue.links.module_views.len(), catalogue.menu_items.len()), (1, 1, 1));
}

pub async fn what_is_known_of_the_platform_is_not_read_again(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    fill(&ground, &two).await;
    let whole = load(&ground, two.one).await;
    let known = Some(whole.versions.platform);
    let unit = ground.store.read(two.home()).await.unwrap();
    let partial = unit.access_snapshots().load(two.one, known).await.unwrap();
    assert_eq!(partial, AccessSnapshot { platform: None, ..whole.clone() });
    drop(unit);
    ground.view("another").await;
    let unit = ground.store.read(two.home()).await.unwrap();
    let again = unit.access_snapshots().load(two.one, known).await.unwrap();
    assert_eq!(again.platform.unwrap().catalogue.views.len(), 2);
}

pub async fn a_change_brings_a_snapshot_up_to_date(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    fill(&ground, &two).await;
    let (one, home) = (two.one, two.home());
    let mut snapshot = load(&ground, one).await;
    assert_eq!(changed(&ground, &snapshot, 0).await, SnapshotChange::Nothing);
    macro_rules! follows {
        () => {{
            let delta = delta(&ground, &snapshot).await;
            assert!(snapshot.apply(delta));
            assert_eq!(snapshot, load(&ground, one).await);
        }};
    }
    // Only what was touched is read.
    let rule = ground.sample_rule(one, "p", &["new"]);
    change!(ground, home, |unit| unit.rules().insert(one, std::slice::from_ref(&rule)));
    let found = delta(&ground, &snapshot).await;
    assert_eq!(found.rows.policy.rules, [active(&rule)]);
    assert_eq!((found.rows.policy.roles.len(), found.rows.organization.memberships.len()), (0, 0));
    assert_eq!(found.rows.platform, None);
    // It does not fit anything but the snapshot that it begins with.
    assert!(!load(&ground, one).await.apply(found));
    follows!();
    let off = PolicyRule { is_active: false, ..rule.clone() };
    change!(ground, home, |unit| unit.rules().update(one, &off));
    follows!();
    assert!(!snapshot.policy.rules.iter().any(|other| other.id == rule.id));

    // Who leaves takes everything along, and comes back without.
    let bob = ground.member(one, "bob").await;
    ground.give(one, bob, &[USER.id]).await;
    ground.assign(one, bob, snapshot.organization.levels[0].id).await;
    let member = TeamMember {
        organization_id: one,
        team_id: snapshot.organization.teams[0].id,
        user_id: bob,
        username: String::new(),
        created_at: ground.now(),
    };
    change!(ground, home, |unit| unit.teams().add_member(one, &member));
    follows!();
    assert_eq!(snapshot.organization.team_members.len(), 2);
    change!(ground, home, |unit| unit.memberships().delete(one, bob));
    ground.join(one, bob).await;
    follows!();
    assert_eq!((snapshot.organization.team_members.len(), snapshot.organization.assignments.len()), (1, 1));

    // A view and a level take what hangs on them along.
    let (view, level) = (ground.view("gone").await, ground.level(one, "gone").await);
    let catalogue = &snapshot.platform.as_ref().unwrap().catalogue;
    let module = catalogue.modules[0].id;
    let both = [catalogue.views[0].id, view];
    let now = ground.now();
    change!(ground, PLATFORM_SCOPE, |unit| unit.catalogue_links().replace_module_views(module, &both, now));
    let on_view = [ground.sample_view_permission(one, level, both[0])];
    change!(ground, home, |unit| unit.view_permissions().insert(one, &on_view, Platform));
    follows!();
    change!(ground, PLATFORM_SCOPE, |unit| unit.views().delete(view, 1));
    change!(ground, home, |unit| unit.user_levels().delete(one, level, 1));
    follows!();
    assert_eq!(snapshot.organization.view_permissions.len(), 1);
    // What happens elsewhere is none of its business.
    ground.level(two.other, "elsewhere").await;
    assert_eq!(changed(&ground, &snapshot, 0).await, SnapshotChange::Nothing);
}

pub async fn too_much_or_everything_is_read_anew(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = load(&ground, two.one).await;
    ground.level(two.one, "A").await;
    ground.level(two.one, "B").await;
    assert_eq!(changed(&ground, &before, 1).await, SnapshotChange::Anew);
    assert!(matches!(changed(&ground, &before, 2).await, SnapshotChange::Delta(_)));
    change!(ground, two.home(), |unit| unit.roles().raise_version(two.one));
    assert_eq!(changed(&ground, &before, 100).await, SnapshotChange::Anew);
    let before = load(&ground, two.one).await;
    change!(ground, PLATFORM_SCOPE, |unit| unit.roles().raise_version(PLATFORM));
    assert_eq!(changed(&ground, &before, 100).await, SnapshotChange::Anew);
}

pub async fn accounts_that_are_not_active_are_read_with_the_platform(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let pending = User { status: UserStatus::Pending, ..ground.sample_user("pending") };
    ground.add_user(&pending).await;
    let mut snapshot = load(&ground, PLATFORM).await;
    assert_eq!(snapshot.organization.closed_accounts, [pending.id]);
    assert_eq!(load(&ground, two.one).await.organization.closed_accounts, []);
    let mut eve = ground.find_user(two.eve).await;
    for (status, closed) in [(UserStatus::Disabled, 2), (UserStatus::Active, 1)] {
        let changed = User { status, ..eve };
        eve = change!(ground, of_platform(two.eve), |unit| unit.users().update(PLATFORM, &changed));
        let found = delta(&ground, &snapshot).await;
        assert_eq!((found.rows.policy.roles.len(), found.rows.organization.memberships.len()), (0, 0));
        assert!(snapshot.apply(found));
        assert_eq!(snapshot, load(&ground, PLATFORM).await);
        assert_eq!(snapshot.organization.closed_accounts.len(), closed, "{status}");
        let mut expected = vec![pending.id, two.eve];
        expected.retain(|id| closed == 2 || *id != two.eve);
        expected.sort_unstable();
        assert_eq!(snapshot.organization.closed_accounts, expected);
    }
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    fill(&ground, &two).await;
    let own = load(&ground, two.one).await;
    for (scope, organization) in two.strangers_and_platform() {
        for place in [organization, two.one] {
            let unit = ground.store.read(scope).await.unwrap();
            let found = unit.access_snapshots().load(place, None).await.unwrap();
            let rows = found.organization;
            // The database shows the platform every organization and membership.
            let shown = harness.is_kept_by_the_database_alone() && scope.organization == Some(PLATFORM);
            if !shown {
                assert!(!rows.memberships.iter().any(|row| row.organization_id == two.one), "{scope:?}");
                assert!(rows.organization.is_none_or(|row| row.id != two.one), "{scope:?}");
            }
            assert!(!rows.levels.iter().any(|row| row.organization_id == two.one), "{scope:?}");
            assert!(!rows.teams.iter().any(|row| row.organization_id == two.one), "{scope:?}");
            assert!(!rows.entities.iter().any(|row| row.organization_id == two.one), "{scope:?}");
            assert!(!rows.service_accounts.iter().any(|row| row.organization_id == two.one), "{scope:?}");
            for rule in &own.policy.rules {
                assert!(!found.policy.rules.contains(rule), "{scope:?}");
            }
            assert!(found.policy.model.is_none_or(|model| model.organization_id != two.one), "{scope:?}");
            assert!(!found.policy.roles.iter().any(|role| role.organization_id == two.one), "{scope:?}");
            let mut since = own.versions;
            since.organization -= 1;
            if let SnapshotChange::Delta(delta) = unit.access_snapshots().changed(place, since, 1_000).await.unwrap() {
                let rows = delta.rows;
                assert!(!rows.organization.service_accounts.iter().any(|row| row.organization_id == two.one));
                assert!(rows.policy.model.is_none_or(|model| model.organization_id != two.one), "{scope:?}");
            }
        }
    }
}
