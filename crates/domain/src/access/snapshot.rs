//! Everything that decides in an organization, as it is read for whoever decides: rows, and nothing worked out from them.

use super::{
    AccessVersions, Feature, FeaturePermission, FeatureView, Module, ModuleFeature, ModuleView, OrganizationModule,
    Permission, PolicyEntity, PolicyModel, RULE_VALUES, Role, UserLevel, View, ViewPermission,
};
use crate::{
    OrganizationId, PermissionId, RoleId, RuleId, TeamId, Timestamp, UserId, UserLevelId,
    accounts::ServiceAccount,
    navigation::{MenuItem, SubMenuItem},
    organizations::{Membership, Organization, Team},
};
use serde::{Deserialize, Serialize};

/// An active policy rule, without what only its editors need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveRule {
    /// Its identifier.
    pub id: RuleId,
    /// What kind of line it is.
    pub ptype: String,
    /// Its values, in order.
    pub values: [Option<String>; RULE_VALUES],
    /// The smaller, the earlier, where the model orders rules.
    pub priority: Option<i32>,
    /// It does not count before.
    pub not_before: Option<Timestamp>,
    /// It no longer counts from then on.
    pub expires_at: Option<Timestamp>,
}

/// What every organization inherits when it is the platform's. Each list is in the order of its identifiers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyRows {
    /// Roles.
    pub roles: Vec<Role>,
    /// Permissions.
    pub permissions: Vec<Permission>,
    /// Which permissions the roles have.
    pub role_permissions: Vec<(RoleId, PermissionId)>,
    /// Active policy rules.
    pub rules: Vec<ActiveRule>,
    /// The policy model, where there is one.
    pub model: Option<PolicyModel>,
}

/// What only the organization itself has. Each list is in the order of its identifiers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrganizationRows {
    /// The organization.
    pub organization: Option<Organization>,
    /// Memberships, in the order of the persons.
    pub memberships: Vec<Membership>,
    /// Who holds which roles.
    pub user_roles: Vec<(UserId, RoleId)>,
    /// Teams.
    pub teams: Vec<Team>,
    /// Who is in which team.
    pub team_members: Vec<(TeamId, UserId)>,
    /// Modules that it has, in the order of the modules.
    pub modules: Vec<OrganizationModule>,
    /// User levels.
    pub levels: Vec<UserLevel>,
    /// What user levels permit on views, in the order of level and view.
    pub view_permissions: Vec<ViewPermission>,
    /// What user levels permit on features, in the order of level, feature and action.
    pub feature_permissions: Vec<FeaturePermission>,
    /// Who has which user levels.
    pub assignments: Vec<(UserId, UserLevelId)>,
    /// Policy entities.
    pub entities: Vec<PolicyEntity>,
    /// Service accounts.
    pub service_accounts: Vec<ServiceAccount>,
    /// Whose account is not active, wherever they belong. Read for the platform only, which has all accounts.
    pub closed_accounts: Vec<UserId>,
}

/// Every link of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CatalogueLinks {
    /// In which views features are.
    pub feature_views: Vec<FeatureView>,
    /// Which views modules have.
    pub module_views: Vec<ModuleView>,
    /// Which features modules have.
    pub module_features: Vec<ModuleFeature>,
}

/// The whole catalogue, with the menu. Each list is in the order of its identifiers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// Views.
    pub views: Vec<View>,
    /// Modules.
    pub modules: Vec<Module>,
    /// Features.
    pub features: Vec<Feature>,
    /// What belongs together.
    pub links: CatalogueLinks,
    /// Menu items of the first level.
    pub menu_items: Vec<MenuItem>,
    /// Menu items of the second level.
    pub sub_menu_items: Vec<SubMenuItem>,
}

/// What the platform has for everyone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlatformRows {
    /// What is inherited.
    pub policy: PolicyRows,
    /// The catalogue.
    pub catalogue: Catalogue,
}

/// Everything that decides in one organization, at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessSnapshot {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The access versions of that moment.
    pub versions: AccessVersions,
    /// What the organization has of its own of what can be inherited.
    pub policy: PolicyRows,
    /// What only the organization itself has.
    pub organization: OrganizationRows,
    /// What it has from the platform. None when whoever asked has it at this version.
    pub platform: Option<PlatformRows>,
}
