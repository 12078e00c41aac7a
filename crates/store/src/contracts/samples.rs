//! Samples of all that decides but roles.

use super::ground::{Ground, Two};
use keystead_domain::{
    FeatureId, ModuleId, OrganizationId, PLATFORM, Scope, ServiceAccountId, UserId, UserLevelId, ViewId,
    access::{
        Feature, FeaturePermission, LevelAssignment, LevelScope, Module, OrganizationModule, PermissionValue,
        PolicyEntity, PolicyModel, PolicyRule, RULE_VALUES, UserLevel, View, ViewPermission,
    },
    accounts::ServiceAccount,
    navigation::{MenuItem, SubMenuItem},
};
use serde_json::json;

/// Where the catalogue is written.
pub(super) const PLATFORM_SCOPE: Scope = Scope::organization(PLATFORM);

impl Two {
    /// The second one's own member.
    pub(super) fn elsewhere(&self) -> Scope {
        Scope::person(self.other, self.eve)
    }
    /// From where, and in whose name, what is of no one but the organization is not written.
    pub(super) fn everywhere_else(&self) -> Vec<Scope> {
        let nobody = Scope { organization: None, user: Some(self.eve) };
        vec![self.home(), Scope::organization(self.one), self.elsewhere(), nobody, Scope::NONE]
    }
}

impl Ground {
    pub(super) fn sample_view(&self, key: &str) -> View {
        let now = self.now();
        View {
            id: self.id(),
            key: key.to_owned(),
            name: format!("Ansicht {key} 日本 😀"),
            description: Some("Was & wann?\n'%_".to_owned()),
            path: Some(format!("/{key}/:id?x=1")),
            icon: Some("eye".to_owned()),
            is_active: true,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }
    pub(super) fn sample_module(&self, key: &str) -> Module {
        let now = self.now();
        Module {
            id: self.id(),
            key: key.to_owned(),
            name: format!("Module {key} 日本"),
            description: Some("Was & wann?\n'%_".to_owned()),
            icon: Some("box".to_owned()),
            order_index: -7,
            is_active: true,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }
    pub(super) fn sample_feature(&self, key: &str) -> Feature {
        let now = self.now();
        Feature {
            id: self.id(),
            key: key.to_owned(),
            name: format!("Feature {key} 日本"),
            description: Some("Was & wann?\n'%_".to_owned()),
            is_active: true,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }
    pub(super) async fn view(&self, key: &str) -> ViewId {
        let new = [self.sample_view(key)];
        change!(self, PLATFORM_SCOPE, |unit| unit.views().insert(&new));
        new[0].id
    }
    pub(super) async fn module(&self, key: &str) -> ModuleId {
        let new = [self.sample_module(key)];
        change!(self, PLATFORM_SCOPE, |unit| unit.modules().insert(&new));
        new[0].id
    }
    pub(super) async fn feature(&self, key: &str) -> FeatureId {
        let new = [self.sample_feature(key)];
        change!(self, PLATFORM_SCOPE, |unit| unit.features().insert(&new));
        new[0].id
    }

    pub(super) fn sample_menu_item(&self, key: &str, order_index: i32) -> MenuItem {
        let now = self.now();
        MenuItem {
            id: self.id(),
            key: key.to_owned(),
            name: format!("Menü {key}"),
            description: Some("Was?".to_owned()),
            path: Some(format!("/{key}")),
            icon: Some("list".to_owned()),
            view_id: None,
            order_index,
            is_active: true,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }
    pub(super) fn sample_sub_menu_item(&self, above: &MenuItem, key: &str, order_index: i32) -> SubMenuItem {
        let now = self.now();
        SubMenuItem {
            id: self.id(),
            menu_item_id: above.id,
            key: key.to_owned(),
            name: format!("Darunter {key}"),
            description: None,
            path: None,
            icon: None,
            view_id: None,
            order_index,
            is_active: true,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }

    pub(super) fn sample_organization_module(
        &self,
        organization_id: OrganizationId,
        module_id: ModuleId,
    ) -> OrganizationModule {
        let now = self.now();
        OrganizationModule {
            id: self.id(),
            organization_id,
            module_id,
            is_active: true,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }
    /// Gives an organization a module.
    pub(super) async fn has_module(&self, organization: OrganizationId, module: ModuleId) -> OrganizationModule {
        let new = self.sample_organization_module(organization, module);
        let batch = [new.clone()];
        let scope = Scope::organization(organization);
        change!(self, scope, |unit| unit.organization_modules().insert(organization, &batch));
        new
    }

    pub(super) fn sample_level(&self, organization_id: OrganizationId, name: &str) -> UserLevel {
        let now = self.now();
        UserLevel {
            id: self.id(),
            organization_id,
            name: name.to_owned(),
            description: Some("Wer was darf 😀".to_owned()),
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }
    pub(super) async fn level(&self, organization: OrganizationId, name: &str) -> UserLevelId {
        let new = [self.sample_level(organization, name)];
        change!(self, Scope::organization(organization), |unit| unit.user_levels().insert(organization, &new));
        new[0].id
    }
    pub(super) fn sample_view_permission(
        &self,
        organization_id: OrganizationId,
        user_level_id: UserLevelId,
        view_id: ViewId,
    ) -> ViewPermission {
        let now = self.now();
        ViewPermission {
            id: self.id(),
            organization_id,
            user_level_id,
            view_id,
            value: PermissionValue::Allow,
            modifiable: true,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }
    pub(super) fn sample_feature_permission(
        &self,
        organization_id: OrganizationId,
        user_level_id: UserLevelId,
        feature_id: FeatureId,
        action: &str,
    ) -> FeaturePermission {
        let now = self.now();
        FeaturePermission {
            id: self.id(),
            organization_id,
            user_level_id,
            feature_id,
            action: action.to_owned(),
            value: PermissionValue::Allow,
            scope: LevelScope::Team,
            modifiable: true,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }
    pub(super) fn sample_assignment(
        &self,
        organization_id: OrganizationId,
        user_id: UserId,
        user_level_id: UserLevelId,
    ) -> LevelAssignment {
        LevelAssignment { organization_id, user_id, user_level_id, created_at: self.now() }
    }
    pub(super) async fn assign(&self, organization: OrganizationId, user: UserId, level: UserLevelId) {
        let new = [self.sample_assignment(organization, user, level)];
        let scope = Scope::organization(organization);
        change!(self, scope, |unit| unit.level_assignments().insert(organization, &new));
    }

    pub(super) fn sample_rule(&self, organization_id: OrganizationId, ptype: &str, values: &[&str]) -> PolicyRule {
        let now = self.now();
        let mut own: [Option<String>; RULE_VALUES] = Default::default();
        for (place, value) in own.iter_mut().zip(values) {
            *place = Some((*value).to_owned());
        }
        PolicyRule {
            id: self.id(),
            organization_id,
            ptype: ptype.to_owned(),
            values: own,
            priority: None,
            not_before: None,
            expires_at: None,
            is_active: true,
            created_by: None,
            updated_by: None,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }
    pub(super) fn sample_model(&self, organization_id: OrganizationId) -> PolicyModel {
        let now = self.now();
        PolicyModel {
            id: self.id(),
            organization_id,
            text: "[request_definition]\r\nr = sub, dom, obj, act\n# Bemerkung 日本 😀 'x' \"y\"\n".to_owned(),
            created_by: Some("user:ada".to_owned()),
            updated_by: None,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }
    pub(super) fn sample_entity(
        &self,
        organization_id: OrganizationId,
        entity_type: &str,
        entity_id: &str,
    ) -> PolicyEntity {
        let now = self.now();
        PolicyEntity {
            id: self.id(),
            organization_id,
            entity_type: entity_type.to_owned(),
            entity_id: entity_id.to_owned(),
            properties: json!({ "status": "open" }),
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }
    pub(super) fn sample_service_account(&self, organization_id: OrganizationId, name: &str) -> ServiceAccount {
        let now = self.now();
        ServiceAccount {
            id: self.id(),
            organization_id,
            name: name.to_owned(),
            description: Some("Fragt 日本".to_owned()),
            is_active: true,
            created_by: Some("user:ada".to_owned()),
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }
    pub(super) async fn service_account(&self, organization: OrganizationId, name: &str) -> ServiceAccountId {
        let new = [self.sample_service_account(organization, name)];
        change!(self, Scope::organization(organization), |unit| unit.service_accounts().insert(organization, &new));
        new[0].id
    }
}
