//! Where the transaction of a use case works.

use keystead_domain::{Caller, OrganizationId, Scope};

/// The rows of `organization`, and the caller's own: for use cases that name the organization, since the operator and the
/// platform's administrators work in others than their own.
pub(crate) fn scope_in(organization: OrganizationId, caller: &Caller) -> Scope {
    Scope { organization: Some(organization), user: caller.user_id }
}
