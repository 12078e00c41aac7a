//! Nobody grants what he lacks.

use super::{
    Resource, may,
    words::{is_keysteads, is_reserved},
};
use keystead_access::own_permissions_of_everyone;
use keystead_domain::{
    Caller, CallerKind, Error, ErrorKind, Result,
    access::{Action, Permission, PermissionScope},
};

/// Refuses to let `caller` give somebody a role that permits what he does not hold himself.
///
/// What the role permits with scope `any` counts in the platform organization only, so elsewhere it is not asked for:
/// an organization's administrator may make another one.
///
/// # Errors
/// `Forbidden` with code `grants_too_much`, naming one permission.
pub(crate) fn may_give<'a>(caller: &Caller, role: impl IntoIterator<Item = &'a Permission>) -> Result<()> {
    may_put(caller, role.into_iter().filter(|permission| counts_here(caller, permission)))
}

/// Refuses to let `caller` put permissions into a role (or define them) that he does not hold himself.
///
/// # Errors
/// As [`may_give`].
pub(crate) fn may_put<'a>(caller: &Caller, permissions: impl IntoIterator<Item = &'a Permission>) -> Result<()> {
    lacking(caller, permissions).map_or(Ok(()), |lacking| {
        let message = format!("You do not hold {} here, so you cannot grant it.", lacking.name());
        Err(Error::new(ErrorKind::Forbidden, "grants_too_much", message))
    })
}

/// Refuses to let `caller` act against somebody who holds `held`, unless he could give all of it himself: else whoever
/// manages members or accounts throws out those above him, or takes their place.
///
/// # Errors
/// `Forbidden` with code `holds_more`, naming one permission.
pub(crate) fn may_overrule<'a>(caller: &Caller, held: impl IntoIterator<Item = &'a Permission>) -> Result<()> {
    lacking(caller, held.into_iter().filter(|permission| counts_here(caller, permission))).map_or(Ok(()), |lacking| {
        let message = format!("This person holds {} here, which you do not.", lacking.name());
        Err(Error::new(ErrorKind::Forbidden, "holds_more", message))
    })
}

/// Scope `any` counts in the platform organization only.
fn counts_here(caller: &Caller, permission: &Permission) -> bool {
    permission.scope != PermissionScope::Any || caller.at_platform()
}

/// One of `permissions` that `caller` can not hand out.
fn lacking<'a>(caller: &Caller, permissions: impl IntoIterator<Item = &'a Permission>) -> Option<&'a Permission> {
    permissions.into_iter().find(|permission| !holds(caller, permission))
}

/// Whether `caller` holds `permission` in the organization he works in, or may hand it out all the same.
fn holds(caller: &Caller, permission: &Permission) -> bool {
    match caller.kind {
        CallerKind::Operator | CallerKind::Job => return true,
        CallerKind::Anonymous => return false,
        CallerKind::User | CallerKind::ServiceAccount => {}
    }
    let granted = caller.grants.iter().flat_map(|grant| grant.permissions.iter());
    let mut alike = granted.filter(|held| held.resource == permission.resource && held.action == permission.action);
    let at_platform = caller.at_platform();
    let covers = |held: PermissionScope| {
        if held == PermissionScope::Any { at_platform } else { held == permission.scope }
    };
    alike.any(|held| covers(held.scope)) || is_everyones(permission) || may_define(caller, permission)
}

/// Whether everybody who is signed in holds it, so that handing it out gives nobody anything.
fn is_everyones(permission: &Permission) -> bool {
    permission.scope == PermissionScope::Own
        && own_permissions_of_everyone()
            .any(|(resource, action, _)| permission.resource == resource && permission.action == action.as_str())
}

/// What is about a product's resource may be handed out by whoever may define permissions: he could define one with the
/// same name, and if only a holder could hand it out, nobody could ever be the first.
fn may_define(caller: &Caller, permission: &Permission) -> bool {
    !is_keysteads(&permission.resource)
        && (!is_reserved(&permission.resource) || caller.at_platform())
        && counts_here(caller, permission)
        && may(caller, Action::Create, &Resource::all("permissions", caller.organization_id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{administrator, anonymous, caller, context, grant, member, now, organization};
    use keystead_domain::{
        PLATFORM, PermissionId,
        access::{ADMIN, MANAGER, NewPermission, USER},
    };
    use uuid::Uuid;

    fn permission(name: &str) -> Permission {
        let NewPermission { resource, action, scope } = NewPermission::parse(name).unwrap();
        let id = PermissionId::from_uuid(Uuid::from_u128(9));
        Permission {
            id,
            organization_id: organization(1),
            resource,
            action,
            scope,
            description: None,
            created_at: now(),
        }
    }

    fn may_put_one(caller: &Caller, name: &str) -> bool {
        may_put(caller, [&permission(name)]).is_ok()
    }

    #[test]
    fn each_built_in_role_may_be_given_by_those_that_hold_as_much() {
        let given_by =
            |giver, role| may_give(&caller(organization(1), 7, &[giver]), grant(&role).permissions.iter()).is_ok();
        for (giver, role, expected) in [
            (ADMIN, ADMIN, true),
            (ADMIN, MANAGER, true),
            (ADMIN, USER, true),
            (MANAGER, MANAGER, true),
            (MANAGER, USER, true),
            (MANAGER, ADMIN, false),
            (USER, USER, true),
            (USER, MANAGER, false),
        ] {
            assert_eq!(given_by(giver, role), expected, "{} gives {}", giver.name, role.name);
        }
    }

    #[test]
    fn any_counts_in_the_platform_only() {
        let (here, platform) = (administrator(organization(1), 7), administrator(PLATFORM, 7));
        assert!(!may_put_one(&here, "users:delete:any"));
        assert!(may_put_one(&platform, "users:delete:any"));
        assert!(!may_put_one(&here, "users:delete:organization"));
        assert!(may_put_one(&platform, "users:delete:organization"));
        assert!(!may_put_one(&here, "reports:read:any"));
        assert!(may_put_one(&platform, "reports:read:any"));
    }

    #[test]
    fn one_scope_does_not_stand_for_another() {
        let here = administrator(organization(1), 7);
        assert!(may_put_one(&here, "teams:update:organization"));
        assert!(!may_put_one(&here, "teams:update:own"));
        assert!(may_put_one(&member(1, 7), "sessions:delete:own"));
        assert!(!may_put_one(&anonymous(), "sessions:delete:own"));
        assert!(may_put_one(&Caller::operator(context()), "signing_keys:update:any"));
    }

    #[test]
    fn a_products_permission_is_handed_out_by_those_that_may_define_it() {
        assert!(may_put_one(&administrator(organization(1), 7), "reports:read:organization"));
        assert!(!may_put_one(&caller(organization(1), 7, &[MANAGER]), "reports:read:organization"));
    }

    #[test]
    fn what_keystead_will_use_is_handed_out_by_the_platform() {
        assert!(!may_put_one(&administrator(organization(1), 7), "policies:update:organization"));
        assert!(may_put_one(&administrator(PLATFORM, 7), "policies:update:organization"));
    }

    #[test]
    fn nobody_acts_against_those_above_him() {
        let overrules = |who, whom| may_overrule(&caller(organization(1), 7, &[who]), grant(&whom).permissions.iter());
        assert!(overrules(ADMIN, ADMIN).is_ok() && overrules(ADMIN, USER).is_ok() && overrules(MANAGER, USER).is_ok());
        let error = overrules(MANAGER, ADMIN).unwrap_err();
        assert_eq!((error.kind, error.code), (ErrorKind::Forbidden, "holds_more"));
        let operator = Caller::operator(context());
        assert!(may_overrule(&operator, grant(&ADMIN).permissions.iter()).is_ok());
    }
}
