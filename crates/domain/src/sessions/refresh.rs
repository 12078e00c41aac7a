//! The refresh tokens of a session: a family of generations of which one is current.

use crate::{OrganizationId, SessionId, Timestamp, UserId};

/// The stored state of a session's refresh tokens: one row, whatever the number of generations.
///
/// Old generations need no row: each token carries its generation and a MAC, so an authentic token of an
/// earlier generation is known to be a replay without having been kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshFamily {
    /// The session, which is the family.
    pub session_id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// The current generation, beginning with 1.
    pub generation: i32,
    /// SHA-256 of the current token's secret.
    pub token_hash: Vec<u8>,
    /// SHA-256 of the immediate predecessor's secret.
    pub previous_hash: Option<Vec<u8>>,
    /// The current token, sealed under a key that only the predecessor yields; for a lost reply.
    pub successor_sealed: Option<Vec<u8>>,
    /// When the current generation was made.
    pub rotated_at: Timestamp,
    /// When the family ends.
    pub expires_at: Timestamp,
}

/// What a rotation wants to write.
#[derive(Clone, Debug)]
pub struct RefreshRotation {
    /// The family.
    pub session_id: SessionId,
    /// Whose it is, as the token says.
    pub user_id: UserId,
    /// The presented token's generation.
    pub presented_generation: i32,
    /// SHA-256 of the presented token's secret.
    pub presented_hash: Vec<u8>,
    /// SHA-256 of the next token's secret.
    pub next_hash: Vec<u8>,
    /// The next token, sealed for a holder of the presented one.
    pub successor_sealed: Vec<u8>,
    /// Now.
    pub now: Timestamp,
    /// The immediate predecessor is answered with the same successor until this many seconds after its rotation.
    pub grace_seconds: i64,
    /// The session's new idle end.
    pub idle_expires_at: Timestamp,
}

/// What a rotation found, and what the next access token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refreshed {
    /// What became of the presented token.
    pub outcome: RefreshOutcome,
    /// The session's active organization.
    pub organization_id: OrganizationId,
    /// The names of the roles held there, by name; empty when the membership has ended.
    pub roles: Vec<String>,
    /// When the session ends, whatever is done with it until then.
    pub session_ends: Timestamp,
}

/// What became of a presented refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefreshOutcome {
    /// It was current; the next one is now.
    Rotated,
    /// It is the immediate predecessor, within its grace, and the successor is unused: the answer is that
    /// same successor, here as it was sealed for a holder of the presented token.
    Grace {
        /// The sealed successor.
        successor_sealed: Vec<u8>,
    },
    /// It is an old one. The session has been revoked.
    Replayed,
}
