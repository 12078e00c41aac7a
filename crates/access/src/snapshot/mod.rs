//! All that decides in one organization, at one version: immutable, and cheap to change into the next one.
//!
//! # Who speaks about what
//! - An organization's roles, user levels and rules speak about resources that belong to it. Whose one of Keystead's own
//!   resources is, only Keystead says: the asker that has looked ([`Whose`](crate::Whose)), or what the snapshot was
//!   told ([`OwnResource`](crate::entities::OwnResource)); never a property that was sent or stored. A product's
//!   resource belongs to the organization that is asked, and its properties `owner` and `team` say whose it is there.
//! - The platform's rules speak about everything. Their domain is the organization that the resource belongs to, their
//!   matcher is `m`, and the platform's own entities win in them: no asker chooses what they see.
//! - On Keystead's own resources rules deny, and never allow: what may be done with those, roles grant.
//! - A feature or view outside the organization's modules is denied, and not only not allowed: an organization's rule does
//!   not buy a module. A thing whose type is the key of a feature is about that feature, unless it is one of Keystead's own.
//! - A denial counts also where it is not known whether it reaches the resource, an allowance does not.
//! - People and service accounts are known by one form of their identifier ([`Holder::of`](crate::Holder::of)).

mod by_levels;
mod by_roles;
mod by_rules;
mod change;
mod deciding;
mod explain;
mod in_time;
mod layers;
mod rows;
mod situation;
mod snapshots;
mod unfit;

pub use change::{Change, ChangeError};
pub(crate) use deciding::Question;
pub use explain::{Considered, Explanation, MAX_NEEDED, Need, ResourceSeen, RoleSeen, Source, SubjectSeen};
pub use rows::Rows;
pub(crate) use situation::Situation;
pub use snapshots::{Bounds, Snapshots};

use crate::{
    decision::Version,
    entities::Entities,
    entitlements::{Levels, Modules},
    people::People,
    platform::Platform,
    policy::Policy,
    roles::Roles,
};
use keystead_domain::OrganizationId;
use std::sync::Arc;

/// All that decides in one organization. A clone, and a changed version, share every part that is the same.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub(crate) organization: OrganizationId,
    /// The organization's identifier as a text: the domain of questions that name none.
    pub(crate) domain: Arc<str>,
    pub(crate) version: Version,
    pub(crate) platform: Arc<Platform>,
    pub(crate) roles: Arc<Roles>,
    pub(crate) people: Arc<People>,
    pub(crate) levels: Arc<Levels>,
    pub(crate) modules: Arc<Modules>,
    pub(crate) policy: Arc<Policy>,
    /// Whether the rules are read by a model of the organization's own.
    pub(crate) own_model: bool,
    /// Whether the rules do not fit the model, so that none of them is here.
    pub(crate) is_unfit: bool,
    pub(crate) entities: Arc<Entities>,
}

impl Snapshot {
    /// Whose it is.
    #[must_use]
    pub const fn organization(&self) -> OrganizationId {
        self.organization
    }
    /// Which version it is.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }
    /// The platform's part.
    #[must_use]
    pub const fn platform(&self) -> &Arc<Platform> {
        &self.platform
    }
    /// The organization's own rules.
    #[must_use]
    pub const fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }
    /// Whether so much came and went that reading everything anew would give memory back.
    #[must_use]
    pub fn is_worn(&self) -> bool {
        self.policy.is_worn()
    }
    /// About how many bytes it takes, without the platform's part. Measured on large organizations, not counted.
    #[must_use]
    pub fn weight(&self) -> usize {
        4096 + 300 * self.policy.len()
            + 400 * self.people.len()
            + 1000 * (self.roles.len() + self.levels.len())
            + 400 * self.entities.len()
            + 100 * self.modules.rows.len()
    }
}
