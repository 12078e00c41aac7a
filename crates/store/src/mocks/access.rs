//! The mocks of everything that decides but roles.

pub use crate::{
    catalogue::{MockCatalogueLinkRepository, MockFeatureRepository, MockModuleRepository, MockViewRepository},
    navigation::{MockMenuRepository, MockTrailRepository},
    rules::{
        MockAccessChangeRepository, MockAccessSnapshotRepository, MockPolicyEntityRepository,
        MockPolicyModelRepository, MockRuleRepository,
    },
    service_accounts::{MockApiKeyRepository, MockServiceAccountRepository},
    user_levels::{
        MockEffectivePermissionRepository, MockFeaturePermissionRepository, MockLevelAssignmentRepository,
        MockOrganizationModuleRepository, MockUserLevelRepository, MockViewPermissionRepository,
    },
};

use super::{MockStore, MockUnitOfWork};
use crate::{
    AccessChangeRepository, AccessRepositories, AccessSnapshotRepository, AccessStore, ApiKeyRecord, ApiKeyRepository,
    ApiKeyUse, CatalogueLinkRepository, EffectivePermissionRepository, ExpiredAccessRows, FeaturePermissionRepository,
    FeatureRepository, LevelAssignmentRepository, MenuRepository, ModuleRepository, OrganizationModuleRepository,
    PolicyEntityRepository, PolicyModelRepository, RuleRepository, ServiceAccountRepository, TrailRepository,
    UserLevelRepository, ViewPermissionRepository, ViewRepository,
};
use async_trait::async_trait;
use keystead_domain::{OrganizationId, Result, Timestamp};

/// The repositories of everything that decides but roles. What a test does not expect, panics.
#[derive(Default)]
pub struct AccessMocks {
    /// Views of the catalogue.
    pub views: MockViewRepository,
    /// Modules of the catalogue.
    pub modules: MockModuleRepository,
    /// Features of the catalogue.
    pub features: MockFeatureRepository,
    /// What belongs together in the catalogue.
    pub catalogue_links: MockCatalogueLinkRepository,
    /// Which modules an organization has.
    pub organization_modules: MockOrganizationModuleRepository,
    /// User levels.
    pub user_levels: MockUserLevelRepository,
    /// What user levels permit on views.
    pub view_permissions: MockViewPermissionRepository,
    /// What user levels permit on features.
    pub feature_permissions: MockFeaturePermissionRepository,
    /// Who has which user levels.
    pub level_assignments: MockLevelAssignmentRepository,
    /// What was worked out for each person.
    pub effective_permissions: MockEffectivePermissionRepository,
    /// Menus.
    pub menus: MockMenuRepository,
    /// Where people have been.
    pub trail: MockTrailRepository,
    /// Policy rules.
    pub rules: MockRuleRepository,
    /// Policy models.
    pub policy_models: MockPolicyModelRepository,
    /// Policy entities.
    pub policy_entities: MockPolicyEntityRepository,
    /// Access versions and what has changed at each.
    pub access_changes: MockAccessChangeRepository,
    /// Everything that decides, for whoever decides.
    pub access_snapshots: MockAccessSnapshotRepository,
    /// Service accounts.
    pub service_accounts: MockServiceAccountRepository,
    /// Keys of service accounts.
    pub api_keys: MockApiKeyRepository,
}

macro_rules! repositories {
    ($($name:ident: $repository:ident),+ $(,)?) => {
        impl AccessRepositories for MockUnitOfWork {
            $(fn $name(&self) -> &dyn $repository {
                &self.access.$name
            })+
        }
    };
}
repositories! {
    views: ViewRepository,
    modules: ModuleRepository,
    features: FeatureRepository,
    catalogue_links: CatalogueLinkRepository,
    organization_modules: OrganizationModuleRepository,
    user_levels: UserLevelRepository,
    view_permissions: ViewPermissionRepository,
    feature_permissions: FeaturePermissionRepository,
    level_assignments: LevelAssignmentRepository,
    effective_permissions: EffectivePermissionRepository,
    menus: MenuRepository,
    trail: TrailRepository,
    rules: RuleRepository,
    policy_models: PolicyModelRepository,
    policy_entities: PolicyEntityRepository,
    access_changes: AccessChangeRepository,
    access_snapshots: AccessSnapshotRepository,
    service_accounts: ServiceAccountRepository,
    api_keys: ApiKeyRepository,
}

#[mockall::automock]
#[allow(missing_docs, reason = "the documentation is at the trait `AccessStore`, whose methods these are")]
#[async_trait]
pub trait AccessAnswers: Send + Sync {
    async fn find_api_key(&self, prefix: &str, key_hash: &[u8], now: Timestamp) -> Result<Option<ApiKeyRecord>>;
    async fn record_api_key_use(&self, uses: &[ApiKeyUse]) -> Result<()>;
    async fn access_versions(&self, organizations: &[OrganizationId]) -> Result<Vec<(OrganizationId, i64)>>;
    async fn delete_expired_access(&self, now: Timestamp, batch: u32) -> Result<ExpiredAccessRows>;
}

#[async_trait]
impl AccessStore for MockStore {
    async fn find_api_key(&self, prefix: &str, key_hash: &[u8], now: Timestamp) -> Result<Option<ApiKeyRecord>> {
        self.access.find_api_key(prefix, key_hash, now).await
    }
    async fn record_api_key_use(&self, uses: &[ApiKeyUse]) -> Result<()> {
        self.access.record_api_key_use(uses).await
    }
    async fn access_versions(&self, organizations: &[OrganizationId]) -> Result<Vec<(OrganizationId, i64)>> {
        self.access.access_versions(organizations).await
    }
    async fn delete_expired_access(&self, now: Timestamp, batch: u32) -> Result<ExpiredAccessRows> {
        self.access.delete_expired_access(now, batch).await
    }
}
