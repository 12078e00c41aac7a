//! Sessions. Class P: a person's own.

use crate::AccessVersions;
use async_trait::async_trait;
use keystead_domain::{
    OrganizationId, Page, PageRequest, Result, RoleId, SessionId, Timestamp, UserId,
    accounts::User,
    organizations::MembershipStatus,
    sessions::{RefreshFamily, RevokedReason, Session},
};
use std::sync::Arc;

/// Sessions and their refresh tokens.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait SessionRepository: Send + Sync {
    /// Adds a session with the first generation of its refresh tokens.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn insert(&self, session: &Session, family: &RefreshFamily) -> Result<()>;
    /// One session of the person.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(&self, user: UserId, id: SessionId) -> Result<Option<Session>>;
    /// The person's live sessions, in order of their making.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list_live(&self, user: UserId, now: Timestamp, page: &PageRequest) -> Result<Page<Session>>;
    /// Ends a session. Returns whether it was live.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn revoke(&self, user: UserId, id: SessionId, reason: RevokedReason, now: Timestamp) -> Result<bool>;
    /// Ends every live session of the person but `except`, in one statement. Returns which.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn revoke_all(
        &self,
        user: UserId,
        except: Option<SessionId>,
        reason: RevokedReason,
        now: Timestamp,
    ) -> Result<Vec<SessionId>>;
    /// What [`Store::load_caller`](crate::Store::load_caller) answers, as this transaction sees it: for who has waited since
    /// the caller was known.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn caller(
        &self,
        organization: OrganizationId,
        user: UserId,
        id: SessionId,
        now: Timestamp,
    ) -> Result<Option<CallerRecord>>;
    /// Moves the session to another organization.
    ///
    /// # Errors
    /// `NotFound` when there is no such session of the person.
    async fn set_organization(&self, user: UserId, id: SessionId, organization: OrganizationId) -> Result<()>;
}

/// What every request must know about its caller.
#[derive(Clone, Debug, PartialEq)]
pub struct CallerRecord {
    /// The account, which is active.
    pub user: Arc<User>,
    /// The session's last written activity.
    pub last_activity_at: Timestamp,
    /// The place in the organization of the request; none when it has ended or the organization is archived.
    pub membership: Option<MembershipStatus>,
    /// The roles held there.
    pub roles: Arc<[RoleId]>,
    /// The rules in force there.
    pub versions: AccessVersions,
}

/// That a session was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionActivity {
    /// Which.
    pub session_id: SessionId,
    /// When.
    pub at: Timestamp,
}
