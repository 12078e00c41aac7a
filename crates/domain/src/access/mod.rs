//! Roles and permissions, the product catalogue, user levels, policy rules: all that decides.

mod builtin;
mod catalogue;
mod change;
mod delta;
mod effective;
mod permission;
mod resource;
mod role;
mod rule;
mod snapshot;
mod user_level;

pub use builtin::{ADMIN, BUILT_IN_ROLES, BuiltInRole, MANAGER, USER, built_in_permission_id};
pub use catalogue::{Feature, FeatureView, Module, ModuleFeature, ModuleView, View};
pub use change::{AccessChange, AccessTable, AccessVersions, ChangeOperation, ChangesSince, HeldVersion};
pub use delta::{AccessDelta, SnapshotChange, Touched, Wanted};
pub use effective::{EffectiveFeature, EffectiveView};
pub use permission::{Action, NewPermission, Permission, PermissionScope};
pub use resource::Resource;
pub use role::{Role, RoleAssignment};
pub use rule::{PolicyEntity, PolicyModel, PolicyRule, RULE_VALUES, RuleFilter, RuleTotals, rule_values};
pub use snapshot::{AccessSnapshot, ActiveRule, Catalogue, CatalogueLinks, OrganizationRows, PlatformRows, PolicyRows};
pub use user_level::{
    FeaturePermission, LevelAssignment, LevelEditor, LevelScope, OrganizationModule, PermissionValue, UserLevel,
    ViewPermission,
};
