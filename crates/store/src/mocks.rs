//! A store and a unit of work made of mocks, for unit tests of use cases.
//!
//! A test prepares one [`MockUnitOfWork`] for each transaction that the use case is to open, in order, and
//! afterwards reads in the [`Journal`] what was opened, entered and committed.

mod access;
pub use access::*;

pub use crate::{
    access::{MockPermissionRepository, MockRoleRepository},
    accounts::{MockSignInAttempts, MockUserRepository},
    audit::MockAuditRepository,
    idempotency::MockIdempotencyRepository,
    jobs::{MockJobQueue, MockJobRepository},
    keys::MockKeyRepository,
    organizations::{
        MockInvitationRepository, MockMembershipRepository, MockOrganizationRepository, MockTeamRepository,
    },
    sessions::MockSessionRepository,
    system::MockSeedRepository,
};

use crate::{
    AuditRepository, CallerRecord, Counts, ExpiredRows, IdempotencyRepository, InvitationRepository, JobQueue,
    JobRepository, KeyRepository, LoginState, MembershipRepository, OrganizationRepository, PermissionRepository,
    RoleRepository, SeedRepository, SessionActivity, SessionRepository, SignInAttempts, Store, StoreHealth, StoreMode,
    TeamRepository, UnitOfWork, UserRepository,
};
use async_trait::async_trait;
use keystead_domain::{
    Error, OrganizationId, Result, Scope, SessionId, Timestamp, UserId,
    accounts::Login,
    audit::AuditEvent,
    sessions::{RefreshRotation, Refreshed},
};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Something that happened to a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It was opened for writing.
    Begin(Scope),
    /// It was opened for reading.
    Read(Scope),
    /// It moved to another scope.
    Enter(Scope),
    /// It was committed.
    Commit,
    /// It was dropped without a commit.
    RolledBack,
}

/// What happened to the transactions of a [`MockStore`], in order.
#[derive(Clone, Debug, Default)]
pub struct Journal(Arc<Mutex<Vec<Step>>>);

impl Journal {
    /// Everything so far.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        lock(&self.0).clone()
    }
    /// How many transactions were committed.
    #[must_use]
    pub fn commits(&self) -> usize {
        lock(&self.0).iter().filter(|step| **step == Step::Commit).count()
    }
    fn note(&self, step: Step) {
        lock(&self.0).push(step);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A unit of work whose repositories are mocks. What a test does not expect, panics.
#[derive(Default)]
pub struct MockUnitOfWork {
    /// Accounts.
    pub users: MockUserRepository,
    /// Failed sign-ins.
    pub sign_in_attempts: MockSignInAttempts,
    /// Organizations.
    pub organizations: MockOrganizationRepository,
    /// Memberships.
    pub memberships: MockMembershipRepository,
    /// Invitations.
    pub invitations: MockInvitationRepository,
    /// Teams.
    pub teams: MockTeamRepository,
    /// Roles.
    pub roles: MockRoleRepository,
    /// Permissions.
    pub permissions: MockPermissionRepository,
    /// Sessions.
    pub sessions: MockSessionRepository,
    /// Keys.
    pub keys: MockKeyRepository,
    /// Audit events.
    pub audit: MockAuditRepository,
    /// Jobs.
    pub jobs: MockJobRepository,
    /// Answers to repeated requests.
    pub idempotency: MockIdempotencyRepository,
    /// Seeds.
    pub seeds: MockSeedRepository,
    /// Everything that decides but roles.
    pub access: AccessMocks,
    scope: Scope,
    journal: Option<Journal>,
}

impl MockUnitOfWork {
    /// A unit of work that expects nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    fn note(&self, step: Step) {
        if let Some(journal) = &self.journal {
            journal.note(step);
        }
    }
}

impl Drop for MockUnitOfWork {
    fn drop(&mut self) {
        self.note(Step::RolledBack);
    }
}

#[async_trait]
impl UnitOfWork for MockUnitOfWork {
    fn scope(&self) -> Scope {
        self.scope
    }
    fn users(&self) -> &dyn UserRepository {
        &self.users
    }
    fn sign_in_attempts(&self) -> &dyn SignInAttempts {
        &self.sign_in_attempts
    }
    fn organizations(&self) -> &dyn OrganizationRepository {
        &self.organizations
    }
    fn memberships(&self) -> &dyn MembershipRepository {
        &self.memberships
    }
    fn invitations(&self) -> &dyn InvitationRepository {
        &self.invitations
    }
    fn teams(&self) -> &dyn TeamRepository {
        &self.teams
    }
    fn roles(&self) -> &dyn RoleRepository {
        &self.roles
    }
    fn permissions(&self) -> &dyn PermissionRepository {
        &self.permissions
    }
    fn sessions(&self) -> &dyn SessionRepository {
        &self.sessions
    }
    fn keys(&self) -> &dyn KeyRepository {
        &self.keys
    }
    fn audit(&self) -> &dyn AuditRepository {
        &self.audit
    }
    fn jobs(&self) -> &dyn JobRepository {
        &self.jobs
    }
    fn idempotency(&self) -> &dyn IdempotencyRepository {
        &self.idempotency
    }
    fn seeds(&self) -> &dyn SeedRepository {
        &self.seeds
    }
    async fn enter(&mut self, scope: Scope) -> Result<()> {
        self.scope = scope;
        self.note(Step::Enter(scope));
        Ok(())
    }
    async fn commit(mut self: Box<Self>) -> Result<()> {
        self.note(Step::Commit);
        self.journal = None;
        Ok(())
    }
}

#[mockall::automock]
#[allow(missing_docs, reason = "the documentation is at the trait `Store`, whose methods these are")]
#[async_trait]
pub trait StoreAnswers: Send + Sync {
    async fn find_login(
        &self,
        login: &Login,
        unknown_key: &str,
        network_hash: &[u8],
        now: Timestamp,
    ) -> Result<LoginState>;
    async fn load_caller(
        &self,
        organization: OrganizationId,
        user: UserId,
        session: SessionId,
        now: Timestamp,
        known: Option<CallerRecord>,
    ) -> Result<Option<CallerRecord>>;
    async fn rotate_refresh_token(&self, rotation: RefreshRotation, event: AuditEvent) -> Result<Option<Refreshed>>;
    async fn record_activity(&self, activity: &[SessionActivity]) -> Result<()>;
    async fn delete_expired(&self, now: Timestamp, batch: u32) -> Result<ExpiredRows>;
    async fn ensure_partitions(&self, now: Timestamp, months: u32) -> Result<u32>;
    async fn counts(&self, now: Timestamp) -> Result<Counts>;
    async fn health(&self) -> StoreHealth;
}

/// A store that hands out prepared units of work and answers its one-statement questions by mocks.
#[derive(Default)]
pub struct MockStore {
    /// What [`Store`]'s own questions answer.
    pub answers: MockStoreAnswers,
    /// What [`crate::AccessStore`]'s questions answer.
    pub access: MockAccessAnswers,
    /// The queue of jobs.
    pub queue: MockJobQueue,
    units: Mutex<VecDeque<MockUnitOfWork>>,
    journal: Journal,
}

impl MockStore {
    /// A store that expects nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// Prepares the unit of work for the next transaction that has none yet.
    pub fn expect_unit(&self, unit: MockUnitOfWork) {
        lock(&self.units).push_back(unit);
    }
    /// What happened to the transactions. It can be kept apart from the store.
    #[must_use]
    pub fn journal(&self) -> Journal {
        self.journal.clone()
    }
    fn next(&self, scope: Scope, step: Step) -> Result<Box<dyn UnitOfWork>> {
        self.journal.note(step);
        let mut unit = lock(&self.units)
            .pop_front()
            .ok_or_else(|| Error::internal("the test has prepared no further unit of work"))?;
        unit.scope = scope;
        unit.journal = Some(self.journal.clone());
        Ok(Box::new(unit))
    }
}

#[async_trait]
impl Store for MockStore {
    fn mode(&self) -> StoreMode {
        StoreMode::Memory
    }
    async fn begin(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>> {
        self.next(scope, Step::Begin(scope))
    }
    async fn read(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>> {
        self.next(scope, Step::Read(scope))
    }
    async fn find_login(
        &self,
        login: &Login,
        unknown_key: &str,
        network_hash: &[u8],
        now: Timestamp,
    ) -> Result<LoginState> {
        self.answers.find_login(login, unknown_key, network_hash, now).await
    }
    async fn load_caller(
        &self,
        organization: OrganizationId,
        user: UserId,
        session: SessionId,
        now: Timestamp,
        known: Option<CallerRecord>,
    ) -> Result<Option<CallerRecord>> {
        self.answers.load_caller(organization, user, session, now, known).await
    }
    async fn rotate_refresh_token(&self, rotation: RefreshRotation, event: AuditEvent) -> Result<Option<Refreshed>> {
        self.answers.rotate_refresh_token(rotation, event).await
    }
    async fn record_activity(&self, activity: &[SessionActivity]) -> Result<()> {
        self.answers.record_activity(activity).await
    }
    fn job_queue(&self) -> &dyn JobQueue {
        &self.queue
    }
    async fn delete_expired(&self, now: Timestamp, batch: u32) -> Result<ExpiredRows> {
        self.answers.delete_expired(now, batch).await
    }
    async fn ensure_partitions(&self, now: Timestamp, months: u32) -> Result<u32> {
        self.answers.ensure_partitions(now, months).await
    }
    async fn counts(&self, now: Timestamp) -> Result<Counts> {
        self.answers.counts(now).await
    }
    async fn health(&self) -> StoreHealth {
        self.answers.health().await
    }
    async fn close(&self) -> Result<()> {
        Ok(())
    }
}
