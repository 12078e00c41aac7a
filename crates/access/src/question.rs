//! Who asks, about what, and under which circumstances.

use crate::{
    policy::{Entity, Properties},
    whose::Whose,
};
use keystead_domain::{Grant, OrganizationId, Timestamp, UserId};
use std::fmt;

/// Who wants to act.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The person; none for a service account, which owns nothing and holds nothing that everyone holds of their own.
    pub user_id: Option<UserId>,
    /// The organization in which the person acts.
    pub organization_id: OrganizationId,
    /// The roles held in that organization; none where the membership has ended or is suspended.
    pub grants: &'a [Grant],
}

/// The circumstances of a decision.
#[derive(Clone, Copy, Default)]
pub struct Context<'a> {
    /// When it is asked; none when that is not known, and then a [snapshot](crate::snapshot::Snapshot) denies.
    pub at: Option<Timestamp>,
    /// The domain in which the organization's rules are asked; the organization's identifier where there is none.
    pub domain: Option<&'a str>,
    /// What the organization's and the platform's rules may ask about the circumstances.
    pub properties: Option<&'a dyn Properties>,
    /// Which matcher of the organization's model is asked: 1 for `m`, which is asked where there is none.
    pub matcher: Option<u8>,
}

impl<'a> Context<'a> {
    /// A question at this time.
    #[must_use]
    pub const fn at(time: Timestamp) -> Self {
        Self { at: Some(time), domain: None, properties: None, matcher: None }
    }
    /// The same with these properties.
    #[must_use]
    pub const fn with(mut self, properties: &'a dyn Properties) -> Self {
        self.properties = Some(properties);
        self
    }
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at {:?} in {:?}", self.at, self.domain)
    }
}

/// What a [snapshot](crate::snapshot::Snapshot) is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The thing.
    pub entity: Entity<'a>,
    /// Whose it is, when it is one of Keystead's own and the asker has looked. None for a product's, whose properties
    /// `owner` and `team` say it, and for one of Keystead's own that the snapshot is to know.
    pub whose: Option<Whose>,
}

impl<'a> Target<'a> {
    /// Something of the product's, or one of Keystead's own that the snapshot knows.
    #[must_use]
    pub const fn known(entity: Entity<'a>) -> Self {
        Self { entity, whose: None }
    }
    /// One of Keystead's own resources. No property that anybody sent or stored says whose it is.
    #[must_use]
    pub const fn own(kind: &'a str, id: &'a str, whose: Whose) -> Self {
        Self { entity: Entity::new(kind, id), whose: Some(whose) }
    }
}
