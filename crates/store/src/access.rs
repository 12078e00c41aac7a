//! Roles and permissions. Class T+: an organization sees its own and the platform's.

use async_trait::async_trait;
use keystead_domain::{
    Grant, OrganizationId, Page, PageRequest, PermissionId, Result, RoleId, Timestamp, UserId,
    access::{Permission, Role, RoleAssignment},
};

/// Roles, what they permit, and who holds them.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait RoleRepository: Send + Sync {
    /// Adds one.
    ///
    /// # Errors
    /// `Conflict` with code `role_name_taken`.
    async fn insert(&self, role: &Role) -> Result<()>;
    /// One role of the organization or of the platform.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(&self, organization: OrganizationId, id: RoleId) -> Result<Option<Role>>;
    /// Several roles at once; those that are not seen are missing.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_many(&self, organization: OrganizationId, ids: &[RoleId]) -> Result<Vec<Role>>;
    /// The roles of the organization and of the platform, in order of their identifiers.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<Role>>;
    /// Writes an own role if the version is unchanged, and raises the version.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not the organization's own; `Conflict` as for [`RoleRepository::insert`].
    async fn update(&self, organization: OrganizationId, role: &Role) -> Result<Role>;
    /// Removes an own role, if its version is `version`, with what it permits.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not the organization's own; `Conflict` with code `role_in_use` while someone holds it or an invitation names it.
    async fn delete(&self, organization: OrganizationId, id: RoleId, version: i64) -> Result<()>;

    /// What each of the roles permits, in one statement. `organization` is where they are seen from.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn permissions(&self, organization: OrganizationId, roles: &[RoleId]) -> Result<Vec<(RoleId, Permission)>>;
    /// Replaces what an own role permits, in one batch.
    ///
    /// # Errors
    /// `NotFound` when a permission is not seen from the organization.
    async fn replace_permissions(
        &self,
        organization: OrganizationId,
        role: RoleId,
        permissions: &[PermissionId],
        now: Timestamp,
    ) -> Result<()>;
    /// Those of `roles` that count in the organization, each with what it permits.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn grants(&self, organization: OrganizationId, roles: &[RoleId]) -> Result<Vec<Grant>>;

    /// Replaces the roles that a member holds, in one batch.
    ///
    /// # Errors
    /// `NotFound` when the person is no member.
    async fn replace_held(&self, organization: OrganizationId, user: UserId, roles: &[RoleAssignment]) -> Result<()>;

    /// As [`AccessChangeRepository::raise`](crate::AccessChangeRepository::raise) without changes of its own.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn raise_version(&self, organization: OrganizationId) -> Result<i64>;

    /// How many roles the organization has of its own, without those that it inherits.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn count_own(&self, organization: OrganizationId) -> Result<u64>;
}

/// Permissions.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PermissionRepository: Send + Sync {
    /// Adds several in one batch; those whose name is there already are left as they are. Returns how many were added.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn insert(&self, organization: OrganizationId, permissions: &[Permission]) -> Result<u64>;
    /// One permission of the organization or of the platform.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(&self, organization: OrganizationId, id: PermissionId) -> Result<Option<Permission>>;
    /// Several at once; those that are not seen are missing.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_many(&self, organization: OrganizationId, ids: &[PermissionId]) -> Result<Vec<Permission>>;
    /// Those of the organization and of the platform, in order of their identifiers.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<Permission>>;
    /// Removes an own permission. Returns whether there was one.
    ///
    /// # Errors
    /// `Conflict` with code `permission_in_use` while a role has it.
    async fn delete(&self, organization: OrganizationId, id: PermissionId) -> Result<bool>;
    /// How many the organization has of its own, without those that it inherits.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn count_own(&self, organization: OrganizationId) -> Result<u64>;
}
