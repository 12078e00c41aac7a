//! Who has which user levels.

mod give;
mod list;
mod of_member;
mod replace;
mod take;

pub use give::give_user_level;
pub use list::{ListLevelMembers, list_level_members};
pub use of_member::levels_of_member;
pub use replace::{SetLevelsOfMember, set_levels_of_member};
pub use take::take_user_level;

use keystead_domain::{Error, OrganizationId, Result, UserId};
use keystead_store::UnitOfWork;

/// Only members of an organization have its levels.
async fn ensure_member(unit: &dyn UnitOfWork, organization: OrganizationId, user: UserId) -> Result<()> {
    unit.memberships().find(organization, user).await?.map(drop).ok_or_else(|| Error::not_found("member"))
}
