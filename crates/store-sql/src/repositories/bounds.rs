//! What a transaction may see and write, in the statements themselves.
//!
//! PostgreSQL says the same by row-level security; SQLite has only this. A method that is asked about an organization or a
//! person that is not the transaction's finds nothing.

use crate::engine::{SqlUnitOfWork, conditions};
use keystead_domain::{Error, OrganizationId, PLATFORM, Result, UserId};
use keystead_store::UnitOfWork;
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

/// No row belongs to it.
const NOWHERE: OrganizationId = OrganizationId::from_uuid(Uuid::nil());
/// No row belongs to them.
const NOBODY: UserId = UserId::from_uuid(Uuid::nil());

const SWITCHED_OFF: bool = cfg!(feature = "rls-only");

impl SqlUnitOfWork {
    fn is_in(&self, organization: OrganizationId) -> bool {
        self.scope().organization == Some(organization)
    }

    /// Class T: the row belongs to `organization`, which is the transaction's.
    pub(super) fn of_organization(&self, column: impl ColumnTrait, organization: OrganizationId) -> Condition {
        conditions::of_organization(column, if self.is_in(organization) { organization } else { NOWHERE })
    }

    /// Class T+: the row belongs to `organization`, which is the transaction's, or to the platform.
    pub(super) fn of_organization_or_platform(
        &self,
        column: impl ColumnTrait,
        organization: OrganizationId,
    ) -> Condition {
        match self.scope().organization {
            Some(own) if own == organization => conditions::of_organization_or_platform(column, organization),
            Some(_) => conditions::of_organization(column, PLATFORM),
            None => conditions::of_organization(column, NOWHERE),
        }
    }

    /// Class P: the row belongs to `user`, who is the transaction's person.
    pub(super) fn of_user(&self, column: impl ColumnTrait, user: UserId) -> Condition {
        conditions::of_user(column, if self.scope().user == Some(user) { user } else { NOBODY })
    }

    /// Whether the transaction sees what only the platform sees, and is asked as the platform.
    pub(super) fn sees_all(&self, organization: OrganizationId) -> bool {
        SWITCHED_OFF || (organization == PLATFORM && self.is_in(PLATFORM))
    }

    /// Refuses to write a row of an organization that is not the transaction's.
    pub(super) fn may_write_in(&self, organization: OrganizationId) -> Result<()> {
        if SWITCHED_OFF || self.is_in(organization) {
            return Ok(());
        }
        Err(Error::internal(format!(
            "a row of organization {organization} would be written by a transaction of another"
        )))
    }

    /// Refuses to write a row of a person who is not the transaction's.
    pub(super) fn may_write_for(&self, user: UserId) -> Result<()> {
        if SWITCHED_OFF || self.scope().user == Some(user) {
            return Ok(());
        }
        Err(Error::internal(format!("a row of user {user} would be written by a transaction of another")))
    }
}
