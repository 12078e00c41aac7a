//! What a key of a service account permits.

use crate::access::is_unknown_to_keystead;
use keystead_domain::{
    ApiKeyId, Grant, PLATFORM, PermissionId, RoleId, Timestamp,
    access::{Action, NewPermission, Permission, PermissionScope, built_in_permission_id},
};
use std::sync::Arc;

/// Everything that a key with these scopes permits, as one grant in the place of a role. A scope that no permission has, or has
/// any more, permits nothing; nor does one about what is one's own, since a service account owns nothing.
///
/// Permissions on Keystead's own resources are those of the built-in roles. What a product's permissions mean, Keystead is
/// not asked by them: they only count when the service account hands them on, and then they are looked up.
pub(crate) fn key_grants(key: ApiKeyId, scopes: &[String], now: Timestamp) -> Arc<[Grant]> {
    let permissions: Vec<Permission> = scopes.iter().filter_map(|scope| permission(key, scope, now)).collect();
    if permissions.is_empty() {
        return Arc::from([]);
    }
    let role_id = RoleId::from_uuid(key.as_uuid());
    Arc::from([Grant { role_id, role: format!("api key {key}"), permissions: permissions.into() }])
}

fn permission(key: ApiKeyId, name: &str, now: Timestamp) -> Option<Permission> {
    let NewPermission { resource, action, scope } = NewPermission::parse(name).ok()?;
    if scope == PermissionScope::Own || is_unknown_to_keystead(&resource, &action, scope) {
        return None;
    }
    // A product's permission has an identifier of its own, which nothing asks for here.
    let id = Action::parse(&action).map_or_else(
        || PermissionId::from_uuid(key.as_uuid()),
        |action| built_in_permission_id(&resource, action, scope),
    );
    Some(Permission { id, organization_id: PLATFORM, resource, action, scope, description: None, created_at: now })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::now;
    use uuid::Uuid;

    fn granted(scopes: &[&str]) -> Vec<String> {
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let grants = key_grants(ApiKeyId::from_uuid(Uuid::from_u128(1)), &scopes, now());
        assert!(grants.len() <= 1);
        grants.iter().flat_map(|grant| grant.permissions.iter().map(Permission::name)).collect()
    }

    #[test]
    fn a_key_permits_its_scopes_and_nothing_else() {
        let known = [
            "teams:read:organization",
            "users:delete:any",
            "access:evaluate:organization",
            "reports:print:organization",
        ];
        assert_eq!(granted(&known), known);
        assert_eq!(granted(&[]), [""; 0]);
    }

    #[test]
    fn what_no_permission_is_called_permits_nothing() {
        let unknown = [
            "teams:explode:organization",
            "jobs:delete:organization",
            "sessions:read:own",
            "reports:read:own",
            "teams:read",
            "teams",
            "",
            "*:*:*",
            "teams:read:everywhere",
            "Teams:read:organization",
            "teams:read:organization ",
        ];
        assert_eq!(granted(&unknown), [""; 0]);
    }
}
