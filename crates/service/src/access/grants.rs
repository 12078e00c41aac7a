//! The roles in force, kept in memory.

use crate::App;
use keystead_domain::{Grant, OrganizationId, Result, RoleId, Scope, access::BUILT_IN_ROLES};
use keystead_store::AccessVersions;
use moka::sync::Cache;
use std::sync::Arc;

/// What the roles of an organization permit, by organization and version of its rules.
///
/// A change of the rules raises the version, so that what is kept under an old one is never asked for again.
pub(crate) struct GrantsCache {
    organizations: Cache<(OrganizationId, AccessVersions), Arc<[Grant]>>,
    /// One copy of each built-in role: every organization has them, and a copy for each would fill the memory.
    built_in: Cache<(i64, RoleId), Grant>,
}

impl Default for GrantsCache {
    fn default() -> Self {
        Self { organizations: Cache::new(10_000), built_in: Cache::new(64) }
    }
}

impl GrantsCache {
    /// The grants of the roles `held` in `organization`, whose rules are at `versions`.
    pub(crate) async fn held(
        &self,
        app: &App,
        organization: OrganizationId,
        versions: AccessVersions,
        held: &[RoleId],
    ) -> Result<Arc<[Grant]>> {
        if held.is_empty() {
            return Ok(Arc::from([]));
        }
        let all = match self.organizations.get(&(organization, versions)) {
            Some(all) => all,
            None => self.load(app, organization, versions).await?,
        };
        Ok(all.iter().filter(|grant| held.contains(&grant.role_id)).cloned().collect())
    }

    async fn load(&self, app: &App, organization: OrganizationId, versions: AccessVersions) -> Result<Arc<[Grant]>> {
        let unit = app.store.read(Scope::organization(organization)).await?;
        // They may be newer than `versions` by now; then nobody asks for `versions` much longer.
        let grants = unit.roles().grants(organization).await?;
        let shared = grants.into_iter().map(|grant| self.share(versions.platform, grant));
        let all: Arc<[Grant]> = shared.collect();
        self.organizations.insert((organization, versions), Arc::clone(&all));
        Ok(all)
    }

    fn share(&self, version: i64, grant: Grant) -> Grant {
        if !BUILT_IN_ROLES.iter().any(|role| role.id == grant.role_id) {
            return grant;
        }
        let key = (version, grant.role_id);
        match self.built_in.get(&key) {
            Some(known) if known.permissions == grant.permissions && known.role == grant.role => known,
            _ => {
                self.built_in.insert(key, grant.clone());
                grant
            }
        }
    }
}
