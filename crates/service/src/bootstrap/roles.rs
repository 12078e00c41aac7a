//! The built-in roles and what they permit, as this version of the program defines them.

use crate::App;
use keystead_domain::{
    PLATFORM, PageRequest, PermissionId, Result, Timestamp,
    access::{BUILT_IN_ROLES, BuiltInRole, Permission, Role, built_in_permission_id},
};
use keystead_store::UnitOfWork;
use std::collections::{BTreeMap, BTreeSet};

/// Brings the built-in roles and permissions up to date. Returns the names of the roles that were changed.
pub(super) async fn ensure(app: &App, unit: &dyn UnitOfWork) -> Result<Vec<&'static str>> {
    let now = app.now();
    let ids = permissions(unit, now).await?;
    let mut changed = Vec::new();
    for role in BUILT_IN_ROLES {
        let described = ensure_role(unit, role, now).await?;
        let permits = ensure_permits(unit, role, &ids, now).await?;
        if described || permits {
            changed.push(role.name);
        }
    }
    if !changed.is_empty() {
        unit.roles().raise_version(PLATFORM).await?;
    }
    Ok(changed)
}

/// Adds the permissions that are missing. Returns the platform's, by name.
async fn permissions(unit: &dyn UnitOfWork, now: Timestamp) -> Result<BTreeMap<String, PermissionId>> {
    let mut known = stored(unit).await?;
    let wanted = BUILT_IN_ROLES.iter().flat_map(|role| built_in(role, now));
    let missing: BTreeMap<String, Permission> = wanted
        .map(|permission| (permission.name(), permission))
        .filter(|(name, _)| !known.contains_key(name))
        .collect();
    if !missing.is_empty() {
        let rows: Vec<Permission> = missing.values().cloned().collect();
        unit.permissions().insert(PLATFORM, &rows).await?;
        known.extend(missing.into_iter().map(|(name, permission)| (name, permission.id)));
    }
    Ok(known)
}

async fn stored(unit: &dyn UnitOfWork) -> Result<BTreeMap<String, PermissionId>> {
    let mut known = BTreeMap::new();
    let mut request = PageRequest::first(PageRequest::MAX);
    loop {
        let page = unit.permissions().list(PLATFORM, &request).await?;
        known.extend(page.items.iter().map(|permission| (permission.name(), permission.id)));
        request.after = page.next;
        if request.after.is_none() {
            return Ok(known);
        }
    }
}

fn built_in(role: &BuiltInRole, now: Timestamp) -> Vec<Permission> {
    let mut permissions = Vec::new();
    for (resource, actions, scope) in role.permissions {
        permissions.extend(actions.iter().map(|action| Permission {
            id: built_in_permission_id(resource, *action, *scope),
            organization_id: PLATFORM,
            resource: (*resource).to_owned(),
            action: action.as_str().to_owned(),
            scope: *scope,
            description: None,
            created_at: now,
        }));
    }
    permissions
}

async fn ensure_role(unit: &dyn UnitOfWork, role: &BuiltInRole, now: Timestamp) -> Result<bool> {
    let description = Some(role.description.to_owned());
    match unit.roles().find(PLATFORM, role.id).await? {
        Some(found) if found.description == description => Ok(false),
        Some(found) => {
            unit.roles().update(PLATFORM, &Role { description, updated_at: now, ..found }).await?;
            Ok(true)
        }
        None => {
            let role = Role {
                id: role.id,
                organization_id: PLATFORM,
                name: role.name.to_owned(),
                description,
                is_builtin: true,
                created_at: now,
                updated_at: now,
                version: 1,
            };
            unit.roles().insert(&role).await?;
            Ok(true)
        }
    }
}

async fn ensure_permits(
    unit: &dyn UnitOfWork,
    role: &BuiltInRole,
    ids: &BTreeMap<String, PermissionId>,
    now: Timestamp,
) -> Result<bool> {
    let names = built_in(role, now).into_iter().map(|permission| permission.name());
    let wanted: BTreeSet<PermissionId> = names.filter_map(|name| ids.get(&name).copied()).collect();
    let held = unit.roles().permissions(PLATFORM, &[role.id]).await?;
    let held: BTreeSet<PermissionId> = held.into_iter().map(|(_, permission)| permission.id).collect();
    if held == wanted {
        return Ok(false);
    }
    let wanted: Vec<PermissionId> = wanted.into_iter().collect();
    unit.roles().replace_permissions(PLATFORM, role.id, &wanted, now).await?;
    Ok(true)
}
