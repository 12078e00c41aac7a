//! Organizations, memberships, invitations, teams. Class T: every method names the organization.

use async_trait::async_trait;
use keystead_domain::{
    InvitationId, OrganizationId, Page, PageRequest, Result, TeamId, Timestamp, UserId,
    accounts::Email,
    organizations::{
        Invitation, InvitationStatus, Member, Membership, Organization, OrganizationStatus, Team, TeamMember,
    },
};

/// Organizations.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait OrganizationRepository: Send + Sync {
    /// Adds one.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn insert(&self, organization: &Organization) -> Result<()>;

    /// The organization `id`, seen from `organization`: itself, or any from the platform.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(&self, organization: OrganizationId, id: OrganizationId) -> Result<Option<Organization>>;

    /// Those that the transaction's own person is a member of, with the membership, in order of their making.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list_of_user(&self, user: UserId, page: &PageRequest) -> Result<Page<(Organization, Membership)>>;

    /// Every organization (from the platform only; nothing from elsewhere).
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    #[allow(clippy::needless_lifetimes, reason = "the mock needs it named")]
    async fn list_all<'a>(
        &self,
        organization: OrganizationId,
        status: Option<OrganizationStatus>,
        page: &'a PageRequest,
    ) -> Result<Page<Organization>>;

    /// Writes it if its version is unchanged, and raises the version.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not seen from `organization`.
    async fn update(&self, organization: OrganizationId, changed: &Organization) -> Result<Organization>;
}

/// Memberships.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait MembershipRepository: Send + Sync {
    /// Adds one.
    ///
    /// # Errors
    /// `Conflict` with code `already_member`.
    async fn insert(&self, membership: &Membership) -> Result<()>;

    /// One membership with the person and the roles.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(&self, organization: OrganizationId, user: UserId) -> Result<Option<Member>>;

    /// The members with their roles, in order of joining, in a fixed number of statements.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<Member>>;

    /// Writes the status if the version is unchanged, and raises the version.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not seen from its organization.
    async fn update(&self, organization: OrganizationId, membership: &Membership) -> Result<Membership>;

    /// Removes it, with the roles and team places that hang on it. Returns whether there was one.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn delete(&self, organization: OrganizationId, user: UserId) -> Result<bool>;

    /// How many active members with an active account hold the built-in role `admin`, locking them against concurrent removal.
    /// The count is taken once the locks are held, so that of two removals at the same moment the second sees the first.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn count_administrators(&self, organization: OrganizationId) -> Result<u64>;
}

/// Invitations.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait InvitationRepository: Send + Sync {
    /// Adds one with the hash of its token.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn insert(&self, invitation: &Invitation, token_hash: &[u8]) -> Result<()>;

    /// One invitation.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(&self, organization: OrganizationId, id: InvitationId) -> Result<Option<Invitation>>;

    /// The invitation with this token, whatever the transaction's scope: whoever holds the token may see it.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_by_token(&self, token_hash: &[u8]) -> Result<Option<Invitation>>;

    /// The invitations, in order of their making.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list(
        &self,
        organization: OrganizationId,
        status: Option<InvitationStatus>,
        page: &PageRequest,
    ) -> Result<Page<Invitation>>;

    /// Writes status and answer if the version is unchanged, and raises the version.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not seen.
    async fn update(&self, organization: OrganizationId, invitation: &Invitation) -> Result<Invitation>;

    /// Withdraws every pending invitation that `person` made or that is for `address`, and returns which.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn revoke_of(
        &self,
        organization: OrganizationId,
        person: UserId,
        address: &Email,
        now: Timestamp,
    ) -> Result<Vec<InvitationId>>;
}

/// Teams and their members.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait TeamRepository: Send + Sync {
    /// Adds one.
    ///
    /// # Errors
    /// `Conflict` with code `team_name_taken`.
    async fn insert(&self, team: &Team) -> Result<()>;
    /// One team.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(&self, organization: OrganizationId, id: TeamId) -> Result<Option<Team>>;
    /// The teams, in order of their making.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<Team>>;
    /// Writes it if the version is unchanged, and raises the version.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not seen; `Conflict` as for [`TeamRepository::insert`].
    async fn update(&self, organization: OrganizationId, team: &Team) -> Result<Team>;
    /// Removes it, if its version is `version`, with its members' places.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not seen.
    async fn delete(&self, organization: OrganizationId, id: TeamId, version: i64) -> Result<()>;
    /// Its members, by user identifier.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn members(&self, organization: OrganizationId, team: TeamId, page: &PageRequest)
    -> Result<Page<TeamMember>>;
    /// Adds a member of the organization. Returns false when they are in it already. (`username` is not written.)
    ///
    /// # Errors
    /// `NotFound` when the person is no member of the organization or there is no such team.
    async fn add_member(&self, organization: OrganizationId, member: &TeamMember) -> Result<bool>;
    /// Removes a member. Returns whether they were in it.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn remove_member(&self, organization: OrganizationId, team: TeamId, user: UserId) -> Result<bool>;
}
