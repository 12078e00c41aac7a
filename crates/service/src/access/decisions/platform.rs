//! What the platform says for every organization.

use super::rows::{model, policy_rules, role_rows};
use keystead_access::{
    Holder,
    entitlements::CatalogueRows,
    platform::{Administrator, Platform, PlatformRows},
    roles::RoleRows,
};
use keystead_domain::{
    Error, PLATFORM, Result,
    access::{ADMIN, AccessSnapshot, Permission},
    organizations::MembershipStatus,
};
use std::{collections::BTreeSet, sync::Arc};

/// The platform's part, compiled, and the rows that every organization inherits.
pub(super) struct PlatformPart {
    pub(super) compiled: Arc<Platform>,
    pub(super) roles: Vec<RoleRows>,
    pub(super) permissions: Vec<Permission>,
}

impl PlatformPart {
    /// Compiles the platform's own rows.
    ///
    /// # Errors
    /// When its rules do not fit its model, which is checked before they are written.
    pub(super) fn new(rows: AccessSnapshot) -> Result<Self> {
        let version = rows.versions.platform.max(rows.versions.organization);
        let roles = role_rows(&rows.policy, &[]);
        let members = rows.organization.memberships.iter();
        let active: BTreeSet<_> =
            members.filter(|row| row.status == MembershipStatus::Active).map(|row| row.user_id).collect();
        let administrators = rows.organization.user_roles.iter();
        let administrators = administrators.filter(|(user, role)| *role == ADMIN.id && active.contains(user));
        let administrators = administrators
            .map(|(user, _)| Administrator { holder: Holder::User(*user), not_before: None, expires_at: None })
            .collect();
        let catalogue = rows.platform.map(|platform| platform.catalogue).unwrap_or_default();
        let compiled = Platform::new(PlatformRows {
            version,
            own_kinds: crate::access::RESOURCES.iter().map(|kind| (*kind).to_owned()).collect(),
            administrators,
            closed_accounts: rows.organization.closed_accounts,
            catalogue: CatalogueRows {
                modules: catalogue.modules,
                features: catalogue.features,
                views: catalogue.views,
                module_features: catalogue.links.module_features,
                module_views: catalogue.links.module_views,
            },
            model: rows.policy.model.as_ref().map(|row| model(&row.text)).transpose()?,
            rules: policy_rules(PLATFORM, &rows.policy.rules),
            entities: rows.organization.entities,
        })
        .map_err(|error| Error::internal(format!("the platform's rules: {error}")))?;
        Ok(Self { compiled: Arc::new(compiled), roles, permissions: rows.policy.permissions })
    }

    /// Whether organizations inherit from `other` just what they inherit from this one.
    pub(super) fn inherits_the_same(&self, other: &Self) -> bool {
        self.roles == other.roles && self.permissions == other.permissions
    }

    pub(super) fn version(&self) -> i64 {
        self.compiled.version()
    }
}
