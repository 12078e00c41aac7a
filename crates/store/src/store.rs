//! The store and its unit of work.

use crate::{AccessRepositories, AccessStore};
use crate::{
    AuditRepository, CallerRecord, Counts, ExpiredRows, IdempotencyRepository, InvitationRepository, JobQueue,
    JobRepository, KeyRepository, LoginState, MembershipRepository, OrganizationRepository, PermissionRepository,
    RoleRepository, SeedRepository, SessionActivity, SessionRepository, SignInAttempts, StoreHealth, TeamRepository,
    UserRepository,
};
use async_trait::async_trait;
use keystead_domain::{
    OrganizationId, Result, Scope, SessionId, Timestamp, UserId,
    accounts::Login,
    audit::AuditEvent,
    sessions::{RefreshRotation, Refreshed},
};
use std::sync::Arc;

/// Where the rows are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreMode {
    /// PostgreSQL.
    Postgres,
    /// A SQLite file.
    Sqlite,
    /// In memory; nothing is kept.
    Memory,
    /// In memory, loaded from and saved to one JSON file.
    Json,
}

impl StoreMode {
    /// The word for it in logs and settings.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Sqlite => "sqlite",
            Self::Memory => "memory",
            Self::Json => "json",
        }
    }
}

/// A store: opens units of work, and answers the few questions that must be one round trip.
#[async_trait]
pub trait Store: AccessStore + Send + Sync + 'static {
    /// Which mode it is.
    fn mode(&self) -> StoreMode;

    /// Opens a unit of work that may write, seeing the rows of `scope`.
    ///
    /// Opening cannot be cancelled half-way: when the returned future is dropped, the transaction is rolled back and its
    /// connection is clean before anyone else gets it.
    ///
    /// # Errors
    /// `Busy` when no connection is free in time.
    async fn begin(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>>;

    /// As [`Store::begin`], for reading only: one consistent snapshot, never waiting for a writer.
    ///
    /// # Errors
    /// `Busy` when no connection is free in time.
    async fn read(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>>;

    /// As [`Store::read`], for who asks one thing: each statement stands by itself, in one round trip, and sees what is there
    /// at its own moment. It cannot write.
    ///
    /// # Errors
    /// `Busy` when no connection is free in time.
    async fn glance(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>> {
        self.read(scope).await
    }

    /// What sign-in must know before anyone is signed in, in one statement: the account (if any) and what
    /// `network_hash` has done to it lately. `unknown_key` stands for the account where there is none.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_login(
        &self,
        login: &Login,
        unknown_key: &str,
        network_hash: &[u8],
        now: Timestamp,
    ) -> Result<LoginState>;

    /// What every request must know about its caller, in one statement, or two where `known` no longer holds. None when the account is
    /// not active or the session is not live.
    ///
    /// `known` is what was read before of this person in this organization, with whichever session. It is not read again as long as
    /// neither the account nor the rules have changed: the store is only asked whether that is so, and whether the session is live.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn load_caller(
        &self,
        organization: OrganizationId,
        user: UserId,
        session: SessionId,
        now: Timestamp,
        known: Option<CallerRecord>,
    ) -> Result<Option<CallerRecord>>;

    /// Presents a refresh token, in one transaction with its audit event. None when there is no such family, its session is
    /// over, its account is not active, or the presented hash is not of its generation.
    ///
    /// `event` is completed here: organization, `event_type` (`session.refreshed`, `session.refresh_repeated`,
    /// `session.refresh_replayed`), outcome and severity follow from what was found. A replay revokes the session.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn rotate_refresh_token(&self, rotation: RefreshRotation, event: AuditEvent) -> Result<Option<Refreshed>>;

    /// Writes the last activity of many sessions in one statement. Times never move backwards.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn record_activity(&self, activity: &[SessionActivity]) -> Result<()>;

    /// The queue that workers take jobs from.
    fn job_queue(&self) -> &dyn JobQueue;

    /// Deletes at most `batch` expired rows of each kind.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn delete_expired(&self, now: Timestamp, batch: u32) -> Result<ExpiredRows>;

    /// Makes the audit partitions of this month and the next `months`. Returns how many were made (0 on SQLite).
    ///
    /// # Errors
    /// Only when the store fails.
    async fn ensure_partitions(&self, now: Timestamp, months: u32) -> Result<u32>;

    /// Figures for `/metrics`.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn counts(&self, now: Timestamp) -> Result<Counts>;

    /// Whether the store answers, its migrations are applied and its pool has room.
    async fn health(&self) -> StoreHealth;

    /// Finishes what is pending (saves the JSON file) and closes every connection.
    ///
    /// # Errors
    /// When something could not be saved.
    async fn close(&self) -> Result<()>;
}

/// A shared store.
pub type SharedStore = Arc<dyn Store>;

/// One transaction. What is not committed is rolled back when it is dropped.
#[async_trait]
pub trait UnitOfWork: AccessRepositories + Send + Sync {
    /// Which rows it sees.
    fn scope(&self) -> Scope;
    /// Accounts.
    fn users(&self) -> &dyn UserRepository;
    /// Failed sign-ins.
    fn sign_in_attempts(&self) -> &dyn SignInAttempts;
    /// Organizations.
    fn organizations(&self) -> &dyn OrganizationRepository;
    /// Memberships.
    fn memberships(&self) -> &dyn MembershipRepository;
    /// Invitations.
    fn invitations(&self) -> &dyn InvitationRepository;
    /// Teams.
    fn teams(&self) -> &dyn TeamRepository;
    /// Roles and who holds them.
    fn roles(&self) -> &dyn RoleRepository;
    /// Permissions.
    fn permissions(&self) -> &dyn PermissionRepository;
    /// Sessions.
    fn sessions(&self) -> &dyn SessionRepository;
    /// Signing keys and data keys.
    fn keys(&self) -> &dyn KeyRepository;
    /// Audit events.
    fn audit(&self) -> &dyn AuditRepository;
    /// Jobs and schedules.
    fn jobs(&self) -> &dyn JobRepository;
    /// Answers to repeated requests.
    fn idempotency(&self) -> &dyn IdempotencyRepository;
    /// Seeds that were applied.
    fn seeds(&self) -> &dyn SeedRepository;

    /// Narrows or moves the rest of the transaction to another scope, as registration must when it has made the person.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn enter(&mut self, scope: Scope) -> Result<()>;

    /// Makes every change durable, all at once. It cannot be cancelled half-way: once begun it runs to its end.
    ///
    /// # Errors
    /// When it could not be made durable; then nothing was changed.
    async fn commit(self: Box<Self>) -> Result<()>;
}
