//! Which words of permissions are Keystead's own.

use keystead_domain::access::{BUILT_IN_ROLES, PermissionScope};

/// Keystead's own resources, as permissions name them. Every other word is a product's, and means to Keystead nothing.
pub const RESOURCES: &[&str] = &[
    "access",
    "audit_events",
    "catalogue",
    "invitations",
    "jobs",
    "members",
    "organization_modules",
    "organizations",
    "permissions",
    "policy_entities",
    "policy_models",
    "policy_rules",
    "roles",
    "seeds",
    "service_accounts",
    "sessions",
    "signing_keys",
    "teams",
    "user_levels",
    "users",
];

/// Words that Keystead will have a use for. An organization that could define permissions on them today would hold,
/// once they mean something, what nobody has granted: so the platform alone defines them.
const RESERVED: &[&str] = &[
    "answers",
    "api_keys",
    "archives",
    "audit_seals",
    "backups",
    "casbin_rules",
    "consents",
    "document_chunks",
    "documents",
    "encryption_keys",
    "entities",
    "entitlements",
    "erasure_requests",
    "features",
    "menu_items",
    "menus",
    "mfa_factors",
    "modules",
    "nav_trail",
    "navigation",
    "oauth_profiles",
    "policies",
    "profile_templates",
    "profiles",
    "recommendations",
    "retention_policies",
    "schedules",
    "search",
    "sections",
    "security_events",
    "sub_menu_items",
    "trail",
    "views",
];

/// Whether permissions on `resource` mean something to Keystead.
pub(super) fn is_keysteads(resource: &str) -> bool {
    RESOURCES.contains(&resource)
}

/// The same word, of one of Keystead's own resources.
pub(crate) fn keysteads_own(resource: &str) -> &'static str {
    RESOURCES.iter().find(|known| **known == resource).copied().unwrap_or("access")
}

/// Whether permissions on `resource` are for the platform alone to define.
pub(super) fn is_reserved(resource: &str) -> bool {
    RESERVED.contains(&resource)
}

/// Whether it is about one of Keystead's own resources, and no built-in role permits it: then it means nothing.
pub(crate) fn is_unknown_to_keystead(resource: &str, action: &str, scope: PermissionScope) -> bool {
    let mut known = BUILT_IN_ROLES.iter().flat_map(|role| role.permissions);
    is_keysteads(resource)
        && !known.any(|(kind, actions, reaches)| {
            *kind == resource && *reaches == scope && actions.iter().any(|does| does.as_str() == action)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_resource_that_a_built_in_role_names_is_keysteads() {
        assert!(RESOURCES.is_sorted() && RESERVED.is_sorted());
        for (resource, ..) in BUILT_IN_ROLES.iter().flat_map(|role| role.permissions) {
            assert!(is_keysteads(resource), "{resource}");
        }
        assert!(!RESERVED.iter().any(|word| is_keysteads(word)));
    }
}
