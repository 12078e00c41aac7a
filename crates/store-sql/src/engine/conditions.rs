//! The class conditions of every statement, in one place.
//!
//! PostgreSQL enforces the same by row-level security; SQLite has only these. The test feature `rls-only` switches them
//! off, to prove that row-level security alone isolates.

use keystead_domain::{OrganizationId, PLATFORM, UserId};
use sea_orm::{ColumnTrait, Condition};

const SWITCHED_OFF: bool = cfg!(feature = "rls-only");

/// Class T: the row belongs to `organization`.
pub(crate) fn of_organization(column: impl ColumnTrait, organization: OrganizationId) -> Condition {
    if SWITCHED_OFF { Condition::all() } else { Condition::all().add(column.eq(organization.as_uuid())) }
}

/// Class T+: the row belongs to `organization` or to the platform.
pub(crate) fn of_organization_or_platform(column: impl ColumnTrait, organization: OrganizationId) -> Condition {
    if SWITCHED_OFF {
        Condition::all()
    } else {
        Condition::all().add(column.is_in([organization.as_uuid(), PLATFORM.as_uuid()]))
    }
}

/// Class P: the row belongs to `user`.
pub(crate) fn of_user(column: impl ColumnTrait, user: UserId) -> Condition {
    if SWITCHED_OFF { Condition::all() } else { Condition::all().add(column.eq(user.as_uuid())) }
}
