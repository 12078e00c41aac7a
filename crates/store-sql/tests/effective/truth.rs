//! The truth, as slowly and plainly as it can be said: it asks the rows about one person, one thing and one kind of resource.

use keystead_domain::{
    FeatureId, OrganizationId, UserId, ViewId,
    access::{LevelScope, PermissionValue, ViewPermission},
    organizations::{MembershipStatus, OrganizationStatus},
};
use keystead_store::UnitOfWork;

/// How a resource stands to a person.
pub(crate) const KINDS: [LevelScope; 3] = [LevelScope::Own, LevelScope::Team, LevelScope::Organization];

/// Whether a scope reaches resources of a kind: each reaches those of the narrower ones, too.
pub(crate) fn reaches(scope: LevelScope, kind: LevelScope) -> bool {
    match scope {
        LevelScope::Own => kind == LevelScope::Own,
        LevelScope::Team => kind != LevelScope::Organization,
        LevelScope::Organization => true,
    }
}

/// Asks the rows of one organization.
pub(crate) struct Truth<'u> {
    pub(crate) unit: &'u dyn UnitOfWork,
    pub(crate) organization: OrganizationId,
}

impl Truth<'_> {
    /// Whether somebody is an active member of the organization, which is active.
    pub(crate) async fn is_here(&self, user: UserId) -> bool {
        let place = self.unit.organizations().find(self.organization, self.organization).await.unwrap().unwrap();
        let member = self.unit.memberships().find(self.organization, user).await.unwrap();
        place.status == OrganizationStatus::Active
            && member.is_some_and(|member| member.membership.status == MembershipStatus::Active)
    }

    async fn view_is_reachable(&self, view: ViewId) -> bool {
        let mut in_a_module = false;
        for module in self.unit.organization_modules().active_modules(self.organization).await.unwrap() {
            let views = self.unit.catalogue_links().views_of_module(module.id).await.unwrap();
            in_a_module |= views.iter().any(|other| other.id == view);
        }
        in_a_module && self.unit.views().find(view).await.unwrap().is_some_and(|view| view.is_active)
    }

    async fn feature_is_reachable(&self, feature: FeatureId) -> bool {
        let mut in_a_module = false;
        for module in self.unit.organization_modules().active_modules(self.organization).await.unwrap() {
            let features = self.unit.catalogue_links().features_of_module(module.id).await.unwrap();
            in_a_module |= features.iter().any(|other| other.id == feature);
        }
        in_a_module && self.unit.features().find(feature).await.unwrap().is_some_and(|feature| feature.is_active)
    }

    /// What the person's levels say about a view.
    async fn said_about_view(&self, user: UserId, view: ViewId) -> Vec<ViewPermission> {
        let mut said = Vec::new();
        for level in self.unit.level_assignments().levels_of(self.organization, user).await.unwrap() {
            said.extend(self.unit.view_permissions().find_by_view(self.organization, level.id, view).await.unwrap());
        }
        said
    }

    /// Whether a person sees a view.
    pub(crate) async fn sees(&self, user: UserId, view: ViewId) -> bool {
        let said = self.said_about_view(user, view).await;
        self.is_here(user).await
            && self.view_is_reachable(view).await
            && said.iter().any(|row| row.value == PermissionValue::Allow)
            && !said.iter().any(|row| row.value == PermissionValue::Deny)
    }

    /// Whether a person may do something with a resource of a kind.
    pub(crate) async fn may(&self, user: UserId, feature: FeatureId, action: &str, kind: LevelScope) -> bool {
        let mut said = Vec::new();
        for level in self.unit.level_assignments().levels_of(self.organization, user).await.unwrap() {
            let found =
                self.unit.feature_permissions().find_by_action(self.organization, level.id, feature, action).await;
            said.extend(found.unwrap().filter(|row| reaches(row.scope, kind)));
        }
        self.is_here(user).await
            && self.feature_is_reachable(feature).await
            && said.iter().any(|row| row.value == PermissionValue::Allow)
            && !said.iter().any(|row| row.value == PermissionValue::Deny)
    }
}
