//! Answers kept so that a repeated request does not act twice. Class T.

use async_trait::async_trait;
use keystead_domain::{Json, OrganizationId, Result, Timestamp};

/// Names one request of one caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The caller's organization.
    pub organization_id: OrganizationId,
    /// SHA-256 over caller, route and the key that the client sent.
    pub key_hash: Vec<u8>,
    /// SHA-256 over the request's body.
    pub body_hash: Vec<u8>,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When it is forgotten.
    pub expires_at: Timestamp,
}

/// Whether a request is the first with its key.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// It is: act, then [`IdempotencyRepository::finish`] in the same transaction.
    First,
    /// It was answered before.
    Answered {
        /// The hash of that request's body, to compare.
        body_hash: Vec<u8>,
        /// The answer; none where it held a secret and was not kept.
        answer: Option<Json>,
    },
}

/// Answers to repeated requests.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait IdempotencyRepository: Send + Sync {
    /// Claims the key within the transaction; a concurrent request with the same key waits for this transaction's end.
    /// A key that has expired counts as never used.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn claim(&self, key: &IdempotencyKey) -> Result<Claim>;
    /// Keeps the answer (none where it holds a secret).
    ///
    /// # Errors
    /// Only when the store fails.
    async fn finish(&self, key: &IdempotencyKey, answer: Option<Json>) -> Result<()>;
}
