//! Roles, what they permit, and who holds them.

use super::{
    Harness,
    ground::{Ground, Two, own},
    permissions,
};
use keystead_domain::{
    ErrorKind, PLATFORM, PageRequest, RoleId, Scope,
    access::{ADMIN, BUILT_IN_ROLES, MANAGER, Role, RoleAssignment, USER},
};

const PLATFORM_SCOPE: Scope = Scope::organization(PLATFORM);

async fn add(ground: &Ground, role: &Role) {
    change!(ground, Scope::organization(role.organization_id), |unit| unit.roles().insert(role));
}

async fn find(ground: &Ground, two: &Two, id: RoleId) -> Option<Role> {
    ask!(ground, two.home(), |unit| unit.roles().find(two.one, id))
}

pub async fn a_role_is_found_as_it_was_written(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let full = Role {
        description: Some("Schreibt 日本 😀".to_owned()),
        is_builtin: true,
        version: 5,
        ..ground.sample_role(two.one, "full")
    };
    for role in [full, ground.sample_role(two.one, "plain")] {
        add(&ground, &role).await;
        assert_eq!(find(&ground, &two, role.id).await, Some(role));
    }
    // The platform's are inherited.
    assert_eq!(find(&ground, &two, ADMIN.id).await.unwrap().organization_id, PLATFORM);
    assert_eq!(find(&ground, &two, ground.id()).await, None);
}

pub async fn several_roles_are_found_at_once(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let own = ground.role(two.one, "own").await;
    let foreign = ground.role(two.other, "foreign").await;
    let ids = [own, foreign, ADMIN.id, ground.id(), own];
    let found = ask!(ground, two.home(), |unit| unit.roles().find_many(two.one, &ids));
    let mut found: Vec<_> = found.into_iter().map(|role| role.id).collect();
    found.sort_unstable();
    assert_eq!(found, [ADMIN.id, own]);
    assert_eq!(ask!(ground, two.home(), |unit| unit.roles().find_many(two.one, &[])), []);
}

pub async fn a_taken_name_is_a_conflict(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    ground.role(two.one, "writer").await;
    let again = ground.sample_role(two.one, "writer");
    let error = refused!(ground, two.home(), |unit| unit.roles().insert(&again));
    assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "role_name_taken"));
    let other = ground.sample_role(two.one, "reader");
    add(&ground, &other).await;
    let renamed = Role { name: "writer".to_owned(), ..other };
    let error = refused!(ground, two.home(), |unit| unit.roles().update(two.one, &renamed));
    assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "role_name_taken"));
    ground.role(two.other, "writer").await;
}

pub async fn own_and_inherited_roles_are_listed_in_pages(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let mut all: Vec<_> = BUILT_IN_ROLES.iter().map(|role| role.id).collect();
    for number in 0..4 {
        all.push(ground.role(two.one, &format!("role-{number}")).await);
        ground.role(two.other, &format!("role-{number}")).await;
    }
    all.sort_unstable();
    for limit in [2, 7] {
        let found = pages!(ground, two.home(), limit, |unit, page| unit.roles().list(two.one, page));
        assert_eq!(found.into_iter().map(|role| role.id).collect::<Vec<_>>(), all);
    }
    bad_cursors!(ground, two.home(), |unit, page| unit.roles().list(two.one, page));
}

pub async fn a_change_raises_the_version_and_a_stale_one_is_refused(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = ground.sample_role(two.one, "before");
    add(&ground, &before).await;
    let changed = Role {
        name: "after".to_owned(),
        description: Some("why".to_owned()),
        updated_at: ground.now(),
        ..before.clone()
    };
    let after = change!(ground, two.home(), |unit| unit.roles().update(two.one, &changed));
    assert_eq!(after, Role { version: 2, ..changed.clone() });
    assert_eq!(find(&ground, &two, before.id).await, Some(after));
    let error = refused!(ground, two.home(), |unit| unit.roles().update(two.one, &changed));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    let error = refused!(ground, two.home(), |unit| unit.roles().delete(two.one, before.id, 1));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    change!(ground, two.home(), |unit| unit.roles().delete(two.one, before.id, 2));
    assert_eq!(find(&ground, &two, before.id).await, None);
}

pub async fn a_role_in_use_stays(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let held = ground.role(two.one, "held").await;
    ground.give(two.one, two.ada, &[held]).await;
    let error = refused!(ground, two.home(), |unit| unit.roles().delete(two.one, held, 1));
    assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "role_in_use"));
    assert!(find(&ground, &two, held).await.is_some());
    // What it permits is no use of it.
    let permission = permissions::add(&ground, two.one, "reports:read:own").await;
    let now = ground.now();
    change!(ground, two.home(), |unit| unit.roles().replace_permissions(two.one, held, &[permission], now));
    ground.give(two.one, two.ada, &[]).await;
    change!(ground, two.home(), |unit| unit.roles().delete(two.one, held, 1));
    let left = ask!(ground, two.home(), |unit| unit.roles().permissions(two.one, &[held]));
    assert_eq!(left, []);
}

async fn permitted(ground: &Ground, two: &Two, role: RoleId) -> Vec<String> {
    let found = ask!(ground, two.home(), |unit| unit.roles().permissions(two.one, &[role]));
    let mut names: Vec<_> = found.into_iter().map(|(_, permission)| permission.name()).collect();
    names.sort_unstable();
    names
}

pub async fn what_a_role_permits_is_replaced(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let (role, now) = (ground.role(two.one, "writer").await, ground.now());
    let inherited = permissions::add(&ground, PLATFORM, "teams:read:organization").await;
    let read = permissions::add(&ground, two.one, "reports:read:own").await;
    let write = permissions::add(&ground, two.one, "reports:write:own").await;
    let foreign = permissions::add(&ground, two.other, "reports:read:own").await;
    // Named twice, it is permitted once.
    let wanted = [inherited, read, read];
    change!(ground, two.home(), |unit| unit.roles().replace_permissions(two.one, role, &wanted, now));
    assert_eq!(permitted(&ground, &two, role).await, ["reports:read:own", "teams:read:organization"]);
    change!(ground, two.home(), |unit| unit.roles().replace_permissions(two.one, role, &[write, read], now));
    assert_eq!(permitted(&ground, &two, role).await, ["reports:read:own", "reports:write:own"]);
    for unseen in [foreign, ground.id()] {
        let wanted = [read, unseen];
        let error = refused!(ground, two.home(), |unit| unit.roles().replace_permissions(two.one, role, &wanted, now));
        assert_eq!(error.kind, ErrorKind::NotFound);
    }
    assert_eq!(permitted(&ground, &two, role).await, ["reports:read:own", "reports:write:own"]);
    change!(ground, two.home(), |unit| unit.roles().replace_permissions(two.one, role, &[], now));
    assert_eq!(permitted(&ground, &two, role).await, [""; 0]);
    // The version is raised by `update`, in the same unit of work.
    assert_eq!(find(&ground, &two, role).await.unwrap().version, 1);
}

pub async fn what_counts_of_the_roles_asked_for_is_granted(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let now = ground.now();
    let inherited = permissions::add(&ground, PLATFORM, "teams:read:organization").await;
    let own = permissions::add(&ground, two.one, "reports:read:own").await;
    let foreign = permissions::add(&ground, two.other, "reports:read:own").await;
    let role = ground.role(two.one, "writer").await;
    let other_role = ground.role(two.other, "writer").await;
    change!(ground, two.home(), |unit| unit.roles().replace_permissions(two.one, role, &[inherited, own], now));
    change!(ground, PLATFORM_SCOPE, |unit| unit.roles().replace_permissions(PLATFORM, USER.id, &[inherited], now));
    let elsewhere = Scope::organization(two.other);
    change!(ground, elsewhere, |unit| unit.roles().replace_permissions(two.other, other_role, &[foreign], now));
    let asked = [ADMIN.id, MANAGER.id, USER.id, role, other_role];
    let grants = ask!(ground, two.home(), |unit| unit.roles().grants(two.one, &asked));
    let mut found: Vec<_> = grants
        .iter()
        .map(|grant| {
            let mut ids: Vec<_> = grant.permissions.iter().map(|permission| permission.id).collect();
            ids.sort_unstable();
            (grant.role_id, grant.role.as_str(), ids)
        })
        .collect();
    found.sort_unstable();
    let mut both = vec![inherited, own];
    both.sort_unstable();
    let expected = [
        (ADMIN.id, "admin", vec![]),
        (MANAGER.id, "manager", vec![]),
        (USER.id, "user", vec![inherited]),
        (role, "writer", both.clone()),
    ];
    assert_eq!(found, expected);
    let grants = ask!(ground, two.home(), |unit| unit.roles().grants(two.one, &[role]));
    assert_eq!(grants.iter().map(|grant| grant.role_id).collect::<Vec<_>>(), [role]);
    let several = ask!(ground, two.home(), |unit| unit.roles().permissions(two.one, &[role, USER.id, other_role]));
    let mut several: Vec<_> = several.into_iter().map(|(role, permission)| (role, permission.id)).collect();
    several.sort_unstable();
    assert_eq!(several, [(USER.id, inherited), (role, both[0]), (role, both[1])]);
}

pub async fn what_a_member_holds_is_replaced(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let role = ground.role(two.one, "writer").await;
    let held = async || ground.held(two.home(), "ada").await;
    assert_eq!(held().await, [""; 0]);
    ground.give(two.one, two.ada, &[role, ADMIN.id]).await;
    assert_eq!(held().await, ["admin", "writer"]);
    ground.give(two.one, two.ada, &[USER.id]).await;
    assert_eq!(held().await, ["user"]);
    // The version is raised by `update`, in the same unit of work.
    let member = ask!(ground, two.home(), |unit| unit.memberships().find(two.one, two.ada)).unwrap();
    assert_eq!(member.membership.version, 1);
    ground.give(two.one, two.ada, &[]).await;
    assert_eq!(held().await, [""; 0]);

    let foreign = ground.role(two.other, "foreign").await;
    let assignment = |user_id, role_id, role_organization_id| RoleAssignment {
        organization_id: two.one,
        user_id,
        role_id,
        role_organization_id,
        created_at: ground.now(),
    };
    // Who is no member holds nothing; and nobody holds another organization's role.
    let cases = [
        (two.eve, vec![assignment(two.eve, USER.id, PLATFORM)], ErrorKind::NotFound),
        (two.eve, vec![], ErrorKind::NotFound),
        (ground.id(), vec![], ErrorKind::NotFound),
        (two.ada, vec![assignment(two.ada, foreign, two.one)], ErrorKind::NotFound),
        (two.ada, vec![assignment(two.ada, foreign, two.other)], ErrorKind::Internal),
    ];
    for (user, roles, kind) in cases {
        let error = refused!(ground, two.home(), |unit| unit.roles().replace_held(two.one, user, &roles));
        assert_eq!(error.kind, kind, "{user} {roles:?}");
    }
    assert_eq!(held().await, [""; 0]);
}

pub async fn the_access_version_is_raised_by_one_each_time(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = ask!(ground, two.home(), |unit| unit.access_changes().versions(two.one)).organization;
    for expected in 1..=3 {
        assert_eq!(change!(ground, two.home(), |unit| unit.roles().raise_version(two.one)), before + expected);
    }
    // It counts for itself.
    let elsewhere = Scope::organization(two.other);
    let other = ask!(ground, elsewhere, |unit| unit.access_changes().versions(two.other)).organization;
    assert_eq!(change!(ground, elsewhere, |unit| unit.roles().raise_version(two.other)), other + 1);
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let (store, one) = (ground.store.clone(), two.one);
            tokio::spawn(async move {
                let unit = store.begin(Scope::organization(one)).await.unwrap();
                let version = unit.roles().raise_version(one).await.unwrap();
                unit.commit().await.unwrap();
                version
            })
        })
        .collect();
    let mut versions = Vec::new();
    for task in tasks {
        versions.push(task.await.unwrap());
    }
    versions.sort_unstable();
    assert_eq!(versions, [4, 5, 6, 7, 8, 9].map(|version| before + version));
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let now = ground.now();
    let before = ground.sample_role(two.one, "writer");
    add(&ground, &before).await;
    let permission = permissions::add(&ground, two.one, "reports:read:own").await;
    change!(ground, two.home(), |unit| unit.roles().replace_permissions(two.one, before.id, &[permission], now));
    ground.give(two.one, two.ada, &[before.id]).await;
    let assignment = RoleAssignment {
        organization_id: two.one,
        user_id: two.ada,
        role_id: ADMIN.id,
        role_organization_id: PLATFORM,
        created_at: now,
    };
    let page = PageRequest::first(200);
    for (scope, organization) in two.strangers_and_platform() {
        assert_eq!(ask!(ground, scope, |unit| unit.roles().find(organization, before.id)), None, "{scope:?}");
        let found = ask!(ground, scope, |unit| unit.roles().find_many(organization, &[before.id]));
        assert_eq!(found, [], "{scope:?}");
        let list = ask!(ground, scope, |unit| unit.roles().list(organization, &page));
        assert!(!list.items.iter().any(|role| role.organization_id == two.one), "{scope:?}");
        let found = ask!(ground, scope, |unit| unit.roles().permissions(organization, &[before.id]));
        assert_eq!(found, [], "{scope:?}");
        let grants = ask!(ground, scope, |unit| unit.roles().grants(organization, &[before.id]));
        assert!(!grants.iter().any(|grant| grant.role_id == before.id), "{scope:?}");
        assert_eq!(ground.held(scope, "ada").await, [""; 0], "{scope:?}");

        let changed = Role { name: "taken-over".to_owned(), ..before.clone() };
        let error = refused!(ground, scope, |unit| unit.roles().update(organization, &changed));
        assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        let error = refused!(ground, scope, |unit| unit.roles().delete(organization, before.id, 1));
        assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        // Whether it is refused or touches nothing, what follows must find everything as it was.
        let _ = attempt!(ground, scope, |unit| unit.roles().replace_permissions(organization, before.id, &[], now));
        let _ = attempt!(ground, scope, |unit| unit.roles().replace_held(organization, two.ada, &[]));
        let held = [assignment.clone()];
        refused!(ground, scope, |unit| unit.roles().replace_held(organization, two.ada, &held));
        let new = ground.sample_role(two.one, "new");
        assert_eq!(refused!(ground, scope, |unit| unit.roles().insert(&new)).kind, ErrorKind::Internal, "{scope:?}");
        refused!(ground, scope, |unit| unit.roles().raise_version(two.one));
    }
    assert_eq!(ask!(ground, two.home(), |unit| unit.roles().count_own(two.one)), 1);
    for (scope, _) in two.strangers_and_platform() {
        assert_eq!(ask!(ground, scope, |unit| unit.roles().count_own(two.one)), 0, "{scope:?}");
    }
    // An organization inherits the platform's roles and changes none of them; nor does it give its own away.
    let inherited = find(&ground, &two, USER.id).await.unwrap();
    let error = refused!(ground, two.home(), |unit| unit.roles().update(two.one, &inherited));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    let error = refused!(ground, two.home(), |unit| unit.roles().delete(two.one, USER.id, 1));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    let replaced = [permission];
    refused!(ground, two.home(), |unit| unit.roles().replace_permissions(two.one, USER.id, &replaced, now));
    let given = Role { organization_id: two.other, ..before.clone() };
    change!(ground, two.home(), |unit| unit.roles().update(two.one, &given));

    assert_eq!(find(&ground, &two, before.id).await, Some(Role { version: 2, ..before.clone() }));
    assert_eq!(permitted(&ground, &two, before.id).await, ["reports:read:own"]);
    assert_eq!(ground.held(two.home(), "ada").await, [before.name.as_str()]);
    assert_eq!(ground.held(Scope::person(two.other, two.ada), "ada").await, [""; 0]);
    // Without an organization nothing is inherited.
    for scope in [Scope::NONE, own(two.ada)] {
        assert_eq!(ask!(ground, scope, |unit| unit.roles().list(two.one, &page)).items, []);
    }
}
