//! Policy rules and models, of class T+; policy entities, of class T; and what has changed of all that decides.

use async_trait::async_trait;
use keystead_domain::{
    OrganizationId, Page, PageRequest, PolicyEntityId, Result, RuleId,
    access::{
        AccessChange, AccessSnapshot, AccessVersions, ChangesSince, HeldVersion, PolicyEntity, PolicyModel, PolicyRule,
        RuleFilter, RuleTotals, SnapshotChange,
    },
};

/// Policy rules. An organization sees its own and the platform's, and writes its own.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait RuleRepository: Send + Sync {
    /// Adds many, in batches.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn insert(&self, organization: OrganizationId, new: &[PolicyRule]) -> Result<()>;
    /// One rule of the organization or of the platform.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(&self, organization: OrganizationId, id: RuleId) -> Result<Option<PolicyRule>>;
    /// Several at once, in order of their identifiers; those that are not seen are missing.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_many(&self, organization: OrganizationId, ids: &[RuleId]) -> Result<Vec<PolicyRule>>;
    /// The organization's own rules that the filter lets through, in order of their identifiers.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list(
        &self,
        organization: OrganizationId,
        filter: &RuleFilter,
        page: &PageRequest,
    ) -> Result<Page<PolicyRule>>;
    /// Every rule of the organization and of the platform, in order of their identifiers: what decides reads them whole.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn all(&self, organization: OrganizationId) -> Result<Vec<PolicyRule>>;
    /// How many rules the organization has of its own.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn count(&self, organization: OrganizationId) -> Result<u64>;
    /// How much the organization's own rules are together that are not active.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn inactive_totals(&self, organization: OrganizationId) -> Result<RuleTotals>;
    /// Writes an own rule if its version is unchanged, and raises the version.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not the organization's own.
    async fn update(&self, organization: OrganizationId, changed: &PolicyRule) -> Result<PolicyRule>;
    /// Removes an own rule, if its version is `version`.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not the organization's own.
    async fn delete(&self, organization: OrganizationId, id: RuleId, version: i64) -> Result<()>;
    /// Removes own rules, in batches. Returns how many there were.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn delete_many(&self, organization: OrganizationId, ids: &[RuleId]) -> Result<u64>;
    /// Removes the own rules that the filter lets through. Returns how many there were.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn delete_matching(&self, organization: OrganizationId, filter: &RuleFilter) -> Result<u64>;
    /// Replaces all rules of the organization by these.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn replace_all(&self, organization: OrganizationId, rules: &[PolicyRule]) -> Result<()>;
}

/// The models that rules are read by.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PolicyModelRepository: Send + Sync {
    /// Adds the organization's model.
    ///
    /// # Errors
    /// `Conflict` with code `policy_model_already_there`.
    async fn insert(&self, organization: OrganizationId, new: &PolicyModel) -> Result<()>;
    /// The organization's own model.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(&self, organization: OrganizationId) -> Result<Option<PolicyModel>>;
    /// The organization's own model, else the platform's.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn in_force(&self, organization: OrganizationId) -> Result<Option<PolicyModel>>;
    /// As [`PolicyModelRepository::in_force`], for whoever writes rules that it must fit: until the transaction ends nobody holds
    /// the platform's model to change it, and who does already is waited for.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn in_force_held(&self, organization: OrganizationId) -> Result<Option<PolicyModel>>;
    /// Holds the platform's model to change it: waits for those who write rules by it, and lets nobody begin until the
    /// transaction, which is the platform's, ends. Returns the access versions of all organizations as they are then.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn hold_platforms(&self) -> Result<Vec<(OrganizationId, i64)>>;
    /// Writes the own model if its version is unchanged, and raises the version.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not there.
    async fn update(&self, organization: OrganizationId, changed: &PolicyModel) -> Result<PolicyModel>;
    /// Removes the own model, if its version is `version`.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not there.
    async fn delete(&self, organization: OrganizationId, version: i64) -> Result<()>;
}

/// The things that decisions and searches know.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PolicyEntityRepository: Send + Sync {
    /// Adds several in one batch, all or none.
    ///
    /// # Errors
    /// `Conflict` with code `policy_entity_already_there`.
    async fn insert(&self, organization: OrganizationId, new: &[PolicyEntity]) -> Result<()>;
    /// Adds many in batches, or writes the properties of those that are there; they keep their identifiers, and their
    /// versions rise.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn upsert(&self, organization: OrganizationId, rows: &[PolicyEntity]) -> Result<()>;
    /// The row with this identifier.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(&self, organization: OrganizationId, id: PolicyEntityId) -> Result<Option<PolicyEntity>>;
    /// The entity with this type and identifier.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_by_entity(
        &self,
        organization: OrganizationId,
        entity_type: &str,
        entity_id: &str,
    ) -> Result<Option<PolicyEntity>>;
    /// Several rows at once, in order of their identifiers; those that are not there are missing.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_many(&self, organization: OrganizationId, ids: &[PolicyEntityId]) -> Result<Vec<PolicyEntity>>;
    /// They, or those of one type, in order of their rows' identifiers.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list<'a>(
        &self,
        organization: OrganizationId,
        entity_type: Option<&'a str>,
        page: &PageRequest,
    ) -> Result<Page<PolicyEntity>>;
    /// All of them, in order of their rows' identifiers.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn all(&self, organization: OrganizationId) -> Result<Vec<PolicyEntity>>;
    /// Writes the properties of one if its version is unchanged, and raises the version.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not there.
    async fn update(&self, organization: OrganizationId, changed: &PolicyEntity) -> Result<PolicyEntity>;
    /// Removes one, if its version is `version`.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not there.
    async fn delete(&self, organization: OrganizationId, id: PolicyEntityId, version: i64) -> Result<()>;
    /// Removes many, in batches. Returns how many there were.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn delete_many(&self, organization: OrganizationId, ids: &[PolicyEntityId]) -> Result<u64>;
    /// Replaces all entities of the organization by these.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn replace_all(&self, organization: OrganizationId, rows: &[PolicyEntity]) -> Result<()>;
}

/// Access versions, and what has changed at each of them.
///
/// Whatever changes what decides (roles and who holds them, permissions, memberships, teams, organizations, the catalogue
/// and menus, organization modules, user levels and who has them, rules, models, entities, service accounts and keys) raises
/// the version of its organization in its own transaction: once, however much is changed, and without being asked to.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait AccessChangeRepository: Send + Sync {
    /// The version that this transaction gives its organization, raised now if it was not yet, under a lock held until the
    /// transaction ends. `changes` are noted beside what the transaction's own writes have changed; when there is nothing to
    /// note when the transaction ends, everything is taken to have changed.
    ///
    /// On PostgreSQL raising it also notifies the channel `keystead_access` with `organization version`: a hint, which nobody
    /// may rely on.
    ///
    /// # Errors
    /// `NotFound` when there is no such organization.
    async fn raise(&self, organization: OrganizationId, changes: &[AccessChange]) -> Result<i64>;
    /// The version that this transaction has given the organization and holds; none where it has not raised it.
    fn held(&self, organization: OrganizationId) -> Option<HeldVersion>;
    /// What has changed in the organization, which is the transaction's, after version `after` and up to `until`, if all of that
    /// is still known and no more than `most` changes.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn between(
        &self,
        organization: OrganizationId,
        after: i64,
        until: i64,
        most: u32,
    ) -> Result<Option<Vec<AccessChange>>>;
    /// The organization's version and the platform's; 0 where there never was a change.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn versions(&self, organization: OrganizationId) -> Result<AccessVersions>;
    /// What has changed in the organization after `version`, if that is still known and no more than `most` changes.
    ///
    /// `from` is the transaction's organization; it sees its own changes and the platform's.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn since(
        &self,
        from: OrganizationId,
        organization: OrganizationId,
        version: i64,
        most: u32,
    ) -> Result<ChangesSince>;
}

/// Everything that decides, read for whoever decides. In a unit of work that keeps one picture ([`crate::Store::read`]) what
/// is read is of one moment.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait AccessSnapshotRepository: Send + Sync {
    /// Everything that decides in the organization, in 32 statements at the most, however much it is:
    /// one for each table; without the platform's rows when its version still is `known_platform`.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn load(&self, organization: OrganizationId, known_platform: Option<i64>) -> Result<AccessSnapshot>;
    /// What has changed since the snapshot of these versions was read, if it is known and no more than `most` changes. What
    /// the organization did not change is not read.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn changed(&self, organization: OrganizationId, since: AccessVersions, most: u32) -> Result<SnapshotChange>;
}
