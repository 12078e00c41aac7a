//! A store on which several use cases happen in one transaction.

use crate::{
    AccessChangeRepository, AccessRepositories, AccessSnapshotRepository, AccessStore, ApiKeyRecord, ApiKeyRepository,
    ApiKeyUse, AuditRepository, CallerRecord, CatalogueLinkRepository, Counts, EffectivePermissionRepository,
    ExpiredAccessRows, ExpiredRows, FeaturePermissionRepository, FeatureRepository, IdempotencyRepository,
    InvitationRepository, JobQueue, JobRepository, KeyRepository, LevelAssignmentRepository, LoginState,
    MembershipRepository, MenuRepository, ModuleRepository, OrganizationModuleRepository, OrganizationRepository,
    PermissionRepository, PolicyEntityRepository, PolicyModelRepository, RoleRepository, RuleRepository,
    SeedRepository, ServiceAccountRepository, SessionActivity, SessionRepository, SharedStore, SignInAttempts, Store,
    StoreHealth, StoreMode, TeamRepository, TrailRepository, UnitOfWork, UserLevelRepository, UserRepository,
    ViewPermissionRepository, ViewRepository,
};
use async_trait::async_trait;
use keystead_domain::{
    Error, OrganizationId, Result, Scope, SessionId, Timestamp, UserId,
    accounts::Login,
    audit::AuditEvent,
    sessions::{RefreshRotation, Refreshed},
};
use std::sync::Arc;

/// A store on which use cases work together, all or nothing: whatever they write in one organization is in one transaction, in
/// which each of them sees what those before it have written. Their commits do nothing: all of it is kept by [`Joint::commit`],
/// and rolled back when the last reference is dropped without.
///
/// Who does many things at once may do nothing that he may not do one by one, and nothing that each of them would refuse. The
/// surest way to that is to call them. Another organization is read as it is, and not written.
pub struct Joint {
    store: SharedStore,
    unit: Arc<Box<dyn UnitOfWork>>,
}

impl Joint {
    /// Opens the transaction, in the scope of the use cases.
    ///
    /// # Errors
    /// As [`Store::begin`].
    pub async fn begin(store: SharedStore, scope: Scope) -> Result<Self> {
        let unit = Arc::new(store.begin(scope).await?);
        Ok(Self { store, unit })
    }
    /// The transaction.
    #[must_use]
    pub fn unit(&self) -> &dyn UnitOfWork {
        &**self.unit
    }
    /// Keeps everything that was written.
    ///
    /// # Errors
    /// When a use case still works on it, or as [`UnitOfWork::commit`]; then nothing is kept.
    pub async fn commit(self: Arc<Self>) -> Result<()> {
        let alone = Arc::into_inner(self).and_then(|joint| Arc::into_inner(joint.unit));
        let unit = alone.ok_or_else(|| Error::internal("a part of the transaction is still open"))?;
        unit.commit().await
    }
    fn has(&self, scope: Scope) -> bool {
        scope.organization == self.unit.scope().organization
    }
    fn shared(&self) -> Box<dyn UnitOfWork> {
        Box::new(Part(Arc::clone(&self.unit)))
    }
}

fn not_jointly<T>() -> Result<T> {
    Err(Error::internal("this cannot be done in a transaction of many things"))
}

#[async_trait]
impl Store for Joint {
    fn mode(&self) -> StoreMode {
        self.store.mode()
    }
    async fn begin(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>> {
        if self.has(scope) { Ok(self.shared()) } else { not_jointly() }
    }
    async fn read(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>> {
        if self.has(scope) { Ok(self.shared()) } else { self.store.read(scope).await }
    }
    async fn glance(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>> {
        if self.has(scope) { Ok(self.shared()) } else { self.store.glance(scope).await }
    }
    async fn find_login(&self, _: &Login, _: &str, _: &[u8], _: Timestamp) -> Result<LoginState> {
        not_jointly()
    }
    async fn load_caller(
        &self,
        _: OrganizationId,
        _: UserId,
        _: SessionId,
        _: Timestamp,
        _: Option<CallerRecord>,
    ) -> Result<Option<CallerRecord>> {
        not_jointly()
    }
    async fn rotate_refresh_token(&self, _: RefreshRotation, _: AuditEvent) -> Result<Option<Refreshed>> {
        not_jointly()
    }
    async fn record_activity(&self, _: &[SessionActivity]) -> Result<()> {
        not_jointly()
    }
    fn job_queue(&self) -> &dyn JobQueue {
        self.store.job_queue()
    }
    async fn delete_expired(&self, _: Timestamp, _: u32) -> Result<ExpiredRows> {
        not_jointly()
    }
    async fn ensure_partitions(&self, _: Timestamp, _: u32) -> Result<u32> {
        not_jointly()
    }
    async fn counts(&self, _: Timestamp) -> Result<Counts> {
        not_jointly()
    }
    async fn health(&self) -> StoreHealth {
        self.store.health().await
    }
    async fn close(&self) -> Result<()> {
        not_jointly()
    }
}

#[async_trait]
impl AccessStore for Joint {
    async fn find_api_key(&self, _: &str, _: &[u8], _: Timestamp) -> Result<Option<ApiKeyRecord>> {
        not_jointly()
    }
    async fn record_api_key_use(&self, _: &[ApiKeyUse]) -> Result<()> {
        not_jointly()
    }
    /// What is not kept yet has no version that anybody could be told.
    async fn access_versions(&self, _: &[OrganizationId]) -> Result<Vec<(OrganizationId, i64)>> {
        not_jointly()
    }
    async fn delete_expired_access(&self, _: Timestamp, _: u32) -> Result<ExpiredAccessRows> {
        not_jointly()
    }
}

/// The transaction as one use case has it.
struct Part(Arc<Box<dyn UnitOfWork>>);

/// Hands out the transaction's own repositories.
macro_rules! repositories {
    ($($name:ident: $repository:ident),+ $(,)?) => {$(
        fn $name(&self) -> &dyn $repository {
            self.0.$name()
        }
    )+};
}

impl AccessRepositories for Part {
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
}

#[async_trait]
impl UnitOfWork for Part {
    repositories! {
        users: UserRepository,
        sign_in_attempts: SignInAttempts,
        organizations: OrganizationRepository,
        memberships: MembershipRepository,
        invitations: InvitationRepository,
        teams: TeamRepository,
        roles: RoleRepository,
        permissions: PermissionRepository,
        sessions: SessionRepository,
        keys: KeyRepository,
        audit: AuditRepository,
        jobs: JobRepository,
        idempotency: IdempotencyRepository,
        seeds: SeedRepository,
    }
    fn scope(&self) -> Scope {
        self.0.scope()
    }
    async fn enter(&mut self, scope: Scope) -> Result<()> {
        if scope == self.scope() { Ok(()) } else { not_jointly() }
    }
    async fn commit(self: Box<Self>) -> Result<()> {
        Ok(())
    }
}
