//! What the server asks of the store on its own behalf.

use async_trait::async_trait;
use keystead_domain::{Result, Timestamp};

/// Seeds that were applied.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait SeedRepository: Send + Sync {
    /// Takes a lock until the transaction ends, so that two nodes do not seed at once.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn lock(&self) -> Result<()>;
    /// Notes that `name` was applied in `environment`. Returns false when it was before.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn note(&self, name: &str, environment: &str, now: Timestamp) -> Result<bool>;
    /// The names applied, with environment and time, by name.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn applied(&self) -> Result<Vec<(String, String, Timestamp)>>;
}

/// How many expired rows of each kind were deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExpiredRows {
    /// Sessions that ended more than 30 days ago, with their refresh tokens.
    pub sessions: u64,
    /// Idempotency keys.
    pub idempotency_keys: u64,
    /// Failed sign-ins that no longer count.
    pub sign_in_attempts: u64,
    /// Jobs that ended more than 30 days ago.
    pub jobs: u64,
    /// Signing keys that are no longer published.
    pub signing_keys: u64,
    /// Invitations that ended more than 90 days ago.
    pub invitations: u64,
}

impl ExpiredRows {
    /// The largest of the counts: when it reaches the batch size, more may wait.
    #[must_use]
    pub fn largest(&self) -> u64 {
        [self.sessions, self.idempotency_keys, self.sign_in_attempts, self.jobs, self.signing_keys, self.invitations]
            .into_iter()
            .max()
            .unwrap_or(0)
    }
}

/// Figures for `/metrics`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Accounts with status `active`.
    pub active_users: u64,
    /// Sessions that can be used.
    pub live_sessions: u64,
    /// Audit events of the last hour.
    pub audit_events_last_hour: u64,
    /// Jobs waiting.
    pub queued_jobs: u64,
    /// Jobs given up.
    pub dead_jobs: u64,
}

/// The connections of a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolState {
    /// Open ones.
    pub open: u32,
    /// Those of them that nobody uses.
    pub idle: u32,
    /// The most that may be open.
    pub max: u32,
}

/// Whether the store can serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreHealth {
    /// Whether it answers; else why not, without connection strings.
    pub database: Result<(), String>,
    /// How many migrations wait to be applied.
    pub pending_migrations: Result<u32, String>,
    /// Its connections.
    pub pool: PoolState,
}
