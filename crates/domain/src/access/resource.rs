//! What is acted on, of Keystead's own.

use crate::{OrganizationId, UserId};
use uuid::Uuid;

/// What is acted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resource<'a> {
    /// Its kind, as permissions name it: `teams`.
    pub kind: &'a str,
    /// Which one; none for the whole list and for one about to be made.
    pub id: Option<Uuid>,
    /// The organization it belongs to; none when it belongs to none, or when that is not known.
    pub organization_id: Option<OrganizationId>,
    /// The person who owns it; none when nobody does, or when that is not known.
    pub owner: Option<UserId>,
}

impl<'a> Resource<'a> {
    /// The list of all things of `kind` in `organization`, or one about to be made there.
    #[must_use]
    pub const fn all(kind: &'a str, organization: OrganizationId) -> Self {
        Self { kind, id: None, organization_id: Some(organization), owner: None }
    }
    /// The thing `id` of `kind` in `organization`.
    #[must_use]
    pub const fn one(kind: &'a str, id: Uuid, organization: OrganizationId) -> Self {
        Self { kind, id: Some(id), organization_id: Some(organization), owner: None }
    }
    /// Something personal of `owner`, which belongs to no organization: a session, an account.
    #[must_use]
    pub const fn personal(kind: &'a str, id: Option<Uuid>, owner: UserId) -> Self {
        Self { kind, id, organization_id: None, owner: Some(owner) }
    }
    /// Things of `kind` that belong to the installation and to no organization.
    #[must_use]
    pub const fn installation(kind: &'a str) -> Self {
        Self { kind, id: None, organization_id: None, owner: None }
    }
    /// The same thing, owned by `owner`.
    #[must_use]
    pub const fn owned_by(mut self, owner: UserId) -> Self {
        self.owner = Some(owner);
        self
    }
}
