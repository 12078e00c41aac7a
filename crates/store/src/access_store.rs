//! The part of a store and of a unit of work that is about access: one supertrait each, so that the list of what decides stands in
//! one place.

use crate::{
    AccessChangeRepository, AccessSnapshotRepository, ApiKeyRecord, ApiKeyRepository, ApiKeyUse,
    CatalogueLinkRepository, EffectivePermissionRepository, FeaturePermissionRepository, FeatureRepository,
    LevelAssignmentRepository, MenuRepository, ModuleRepository, OrganizationModuleRepository, PolicyEntityRepository,
    PolicyModelRepository, RuleRepository, ServiceAccountRepository, TrailRepository, UserLevelRepository,
    ViewPermissionRepository, ViewRepository,
};
use async_trait::async_trait;
use keystead_domain::{OrganizationId, Result, Timestamp};

/// The repositories of everything that decides but roles, on a unit of work.
pub trait AccessRepositories: Send + Sync {
    /// Views of the catalogue.
    fn views(&self) -> &dyn ViewRepository;
    /// Modules of the catalogue.
    fn modules(&self) -> &dyn ModuleRepository;
    /// Features of the catalogue.
    fn features(&self) -> &dyn FeatureRepository;
    /// What belongs together in the catalogue.
    fn catalogue_links(&self) -> &dyn CatalogueLinkRepository;
    /// Which modules an organization has.
    fn organization_modules(&self) -> &dyn OrganizationModuleRepository;
    /// User levels.
    fn user_levels(&self) -> &dyn UserLevelRepository;
    /// What user levels permit on views.
    fn view_permissions(&self) -> &dyn ViewPermissionRepository;
    /// What user levels permit on features.
    fn feature_permissions(&self) -> &dyn FeaturePermissionRepository;
    /// Who has which user levels.
    fn level_assignments(&self) -> &dyn LevelAssignmentRepository;
    /// What was worked out for each person.
    fn effective_permissions(&self) -> &dyn EffectivePermissionRepository;
    /// Menus.
    fn menus(&self) -> &dyn MenuRepository;
    /// Where people have been.
    fn trail(&self) -> &dyn TrailRepository;
    /// Policy rules.
    fn rules(&self) -> &dyn RuleRepository;
    /// Policy models.
    fn policy_models(&self) -> &dyn PolicyModelRepository;
    /// Policy entities.
    fn policy_entities(&self) -> &dyn PolicyEntityRepository;
    /// Access versions and what has changed at each.
    fn access_changes(&self) -> &dyn AccessChangeRepository;
    /// Everything that decides, for whoever decides.
    fn access_snapshots(&self) -> &dyn AccessSnapshotRepository;
    /// Service accounts.
    fn service_accounts(&self) -> &dyn ServiceAccountRepository;
    /// Keys of service accounts.
    fn api_keys(&self) -> &dyn ApiKeyRepository;
}

/// How many rows of each kind were deleted because they no longer count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExpiredAccessRows {
    /// What was worked out for views.
    pub effective_views: u64,
    /// What was worked out for features.
    pub effective_features: u64,
    /// What has changed longer ago than [`ExpiredAccessRows::CHANGES_KEPT`].
    pub changes: u64,
}

impl ExpiredAccessRows {
    /// How long it is known what has changed, in seconds. A node that was away for longer reads everything again.
    pub const CHANGES_KEPT: i64 = 3600;

    /// The largest of the counts: when it reaches the batch size, more may wait.
    #[must_use]
    pub fn largest(&self) -> u64 {
        self.effective_views.max(self.effective_features).max(self.changes)
    }
}

/// The questions about access that must be one round trip, or come before anyone is signed in.
#[async_trait]
pub trait AccessStore: Send + Sync {
    /// What a key opens: only when the hash is that of the key with this prefix, which is neither withdrawn nor expired, and
    /// its account and organization are active.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_api_key(&self, prefix: &str, key_hash: &[u8], now: Timestamp) -> Result<Option<ApiKeyRecord>>;

    /// Writes the last use of many keys in one statement. Times never move backwards, and versions stay.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn record_api_key_use(&self, uses: &[ApiKeyUse]) -> Result<()>;

    /// The access versions of several organizations, in one statement and in no order; those without any are missing.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn access_versions(&self, organizations: &[OrganizationId]) -> Result<Vec<(OrganizationId, i64)>>;

    /// Deletes at most `batch` rows of each kind that no longer count.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn delete_expired_access(&self, now: Timestamp, batch: u32) -> Result<ExpiredAccessRows>;
}
