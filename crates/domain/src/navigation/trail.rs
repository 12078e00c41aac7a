//! Where a person has been.

use crate::{OrganizationId, Timestamp, TrailEntryId, UserId, ViewId};
use serde::{Deserialize, Serialize};

/// That a person saw a view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailEntry {
    /// Its identifier.
    pub id: TrailEntryId,
    /// Where the person was.
    pub organization_id: OrganizationId,
    /// The person.
    pub user_id: UserId,
    /// What they saw.
    pub view_id: ViewId,
    /// When they saw it.
    pub visited_at: Timestamp,
}

impl TrailEntry {
    /// How many entries a person has in an organization at the most.
    pub const MOST: u16 = 50;
}
