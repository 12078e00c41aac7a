//! What changes in the world, and how.

use super::{
    rows::{membership, now},
    world::{ACTIONS, PLATFORM_SCOPE, World},
};
use keystead_domain::{
    access::{
        CatalogueLinks, Feature, FeaturePermission, LevelEditor, LevelScope, Module, ModuleFeature, ModuleView,
        OrganizationModule, PermissionValue, PolicyRule, View, ViewPermission,
    },
    organizations::{Membership, MembershipStatus, OrganizationStatus, TeamMember},
};
use keystead_store::UnitOfWork;

/// Something that changes.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    SwitchView(usize),
    SwitchFeature(usize),
    SwitchModule(usize),
    LinkView(usize, usize, bool),
    LinkFeature(usize, usize, bool),
    /// Active, paused, or gone.
    GiveModule(usize, Option<bool>),
    PermitView(usize, usize, Option<PermissionValue>),
    PermitFeature(usize, usize, usize, Option<(PermissionValue, LevelScope)>),
    Assign(usize, Vec<usize>),
    Suspend(usize, bool),
    LeaveOrJoin(usize),
    Archive(bool),
    Team(usize),
    Rule(bool),
}

impl World {
    pub(crate) async fn apply(&self, change: &Change, commits: bool) {
        let of_the_platform = matches!(
            change,
            Change::SwitchView(_)
                | Change::SwitchFeature(_)
                | Change::SwitchModule(_)
                | Change::LinkView(..)
                | Change::LinkFeature(..)
        );
        let unit = self.store.begin(if of_the_platform { PLATFORM_SCOPE } else { self.home() }).await.unwrap();
        if of_the_platform {
            self.apply_to_catalogue(&*unit, change).await;
        } else {
            self.apply_to_organization(&*unit, change).await;
        }
        if commits {
            unit.commit().await.unwrap();
        }
    }

    async fn apply_to_catalogue(&self, unit: &dyn UnitOfWork, change: &Change) {
        let mut links = CatalogueLinks::default();
        let on = match *change {
            Change::SwitchView(view) => {
                let before = unit.views().find(self.views[view]).await.unwrap().unwrap();
                let after = View { is_active: !before.is_active, ..before };
                unit.views().update(&after).await.unwrap();
                return;
            }
            Change::SwitchFeature(feature) => {
                let before = unit.features().find(self.features[feature]).await.unwrap().unwrap();
                let after = Feature { is_active: !before.is_active, ..before };
                unit.features().update(&after).await.unwrap();
                return;
            }
            Change::SwitchModule(module) => {
                let before = unit.modules().find(self.modules[module]).await.unwrap().unwrap();
                let after = Module { is_active: !before.is_active, ..before };
                unit.modules().update(&after).await.unwrap();
                return;
            }
            Change::LinkView(module, view, on) => {
                links.module_views.push(ModuleView { module_id: self.modules[module], view_id: self.views[view] });
                on
            }
            Change::LinkFeature(module, feature, on) => {
                let link = ModuleFeature { module_id: self.modules[module], feature_id: self.features[feature] };
                links.module_features.push(link);
                on
            }
            _ => unreachable!("{change:?}"),
        };
        if on {
            unit.catalogue_links().link(&links, now()).await.unwrap();
        } else {
            unit.catalogue_links().unlink(&links).await.unwrap();
        }
    }

    async fn apply_to_organization(&self, unit: &dyn UnitOfWork, change: &Change) {
        let one = self.one;
        match *change {
            Change::GiveModule(module, state) => {
                let module = self.modules[module];
                let before = unit.organization_modules().find_by_module(one, module).await.unwrap();
                match (state, before) {
                    (Some(is_active), _) => {
                        let row = OrganizationModule {
                            id: self.ids.next(),
                            organization_id: one,
                            module_id: module,
                            is_active,
                            created_at: now(),
                            updated_at: now(),
                            version: 1,
                        };
                        unit.organization_modules().upsert(one, &[row]).await.unwrap();
                    }
                    (None, Some(row)) => {
                        unit.organization_modules().delete(one, row.id, row.version).await.unwrap();
                    }
                    (None, None) => {}
                }
            }
            Change::PermitView(level, view, value) => self.permit_view(unit, level, view, value).await,
            Change::PermitFeature(level, feature, action, value) => {
                self.permit_feature(unit, level, feature, ACTIONS[action], value).await;
            }
            Change::Rule(is_active) => {
                let rule = PolicyRule {
                    id: self.ids.next(),
                    organization_id: one,
                    ptype: "p".to_owned(),
                    values: [Some("a".to_owned()), None, None, None, None, None],
                    priority: None,
                    not_before: None,
                    expires_at: None,
                    is_active,
                    created_by: None,
                    updated_by: None,
                    created_at: now(),
                    updated_at: now(),
                    version: 1,
                };
                unit.rules().insert(one, &[rule]).await.unwrap();
            }
            Change::Archive(archives) => {
                let mut place = unit.organizations().find(one, one).await.unwrap().unwrap();
                place.status = if archives { OrganizationStatus::Archived } else { OrganizationStatus::Active };
                unit.organizations().update(one, &place).await.unwrap();
            }
            _ => self.apply_to_people(unit, change).await,
        }
    }

    async fn apply_to_people(&self, unit: &dyn UnitOfWork, change: &Change) {
        let one = self.one;
        let (Change::Assign(number, _)
        | Change::Suspend(number, _)
        | Change::LeaveOrJoin(number)
        | Change::Team(number)) = change
        else {
            unreachable!("{change:?}")
        };
        let user = self.people[*number];
        let member = unit.memberships().find(one, user).await.unwrap();
        let Some(member) = member else {
            if matches!(change, Change::LeaveOrJoin(_)) {
                unit.memberships().insert(&membership(&self.ids, one, user)).await.unwrap();
            }
            return;
        };
        match change {
            Change::Assign(_, levels) => {
                let levels: Vec<_> = levels.iter().map(|&level| self.levels[level]).collect();
                unit.level_assignments().replace_for_user(one, user, &levels, now()).await.unwrap();
            }
            Change::Suspend(_, suspends) => {
                let status = if *suspends { MembershipStatus::Suspended } else { MembershipStatus::Active };
                let after = Membership { status, ..member.membership };
                unit.memberships().update(one, &after).await.unwrap();
            }
            Change::Team(_) => {
                let place = TeamMember {
                    organization_id: one,
                    team_id: self.team,
                    user_id: user,
                    username: String::new(),
                    created_at: now(),
                };
                if !unit.teams().add_member(one, &place).await.unwrap() {
                    unit.teams().remove_member(one, self.team, user).await.unwrap();
                }
            }
            _ => {
                unit.memberships().delete(one, user).await.unwrap();
            }
        }
    }

    async fn permit_view(&self, unit: &dyn UnitOfWork, level: usize, view: usize, value: Option<PermissionValue>) {
        let (one, level, view, by) = (self.one, self.levels[level], self.views[view], LevelEditor::Platform);
        let before = unit.view_permissions().find_by_view(one, level, view).await.unwrap();
        match (value, before) {
            (Some(value), _) => {
                let row = ViewPermission {
                    id: self.ids.next(),
                    organization_id: one,
                    user_level_id: level,
                    view_id: view,
                    value,
                    modifiable: true,
                    created_at: now(),
                    updated_at: now(),
                    version: 1,
                };
                unit.view_permissions().upsert(one, &[row], by).await.unwrap();
            }
            (None, Some(row)) => unit.view_permissions().delete(one, row.id, row.version, by).await.unwrap(),
            (None, None) => {}
        }
    }

    async fn permit_feature(
        &self,
        unit: &dyn UnitOfWork,
        level: usize,
        feature: usize,
        action: &str,
        value: Option<(PermissionValue, LevelScope)>,
    ) {
        let (one, level, feature, by) = (self.one, self.levels[level], self.features[feature], LevelEditor::Platform);
        let before = unit.feature_permissions().find_by_action(one, level, feature, action).await.unwrap();
        match (value, before) {
            (Some((value, scope)), _) => {
                let row = FeaturePermission {
                    id: self.ids.next(),
                    organization_id: one,
                    user_level_id: level,
                    feature_id: feature,
                    action: action.to_owned(),
                    value,
                    scope,
                    modifiable: true,
                    created_at: now(),
                    updated_at: now(),
                    version: 1,
                };
                unit.feature_permissions().upsert(one, &[row], by).await.unwrap();
            }
            (None, Some(row)) => unit.feature_permissions().delete(one, row.id, row.version, by).await.unwrap(),
            (None, None) => {}
        }
    }
}
