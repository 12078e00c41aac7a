//! Accounts and failed sign-ins.

use async_trait::async_trait;
use keystead_domain::{
    OrganizationId, Page, PageRequest, Result, Timestamp, UserId,
    accounts::{Login, NewUser, PasswordHash, User, UserFilter, UserStatus},
};

/// Accounts. Class P: a person sees their own; an organization sees its members; the platform sees all.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait UserRepository: Send + Sync {
    /// Adds an account. One that is not active is added by the platform's transaction, whose access version it raises.
    ///
    /// # Errors
    /// `Conflict` with code `username_taken` or `email_taken`.
    async fn insert(&self, new: &NewUser) -> Result<()>;

    /// A person's own account (the transaction's person only).
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_own(&self, user: UserId) -> Result<Option<User>>;

    /// An account that is a member of `organization`; any account where `organization` is the platform.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(&self, organization: OrganizationId, user: UserId) -> Result<Option<User>>;

    /// The accounts that [`UserRepository::find`] would find, in order of their making.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list(&self, organization: OrganizationId, filter: &UserFilter, page: &PageRequest) -> Result<Page<User>>;

    /// Writes every column of the account but the password hash, if its stored version is still `user.version`, and raises the version.
    /// Seen by [`UserRepository::find`] in `organization`, or the transaction's own person. A status is changed by the platform's
    /// transaction, whose access version it raises: whose account is active decides everywhere.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not seen; `Conflict` as for [`UserRepository::insert`].
    async fn update(&self, organization: OrganizationId, user: &User) -> Result<User>;

    /// The transaction's own person's password hash.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn password_hash(&self, user: UserId) -> Result<Option<PasswordHash>>;

    /// Replaces the transaction's own person's password hash, clears `must_change_password`, sets
    /// `password_changed_at` when `changed_at` is given (a silent rehash gives none), and raises the version.
    ///
    /// # Errors
    /// `NotFound` when the person is not the transaction's.
    async fn set_password_hash(&self, user: UserId, hash: &PasswordHash, changed_at: Option<Timestamp>) -> Result<()>;

    /// Writes what a sign-in has changed of the transaction's own person's account, whose row the transaction has taken
    /// ([`User::signed_in`]). The version stays: nobody's edit is stale for it.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn record_sign_in(&self, user: &User) -> Result<()>;
}

/// How many failures lock, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockPolicy {
    /// Failures of one network on one account before that network is locked out of it.
    pub network_attempts: i32,
    /// Failures of all networks on one account before unknown networks are locked out of it.
    pub account_attempts: i32,
    /// How long a lock lasts, in seconds; failures older than that no longer count.
    pub lock_seconds: i64,
}

/// What the sign-in must write about a failure.
#[derive(Clone, Debug)]
pub struct FailedAttempt {
    /// `user:<id>`, or a stand-in for a login without account, so that both cost the same.
    pub account_key: String,
    /// The account, when there is one.
    pub user: Option<UserId>,
    /// A keyed hash of the client's network (IPv4 /24, IPv6 /56).
    pub network_hash: Vec<u8>,
    /// Now.
    pub now: Timestamp,
    /// When to lock.
    pub policy: LockPolicy,
}

/// Failed sign-ins, counted per account and per network, so that nobody can lock another out.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait SignInAttempts: Send + Sync {
    /// Takes the row of `user`, the transaction's own person, where there is one: whoever else counts a failure, signs in or
    /// changes the password waits for the end of this transaction. Then asks again what
    /// [`Store::find_login`](crate::Store::find_login) has answered before, since a lock or a new password may have come, and
    /// what a session of that person needs.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn take_login(
        &self,
        user: Option<UserId>,
        login: &Login,
        unknown_key: &str,
        network_hash: &[u8],
        now: Timestamp,
    ) -> Result<TakenLogin>;

    /// Counts a failure, on the account's row too when there is one. Returns whether this failure locked the network or the account.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn record_failure(&self, attempt: &FailedAttempt) -> Result<bool>;

    /// Forgets the network's failures on the account and remembers the network as known to it.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn record_success(&self, account_key: &str, network_hash: &[u8], now: Timestamp) -> Result<()>;

    /// Lifts every lock of the account.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn clear(&self, account_key: &str) -> Result<()>;
}

/// What sign-in must know before anyone is signed in.
#[derive(Clone, Debug, Default)]
pub struct LoginState {
    /// The account with that login, if any.
    pub account: Option<LoginAccount>,
    /// Until then, this network is locked out of the account.
    pub network_locked_until: Option<Timestamp>,
    /// Whether somebody has signed in to the account from this network before.
    pub network_known: bool,
}

/// What sign-in must know once a transaction has taken the account's row.
#[derive(Clone, Debug, Default)]
pub struct TakenLogin {
    /// What is known of the login now.
    pub state: LoginState,
    /// The account with that login, where it is the one that was taken.
    pub user: Option<User>,
    /// The names of the roles that it holds in the transaction's organization, sorted.
    pub roles: Vec<String>,
}

/// The part of an account that sign-in needs.
#[derive(Clone, Debug)]
pub struct LoginAccount {
    /// The account.
    pub user_id: UserId,
    /// Its hash.
    pub password_hash: PasswordHash,
    /// Whether it can be used.
    pub status: UserStatus,
    /// Until then, unknown networks are locked out of it.
    pub locked_until: Option<Timestamp>,
    /// Where a new session works: the organization of the last session, else the oldest membership. None without any.
    pub organization_id: Option<OrganizationId>,
}
