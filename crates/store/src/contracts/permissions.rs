//! Permissions.

use super::{
    Harness,
    ground::{Ground, own},
};
use keystead_domain::{
    ErrorKind, OrganizationId, PLATFORM, PageRequest, PermissionId, Scope,
    access::{NewPermission, Permission},
};

pub(super) fn sample(ground: &Ground, organization_id: OrganizationId, name: &str) -> Permission {
    let NewPermission { resource, action, scope } = NewPermission::parse(name).unwrap();
    let description = Some("Für alle 日本 😀".to_owned());
    Permission { id: ground.id(), organization_id, resource, action, scope, description, created_at: ground.now() }
}

/// Adds one and returns its identifier.
pub(super) async fn add(ground: &Ground, organization: OrganizationId, name: &str) -> PermissionId {
    let permission = sample(ground, organization, name);
    let id = permission.id;
    let batch = [permission];
    change!(ground, Scope::organization(organization), |unit| unit.permissions().insert(organization, &batch));
    id
}

pub async fn permissions_are_added_in_one_batch_and_found(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let mut batch: Vec<_> = ["reports:read:own", "reports:read:organization", "reports:write:own", "papers:read:any"]
        .map(|name| sample(&ground, two.one, name))
        .into();
    batch[0].description = None;
    assert_eq!(change!(ground, two.home(), |unit| unit.permissions().insert(two.one, &batch[..3])), 3);
    // Those that are there already stay as they are.
    let renewed: Vec<_> = batch.iter().map(|permission| Permission { id: ground.id(), ..permission.clone() }).collect();
    assert_eq!(change!(ground, two.home(), |unit| unit.permissions().insert(two.one, &renewed)), 1);
    assert_eq!(change!(ground, two.home(), |unit| unit.permissions().insert(two.one, &renewed)), 0);
    assert_eq!(change!(ground, two.home(), |unit| unit.permissions().insert(two.one, &[])), 0);
    batch[3] = renewed[3].clone();
    for permission in &batch {
        let found = ask!(ground, two.home(), |unit| unit.permissions().find(two.one, permission.id));
        assert_eq!(found.as_ref(), Some(permission));
    }
    let inherited = add(&ground, PLATFORM, "teams:read:organization").await;
    let foreign = add(&ground, two.other, "reports:read:own").await;
    let ids = [batch[0].id, inherited, foreign, ground.id()];
    let found = ask!(ground, two.home(), |unit| unit.permissions().find_many(two.one, &ids));
    let mut found: Vec<_> = found.into_iter().map(|permission| permission.id).collect();
    found.sort_unstable();
    assert_eq!(found, [batch[0].id, inherited]);
    assert_eq!(ask!(ground, two.home(), |unit| unit.permissions().find(two.one, ground.id())), None);
}

pub async fn own_and_inherited_permissions_are_listed_in_pages(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let mut all = Vec::new();
    for number in 0..6 {
        let place = if number % 2 == 0 { two.one } else { PLATFORM };
        all.push(add(&ground, place, &format!("thing{number}:read:own")).await);
        add(&ground, two.other, &format!("thing{number}:read:own")).await;
    }
    for limit in [1, 4, 6] {
        let found = pages!(ground, two.home(), limit, |unit, page| unit.permissions().list(two.one, page));
        assert_eq!(found.into_iter().map(|permission| permission.id).collect::<Vec<_>>(), all);
    }
    bad_cursors!(ground, two.home(), |unit, page| unit.permissions().list(two.one, page));
}

pub async fn a_permission_in_use_stays(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let (id, now) = (add(&ground, two.one, "reports:read:own").await, ground.now());
    let role = ground.role(two.one, "writer").await;
    change!(ground, two.home(), |unit| unit.roles().replace_permissions(two.one, role, &[id], now));
    let error = refused!(ground, two.home(), |unit| unit.permissions().delete(two.one, id));
    assert_eq!((error.kind, error.code), (ErrorKind::Conflict, "permission_in_use"));
    change!(ground, two.home(), |unit| unit.roles().replace_permissions(two.one, role, &[], now));
    assert!(change!(ground, two.home(), |unit| unit.permissions().delete(two.one, id)));
    assert!(!change!(ground, two.home(), |unit| unit.permissions().delete(two.one, id)));
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let id = add(&ground, two.one, "reports:read:own").await;
    let page = PageRequest::first(200);
    for (scope, organization) in two.strangers_and_platform() {
        assert_eq!(ask!(ground, scope, |unit| unit.permissions().find(organization, id)), None, "{scope:?}");
        let found = ask!(ground, scope, |unit| unit.permissions().find_many(organization, &[id]));
        assert_eq!(found, [], "{scope:?}");
        let list = ask!(ground, scope, |unit| unit.permissions().list(organization, &page));
        assert_eq!(list.items, [], "{scope:?}");
        assert_eq!(ask!(ground, scope, |unit| unit.permissions().count_own(two.one)), 0, "{scope:?}");
        assert!(!change!(ground, scope, |unit| unit.permissions().delete(organization, id)), "{scope:?}");
        let new = [sample(&ground, two.one, "papers:read:any")];
        let error = refused!(ground, scope, |unit| unit.permissions().insert(two.one, &new));
        assert_eq!(error.kind, ErrorKind::Internal, "{scope:?}");
    }
    let inherited = add(&ground, PLATFORM, "teams:read:organization").await;
    assert_eq!(ask!(ground, two.home(), |unit| unit.permissions().count_own(two.one)), 1, "what is inherited");
    assert!(ask!(ground, two.home(), |unit| unit.permissions().find(two.one, inherited)).is_some());
    assert!(!change!(ground, two.home(), |unit| unit.permissions().delete(two.one, inherited)));
    for scope in [Scope::NONE, own(two.ada)] {
        assert_eq!(ask!(ground, scope, |unit| unit.permissions().find(two.one, inherited)), None);
    }
    assert!(ask!(ground, two.home(), |unit| unit.permissions().find(two.one, id)).is_some());
}
