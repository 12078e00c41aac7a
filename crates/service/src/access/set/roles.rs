//! Permissions, roles and modules.

use super::{SetRole, at, import::Work, unknown};
use crate::{
    access::{
        permissions::{CreatePermission, create_permission, delete_permission},
        roles::{
            CreateRole, DeleteRole, ReplaceRolePermissions, UpdateRole, create_role, delete_role,
            replace_role_permissions, update_role,
        },
    },
    difference::settle_names,
    organizations::modules::{WantedModule, replace_organization_modules},
};
use keystead_domain::{Error, ModuleId, Result};
use std::collections::{BTreeMap, HashMap};

/// Defines the permissions that there are not yet.
pub(super) async fn add_permissions(work: &Work<'_>) -> Result<()> {
    for (number, wanted) in work.set.permissions.iter().flatten().enumerate() {
        let place = format!("permissions[{number}]");
        match work.rows.permission(&wanted.name) {
            Some(there) if there.description == wanted.description => {}
            Some(_) => {
                let message =
                    "what it is for never changes: remove the permission first, or leave the description as it is";
                return Err(Error::invalid(format!("{place}.description"), message));
            }
            None => {
                let input = CreatePermission {
                    organization: work.organization,
                    name: wanted.name.clone(),
                    description: wanted.description.clone(),
                };
                create_permission(work.app, work.caller, input, None).await.map_err(|error| at(&place, error))?;
            }
        }
    }
    Ok(())
}

/// Gives and takes modules, where any differ: only the platform's people may.
pub(super) async fn set_modules(work: &Work<'_>) -> Result<()> {
    let Some(set) = &work.set.modules else { return Ok(()) };
    let known: HashMap<&str, ModuleId> =
        work.rows.catalogue.modules.iter().map(|module| (module.key.as_str(), module.id)).collect();
    let held = work.rows.snapshot.organization.modules.iter().map(|row| (row.module_id, row.is_active));
    let held: BTreeMap<ModuleId, bool> = held.collect();
    let mut wanted = if work.others_stay { held.clone() } else { BTreeMap::new() };
    for (number, one) in set.iter().enumerate() {
        let module = known.get(one.key.as_str());
        let module = module.ok_or_else(|| unknown(format!("modules[{number}].key"), "module", &one.key))?;
        wanted.insert(*module, one.is_active);
    }
    if wanted == held {
        return Ok(());
    }
    let wanted = wanted.into_iter().map(|(module, is_active)| WantedModule { module, is_active }).collect();
    let done = replace_organization_modules(work.app, work.caller, work.organization, wanted).await;
    done.map(drop).map_err(|error| at("modules", error))
}

/// Makes and changes roles.
pub(super) async fn write(work: &Work<'_>) -> Result<()> {
    let before: HashMap<&str, &SetRole> =
        work.before.roles.iter().flatten().map(|role| (role.name.as_str(), role)).collect();
    for (number, wanted) in work.set.roles.iter().flatten().enumerate() {
        let place = format!("roles[{number}]");
        let done = match before.get(wanted.name.as_str()) {
            None => add(work, wanted).await,
            Some(were) => change(work, were, wanted).await,
        };
        done.map_err(|error| at(&place, error))?;
    }
    Ok(())
}

async fn add(work: &Work<'_>, wanted: &SetRole) -> Result<()> {
    let input = CreateRole {
        organization: work.organization,
        name: wanted.name.clone(),
        description: wanted.description.clone(),
        permissions: wanted.permissions.clone(),
    };
    create_role(work.app, work.caller, input, None).await.map(drop)
}

async fn change(work: &Work<'_>, were: &SetRole, wanted: &SetRole) -> Result<()> {
    let role = work.rows.role(&wanted.name).ok_or_else(|| Error::not_found("role"))?;
    let mut version = role.version;
    if were.description != wanted.description {
        let input = UpdateRole {
            organization: work.organization,
            role: role.id,
            version,
            name: None,
            description: Some(wanted.description.clone()),
        };
        version = update_role(work.app, work.caller, input).await?.version;
    }
    let mut permissions = wanted.permissions.clone();
    settle_names(&mut permissions);
    if were.permissions != permissions {
        let input = ReplaceRolePermissions { organization: work.organization, role: role.id, version, permissions };
        replace_role_permissions(work.app, work.caller, input).await?;
    }
    Ok(())
}

/// Removes the roles, and then the permissions, that are not named.
pub(super) async fn remove(work: &Work<'_>) -> Result<()> {
    let before = work.before;
    if let Some(wanted) = &work.set.roles {
        let gone = before.roles.iter().flatten().filter(|were| !wanted.iter().any(|role| role.name == were.name));
        for were in gone {
            let Some(role) = work.rows.role(&were.name) else { continue };
            let input = DeleteRole { organization: work.organization, role: role.id, version: role.version };
            let done = delete_role(work.app, work.caller, input).await;
            done.map_err(|error| at(&format!("roles, without {}", were.name), error))?;
        }
    }
    if let Some(wanted) = &work.set.permissions {
        let gone = before.permissions.iter().flatten().filter(|were| !wanted.iter().any(|one| one.name == were.name));
        for were in gone {
            let Some(permission) = work.rows.permission(&were.name) else { continue };
            let done = delete_permission(work.app, work.caller, work.organization, permission.id).await;
            done.map_err(|error| at(&format!("permissions, without {}", were.name), error))?;
        }
    }
    Ok(())
}
