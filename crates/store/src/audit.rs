//! Audit events. Class T. They can be added and read; nothing else.

use async_trait::async_trait;
use keystead_domain::{
    AuditEventId, OrganizationId, Page, PageRequest, Result,
    audit::{AuditEvent, AuditFilter},
};

/// Audit events.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait AuditRepository: Send + Sync {
    /// Adds events in one batch. Each must belong to `organization`.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn append(&self, organization: OrganizationId, events: &[AuditEvent]) -> Result<()>;
    /// One event.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(&self, organization: OrganizationId, id: AuditEventId) -> Result<Option<AuditEvent>>;
    /// The events, newest first.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list(
        &self,
        organization: OrganizationId,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Page<AuditEvent>>;
}
