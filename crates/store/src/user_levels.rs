//! What an organization has of the catalogue, its user levels, and what follows from them. Class T: every method names the
//! organization.

use async_trait::async_trait;
use keystead_domain::{
    FeatureId, FeaturePermissionId, ModuleId, OrganizationId, OrganizationModuleId, Page, PageRequest, Result,
    Timestamp, UserId, UserLevelId, ViewId, ViewPermissionId,
    access::{
        EffectiveFeature, EffectiveView, FeaturePermission, LevelAssignment, LevelEditor, Module, OrganizationModule,
        UserLevel, ViewPermission,
    },
};

/// Which modules an organization has.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait OrganizationModuleRepository: Send + Sync {
    /// Adds several in one batch, all or none.
    ///
    /// # Errors
    /// `Conflict` with code `module_already_there`; `NotFound` when a module is not there.
    async fn insert(&self, organization: OrganizationId, new: &[OrganizationModule]) -> Result<()>;
    /// Adds several in one batch, or writes whether they count where the organization has them already; those keep their
    /// identifiers.
    ///
    /// # Errors
    /// `NotFound` when a module is not there.
    async fn upsert(&self, organization: OrganizationId, rows: &[OrganizationModule]) -> Result<()>;
    /// One of them.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(&self, organization: OrganizationId, id: OrganizationModuleId) -> Result<Option<OrganizationModule>>;
    /// The one with this module.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_by_module(
        &self,
        organization: OrganizationId,
        module: ModuleId,
    ) -> Result<Option<OrganizationModule>>;
    /// They, in order of their identifiers.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<OrganizationModule>>;
    /// The active modules of the catalogue that the organization has and that count, joined in one statement, in order.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn active_modules(&self, organization: OrganizationId) -> Result<Vec<Module>>;
    /// Writes one if its version is unchanged, and raises the version. Its module stays.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not there.
    async fn update(&self, organization: OrganizationId, changed: &OrganizationModule) -> Result<OrganizationModule>;
    /// Removes one, if its version is `version`.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not there.
    async fn delete(&self, organization: OrganizationId, id: OrganizationModuleId, version: i64) -> Result<()>;
}

/// User levels.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait UserLevelRepository: Send + Sync {
    /// Adds several in one batch, all or none.
    ///
    /// # Errors
    /// `Conflict` with code `user_level_name_taken`.
    async fn insert(&self, organization: OrganizationId, new: &[UserLevel]) -> Result<()>;
    /// One of them.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(&self, organization: OrganizationId, id: UserLevelId) -> Result<Option<UserLevel>>;
    /// The one with this name.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_by_name(&self, organization: OrganizationId, name: &str) -> Result<Option<UserLevel>>;
    /// Several at once, in order of their identifiers; those that are not there are missing.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_many(&self, organization: OrganizationId, ids: &[UserLevelId]) -> Result<Vec<UserLevel>>;
    /// They, in order of their identifiers.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<UserLevel>>;
    /// All of them, in order of their identifiers.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn all(&self, organization: OrganizationId) -> Result<Vec<UserLevel>>;
    /// Writes one if its version is unchanged, and raises the version.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not there; `Conflict` as for `insert`.
    async fn update(&self, organization: OrganizationId, changed: &UserLevel) -> Result<UserLevel>;
    /// Removes one, if its version is `version`, with its permissions.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not there; `Conflict` with code `user_level_in_use` while someone has it.
    async fn delete(&self, organization: OrganizationId, id: UserLevelId, version: i64) -> Result<()>;
}

/// What user levels permit on views. What refuses [`LevelEditor::Managers`] is a `Conflict` with code `not_modifiable`.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ViewPermissionRepository: Send + Sync {
    /// Adds several in one batch, all or none.
    ///
    /// # Errors
    /// `Conflict` with code `permission_already_there`; `NotFound` when the user level or a view is not there.
    async fn insert(&self, organization: OrganizationId, new: &[ViewPermission], by: LevelEditor) -> Result<()>;
    /// Adds several in one batch, or writes value and `modifiable` where the user level has one on the view; those keep
    /// their identifiers, and their versions rise.
    ///
    /// # Errors
    /// `NotFound` when the user level or a view is not there.
    async fn upsert(&self, organization: OrganizationId, rows: &[ViewPermission], by: LevelEditor) -> Result<()>;
    /// Replaces everything that a user level permits on views and that the editor may change, in two statements.
    ///
    /// # Errors
    /// `NotFound` when the user level or a view is not there.
    async fn replace_for_level(
        &self,
        organization: OrganizationId,
        level: UserLevelId,
        rows: &[ViewPermission],
        by: LevelEditor,
    ) -> Result<()>;
    /// One of them.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(&self, organization: OrganizationId, id: ViewPermissionId) -> Result<Option<ViewPermission>>;
    /// That of a user level on a view.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_by_view(
        &self,
        organization: OrganizationId,
        level: UserLevelId,
        view: ViewId,
    ) -> Result<Option<ViewPermission>>;
    /// They, in order of their identifiers.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<ViewPermission>>;
    /// All those of several user levels, in one statement, in order of level and view.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn of_levels(&self, organization: OrganizationId, levels: &[UserLevelId]) -> Result<Vec<ViewPermission>>;
    /// All of them, in order of level and view.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn all(&self, organization: OrganizationId) -> Result<Vec<ViewPermission>>;
    /// Writes value and `modifiable` of one if its version is unchanged, and raises the version.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed, is not there or is of another user level.
    async fn update(
        &self,
        organization: OrganizationId,
        changed: &ViewPermission,
        by: LevelEditor,
    ) -> Result<ViewPermission>;
    /// Removes one, if its version is `version`.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not there.
    async fn delete(
        &self,
        organization: OrganizationId,
        id: ViewPermissionId,
        version: i64,
        by: LevelEditor,
    ) -> Result<()>;
}

/// What user levels permit on features. What refuses [`LevelEditor::Managers`] is a `Conflict` with code `not_modifiable`.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait FeaturePermissionRepository: Send + Sync {
    /// Adds several in one batch, all or none.
    ///
    /// # Errors
    /// `Conflict` with code `permission_already_there`; `NotFound` when the user level or a feature is not there.
    async fn insert(&self, organization: OrganizationId, new: &[FeaturePermission], by: LevelEditor) -> Result<()>;
    /// Adds several in one batch, or writes value, scope and `modifiable` where the user level has one on the feature's
    /// action; those keep their identifiers, and their versions rise.
    ///
    /// # Errors
    /// `NotFound` when the user level or a feature is not there.
    async fn upsert(&self, organization: OrganizationId, rows: &[FeaturePermission], by: LevelEditor) -> Result<()>;
    /// Replaces everything that a user level permits on features and that the editor may change, in two statements.
    ///
    /// # Errors
    /// `NotFound` when the user level or a feature is not there.
    async fn replace_for_level(
        &self,
        organization: OrganizationId,
        level: UserLevelId,
        rows: &[FeaturePermission],
        by: LevelEditor,
    ) -> Result<()>;
    /// One of them.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(&self, organization: OrganizationId, id: FeaturePermissionId) -> Result<Option<FeaturePermission>>;
    /// That of a user level on a feature's action.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_by_action(
        &self,
        organization: OrganizationId,
        level: UserLevelId,
        feature: FeatureId,
        action: &str,
    ) -> Result<Option<FeaturePermission>>;
    /// They, in order of their identifiers.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<FeaturePermission>>;
    /// All those of several user levels, in one statement, in order of level, feature and action.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn of_levels(&self, organization: OrganizationId, levels: &[UserLevelId]) -> Result<Vec<FeaturePermission>>;
    /// All of them, in order of level, feature and action.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn all(&self, organization: OrganizationId) -> Result<Vec<FeaturePermission>>;
    /// Writes value, scope and `modifiable` of one if its version is unchanged, and raises the version.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed, is not there or is of another user level.
    async fn update(
        &self,
        organization: OrganizationId,
        changed: &FeaturePermission,
        by: LevelEditor,
    ) -> Result<FeaturePermission>;
    /// Removes one, if its version is `version`.
    ///
    /// # Errors
    /// `PreconditionFailed` when it has changed or is not there.
    async fn delete(
        &self,
        organization: OrganizationId,
        id: FeaturePermissionId,
        version: i64,
        by: LevelEditor,
    ) -> Result<()>;
}

/// Who has which user levels.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait LevelAssignmentRepository: Send + Sync {
    /// Gives levels to members in one batch; what someone has already is left as it is. Returns how many were given.
    ///
    /// # Errors
    /// `NotFound` when a member or a user level is not there.
    async fn insert(&self, organization: OrganizationId, new: &[LevelAssignment]) -> Result<u64>;
    /// That a member has a level.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find(
        &self,
        organization: OrganizationId,
        user: UserId,
        level: UserLevelId,
    ) -> Result<Option<LevelAssignment>>;
    /// Who has a level, in order of their identifiers.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list(
        &self,
        organization: OrganizationId,
        level: UserLevelId,
        page: &PageRequest,
    ) -> Result<Page<LevelAssignment>>;
    /// All of them, in order of person and level.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn all(&self, organization: OrganizationId) -> Result<Vec<LevelAssignment>>;
    /// The levels of a member, joined in one statement, in order of their names.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn levels_of(&self, organization: OrganizationId, user: UserId) -> Result<Vec<UserLevel>>;
    /// Those of several members, in one statement, in order of person and level.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn of_users(&self, organization: OrganizationId, users: &[UserId]) -> Result<Vec<LevelAssignment>>;
    /// Replaces the levels of a member, in two statements.
    ///
    /// # Errors
    /// `NotFound` when the member or a level is not there.
    async fn replace_for_user(
        &self,
        organization: OrganizationId,
        user: UserId,
        levels: &[UserLevelId],
        now: Timestamp,
    ) -> Result<()>;
    /// Takes a level from a member. Returns whether they had it.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn delete(&self, organization: OrganizationId, user: UserId, level: UserLevelId) -> Result<bool>;
}

/// What was worked out for each person. Rows of another access version than the current one, and those that have expired,
/// are not read.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait EffectivePermissionRepository: Send + Sync {
    /// Keeps what was worked out for views, in batches; what was there for the same person and view is overwritten.
    ///
    /// # Errors
    /// `NotFound` when a member or a view is not there.
    async fn store_views(&self, organization: OrganizationId, rows: &[EffectiveView]) -> Result<()>;
    /// Keeps what was worked out for features, in batches; what was there for the same person, feature and action is
    /// overwritten.
    ///
    /// # Errors
    /// `NotFound` when a member or a feature is not there.
    async fn store_features(&self, organization: OrganizationId, rows: &[EffectiveFeature]) -> Result<()>;
    /// What counts for a person's views at `now`, in order of the views.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn views(&self, organization: OrganizationId, user: UserId, now: Timestamp) -> Result<Vec<EffectiveView>>;
    /// What counts for what a person may do at `now`, in order of feature and action.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn features(
        &self,
        organization: OrganizationId,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<EffectiveFeature>>;
    /// What counts for a person and a view at `now`. None: ask whoever decides.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_view(
        &self,
        organization: OrganizationId,
        user: UserId,
        view: ViewId,
        now: Timestamp,
    ) -> Result<Option<EffectiveView>>;
    /// What counts for a person, a feature and an action at `now`. None: ask whoever decides.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn find_feature(
        &self,
        organization: OrganizationId,
        user: UserId,
        feature: FeatureId,
        action: &str,
        now: Timestamp,
    ) -> Result<Option<EffectiveFeature>>;
    /// A page of what is kept for views in the organization, current or not, in order of person and view. The page key is
    /// `user/view`.
    ///
    /// # Errors
    /// `Invalid` for a page key that is none.
    async fn list_views(&self, organization: OrganizationId, page: &PageRequest) -> Result<Page<EffectiveView>>;
    /// Forgets what was worked out for a person. Returns how many rows there were.
    ///
    /// # Errors
    /// Only when the store fails.
    async fn delete_for_user(&self, organization: OrganizationId, user: UserId) -> Result<u64>;
}
