//! The repositories of everything that decides but roles: all of them are the unit of work itself.

use super::SqlUnitOfWork;
use keystead_store::{
    AccessChangeRepository, AccessRepositories, AccessSnapshotRepository, ApiKeyRepository, CatalogueLinkRepository,
    EffectivePermissionRepository, FeaturePermissionRepository, FeatureRepository, LevelAssignmentRepository,
    MenuRepository, ModuleRepository, OrganizationModuleRepository, PolicyEntityRepository, PolicyModelRepository,
    RuleRepository, ServiceAccountRepository, TrailRepository, UserLevelRepository, ViewPermissionRepository,
    ViewRepository,
};

macro_rules! repositories {
    ($($name:ident: $repository:ident),+ $(,)?) => {
        impl AccessRepositories for SqlUnitOfWork {
            $(fn $name(&self) -> &dyn $repository {
                self
            })+
        }
    };
}
repositories! {
    views: ViewRepository,
    modules: ModuleRepository,
    features: FeatureRepository,
    catalogue_links: CatalogueLinkRepository,
    organization_modules: OrganizationModuleRepository,
    user_levels: UserLevelRepository,
    view_permissions: ViewPermissionRepository,
    feature_permissions: FeaturePermissionRepository,
    level_assignments: LevelAssignmentRepository,
    effective_permissions: EffectivePermissionRepository,
    menus: MenuRepository,
    trail: TrailRepository,
    rules: RuleRepository,
    policy_models: PolicyModelRepository,
    policy_entities: PolicyEntityRepository,
    access_changes: AccessChangeRepository,
    access_snapshots: AccessSnapshotRepository,
    service_accounts: ServiceAccountRepository,
    api_keys: ApiKeyRepository,
}
