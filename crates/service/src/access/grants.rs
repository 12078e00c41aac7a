//! The roles in force, kept in memory.

use crate::App;
use keystead_domain::{
    Grant, OrganizationId, Result, RoleId, Scope,
    access::{BUILT_IN_ROLES, Permission},
};
use keystead_store::AccessVersions;
use moka::{Entry, sync::Cache};
use std::sync::Arc;

/// As much memory as the roles in force may take, in bytes, whoever makes how many of them.
const MEMORY: u64 = 64 * 1024 * 1024;
/// What an entry takes beside its roles, roughly, in bytes.
const ENTRY: usize = 256;

/// What the roles of an organization permit: of each organization those that were asked for, under one version of its
/// rules.
///
/// A change of the rules raises the version, and what was kept under the old one makes room for the new: an organization
/// that changes its rules all the time takes no more memory than another.
pub(crate) struct GrantsCache {
    organizations: Cache<OrganizationId, Known>,
    /// One copy of each built-in role: every organization has them, and a copy for each would fill the memory.
    built_in: Cache<RoleId, Grant>,
}

#[derive(Clone)]
struct Known {
    versions: AccessVersions,
    grants: Arc<[Grant]>,
}

impl Default for GrantsCache {
    fn default() -> Self {
        Self::within(MEMORY)
    }
}

impl GrantsCache {
    /// A cache that takes at most so many bytes.
    fn within(bytes: u64) -> Self {
        let organizations = Cache::builder().max_capacity(bytes).weigher(|_, known| weight(known)).build();
        Self { organizations, built_in: Cache::new(64) }
    }

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
        let known = self.organizations.get(&organization).filter(|known| known.versions == versions);
        let known = known.as_ref().map_or(&[][..], |known| &known.grants);
        let mut grants: Vec<Grant> = known.iter().filter(|grant| held.contains(&grant.role_id)).cloned().collect();
        let is_missing = |id: &&RoleId| !grants.iter().any(|grant| grant.role_id == **id);
        let missing: Vec<RoleId> = held.iter().filter(is_missing).copied().collect();
        if !missing.is_empty() {
            let unit = app.store.read(Scope::organization(organization)).await?;
            // They may be newer than `versions` by now; then nobody asks for `versions` much longer.
            let loaded = unit.roles().grants(organization, &missing).await?;
            let loaded: Vec<Grant> = loaded.into_iter().map(|grant| self.share(grant)).collect();
            self.keep(organization, versions, &loaded);
            grants.extend(loaded);
        }
        Ok(grants.into())
    }

    /// Adds `loaded` to what is known under `versions`; what is known under others goes.
    fn keep(&self, organization: OrganizationId, versions: AccessVersions, loaded: &[Grant]) {
        self.organizations.entry(organization).and_upsert_with(|entry| {
            let known = entry.map(Entry::into_value).filter(|known| known.versions == versions);
            let known = known.as_ref().map_or(&[][..], |known| &known.grants);
            let others = known.iter().filter(|grant| !loaded.iter().any(|new| new.role_id == grant.role_id));
            Known { versions, grants: others.chain(loaded).cloned().collect() }
        });
        // Until then the cache holds on to what was replaced, and may hold more than it should.
        self.organizations.run_pending_tasks();
    }

    /// The grant as it is kept: without what decides nothing, and in one copy if the role is built in.
    fn share(&self, grant: Grant) -> Grant {
        let bare = |permission: &Permission| Permission { description: None, ..permission.clone() };
        let grant = Grant { permissions: grant.permissions.iter().map(bare).collect(), ..grant };
        if !is_built_in(grant.role_id) {
            return grant;
        }
        match self.built_in.get(&grant.role_id) {
            Some(known) if known.permissions == grant.permissions && known.role == grant.role => known,
            _ => {
                self.built_in.insert(grant.role_id, grant.clone());
                grant
            }
        }
    }
}

fn is_built_in(id: RoleId) -> bool {
    BUILT_IN_ROLES.iter().any(|role| role.id == id)
}

/// What an entry takes, in bytes.
fn weight(known: &Known) -> u32 {
    let bytes: usize = known.grants.iter().map(bytes).sum();
    u32::try_from(ENTRY + bytes).unwrap_or(u32::MAX)
}

fn bytes(grant: &Grant) -> usize {
    let head = size_of::<Grant>() + grant.role.len();
    if is_built_in(grant.role_id) {
        // Its permissions are shared.
        return head;
    }
    let one = |permission: &Permission| size_of::<Permission>() + permission.resource.len() + permission.action.len();
    head + grant.permissions.iter().map(one).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, grant, organization};
    use keystead_domain::access::{ADMIN, MANAGER, USER};
    use keystead_store::mocks::MockUnitOfWork;
    use uuid::Uuid;

    fn version(organization: i64) -> AccessVersions {
        AccessVersions { organization, platform: 1 }
    }

    fn own_role(number: u128) -> RoleId {
        RoleId::from_uuid(Uuid::from_u128(number))
    }

    /// A role that permits as much as `count` administrators.
    fn heavy(id: RoleId, count: usize) -> Grant {
        let permissions = grant(&ADMIN).permissions;
        let described =
            |permission: &Permission| Permission { description: Some("x".repeat(2000)), ..permission.clone() };
        Grant {
            role_id: id,
            role: "heavy".to_owned(),
            permissions: permissions.iter().cycle().take(permissions.len() * count).map(described).collect(),
        }
    }

    /// An app whose store grants heavy roles, asked `times` times.
    fn app(times: usize) -> App {
        let test = TestApp::new();
        for _ in 0..times {
            let mut unit = MockUnitOfWork::new();
            unit.roles.expect_grants().once().returning(|_, ids| {
                let built_in = |id: &RoleId| BUILT_IN_ROLES.iter().find(|role| role.id == *id).map(grant);
                Ok(ids.iter().map(|id| built_in(id).unwrap_or_else(|| heavy(*id, 10))).collect())
            });
            test.unit(unit);
        }
        test.build()
    }

    #[tokio::test]
    async fn a_new_version_takes_the_place_of_the_old_one() {
        let (app, cache) = (app(50), GrantsCache::default());
        let mut weights = Vec::new();
        for number in 0..50 {
            cache.held(&app, organization(1), version(number), &[own_role(1)]).await.unwrap();
            weights.push(cache.organizations.weighted_size());
        }
        assert_eq!(cache.organizations.entry_count(), 1);
        assert!(weights.iter().all(|weight| *weight == weights[0]), "{weights:?}");
    }

    #[tokio::test]
    async fn only_what_is_held_is_loaded_and_once() {
        let (app, cache) = (app(2), GrantsCache::default());
        let held = async |roles: &[RoleId]| {
            let grants = cache.held(&app, organization(1), version(1), roles).await.unwrap();
            grants.iter().map(|grant| grant.role_id).collect::<Vec<_>>()
        };
        assert_eq!(held(&[USER.id]).await, [USER.id]);
        assert_eq!(held(&[USER.id, own_role(1)]).await, [USER.id, own_role(1)]);
        // The store has prepared no third answer.
        assert_eq!(held(&[own_role(1)]).await, [own_role(1)]);
        assert_eq!(held(&[USER.id]).await, [USER.id]);
    }

    #[tokio::test]
    async fn however_many_organizations_there_are_the_memory_is_bounded() {
        let (app, most) = (app(40), 300_000);
        let cache = GrantsCache::within(most);
        for number in 0..40 {
            cache.held(&app, organization(number), version(1), &[own_role(number)]).await.unwrap();
            assert!(cache.organizations.weighted_size() <= most);
        }
        assert!(cache.organizations.entry_count() < 40);
    }

    #[tokio::test]
    async fn a_built_in_role_is_kept_once_and_weighs_little() {
        let (app, cache) = (app(2), GrantsCache::default());
        let one = cache.held(&app, organization(1), version(1), &[MANAGER.id]).await.unwrap();
        let other = cache.held(&app, organization(2), version(1), &[MANAGER.id]).await.unwrap();
        assert!(Arc::ptr_eq(&one[0].permissions, &other[0].permissions));
        assert!(cache.organizations.weighted_size() < 1_000);
    }

    #[tokio::test]
    async fn descriptions_are_not_kept() {
        let (app, cache) = (app(1), GrantsCache::default());
        let grants = cache.held(&app, organization(1), version(1), &[own_role(1)]).await.unwrap();
        assert!(grants[0].permissions.iter().all(|permission| permission.description.is_none()));
    }
}
