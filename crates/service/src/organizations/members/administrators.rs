//! The last administrator stays.

use keystead_domain::{
    Error, OrganizationId, Result,
    access::ADMIN,
    accounts::UserStatus,
    organizations::{Member, MembershipStatus},
};
use keystead_store::UnitOfWork;

/// How many run an organization, counted under a lock that lasts until the transaction ends: of two transactions that each
/// take one administrator away, the second counts what the first has left.
pub(super) struct Administrators(u64);

impl Administrators {
    /// Counts and locks them. It comes before the member is read, so that what is read is still so.
    pub(super) async fn lock(unit: &dyn UnitOfWork, organization: OrganizationId) -> Result<Self> {
        unit.memberships().count_administrators(organization).await.map(Self)
    }

    /// Refuses to take `member` away if nobody else runs the organization.
    pub(super) fn ensure_others_than(&self, member: &Member) -> Result<()> {
        if self.0 <= 1 && runs(member) {
            let message = "An organization needs an administrator: make somebody else one first.";
            return Err(Error::conflict("last_administrator", message));
        }
        Ok(())
    }
}

/// Whether `member` is one of those who are counted.
fn runs(member: &Member) -> bool {
    member.membership.status == MembershipStatus::Active
        && member.user.status == UserStatus::Active
        && member.roles.iter().any(|(id, _)| *id == ADMIN.id)
}
