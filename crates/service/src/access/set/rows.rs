//! What an organization has, as a document and with what the document leaves out.

use super::{
    AccessSet, SetEntity, SetFeaturePermission, SetLevel, SetMember, SetModel, SetModule, SetPermission, SetRole,
    SetViewPermission,
};
use crate::access::policy::rules::NewRule;
use keystead_domain::{
    Error, FeatureId, ModuleId, OrganizationId, PageRequest, PermissionId, Result, RoleId, UserLevelId, ViewId,
    access::{AccessSnapshot, Catalogue, PolicyRule},
    organizations::Member,
};
use keystead_store::UnitOfWork;
use std::collections::HashMap;

/// Everything that is exported, as it is kept.
pub(super) struct Rows {
    /// What decides; the rules in it are the active ones only.
    pub(super) snapshot: AccessSnapshot,
    /// What the platform has for everyone.
    pub(super) catalogue: Catalogue,
    /// All own rules.
    pub(super) rules: Vec<PolicyRule>,
    /// All members, with their roles.
    pub(super) members: Vec<Member>,
}

impl Rows {
    pub(super) async fn load(unit: &dyn UnitOfWork, organization: OrganizationId) -> Result<Self> {
        let mut snapshot = unit.access_snapshots().load(organization, None).await?;
        let platform = snapshot.platform.take().ok_or_else(|| Error::internal("the platform was not read"))?;
        // A role of the organization may have permissions of the platform.
        snapshot.policy.permissions.extend(platform.policy.permissions);
        let mut rules = unit.rules().all(organization).await?;
        rules.retain(|rule| rule.organization_id == organization);
        let (mut members, mut request) = (Vec::new(), PageRequest::first(PageRequest::MAX));
        loop {
            let page = unit.memberships().list(organization, &request).await?;
            members.extend(page.items);
            match page.next {
                Some(next) => request.after = Some(next),
                None => return Ok(Self { snapshot, catalogue: platform.catalogue, rules, members }),
            }
        }
    }

    fn own_roles(&self) -> impl Iterator<Item = &keystead_domain::access::Role> {
        let organization = self.snapshot.organization_id;
        let own = self.snapshot.policy.roles.iter();
        own.filter(move |role| role.organization_id == organization && !role.is_builtin)
    }
    pub(super) fn role(&self, name: &str) -> Option<&keystead_domain::access::Role> {
        self.own_roles().find(|role| role.name == name)
    }
    pub(super) fn permission(&self, name: &str) -> Option<&keystead_domain::access::Permission> {
        let organization = self.snapshot.organization_id;
        let mut own = self.snapshot.policy.permissions.iter().filter(|row| row.organization_id == organization);
        own.find(|row| row.name() == name)
    }
    pub(super) fn level(&self, name: &str) -> Option<&keystead_domain::access::UserLevel> {
        self.snapshot.organization.levels.iter().find(|level| level.name == name)
    }

    /// All of it as a document, each list in the order of its names.
    pub(super) fn set(&self) -> AccessSet {
        AccessSet {
            permissions: Some(self.permissions()),
            roles: Some(self.roles()),
            modules: Some(self.modules()),
            user_levels: Some(self.levels()),
            members: Some(self.held()),
            model: Some(SetModel { text: self.snapshot.policy.model.as_ref().map(|model| model.text.clone()) }),
            rules: Some(self.rules.iter().map(NewRule::from).collect()),
            entities: Some(self.entities()),
        }
    }

    fn permissions(&self) -> Vec<SetPermission> {
        let organization = self.snapshot.organization_id;
        let own = self.snapshot.policy.permissions.iter().filter(|row| row.organization_id == organization);
        let own = own.filter(|row| !is_built_in(row));
        in_order(own.map(|row| SetPermission { name: row.name(), description: row.description.clone() }), |one| {
            one.name.clone()
        })
    }

    fn roles(&self) -> Vec<SetRole> {
        let policy = &self.snapshot.policy;
        let names: HashMap<PermissionId, String> = policy.permissions.iter().map(|row| (row.id, row.name())).collect();
        let mut permitted: HashMap<RoleId, Vec<String>> = HashMap::new();
        for (role, permission) in &policy.role_permissions {
            permitted.entry(*role).or_default().extend(names.get(permission).cloned());
        }
        let roles = self.own_roles().map(|role| {
            let mut permissions = permitted.get(&role.id).cloned().unwrap_or_default();
            permissions.sort_unstable();
            SetRole { name: role.name.clone(), description: role.description.clone(), permissions }
        });
        in_order(roles, |one| one.name.clone())
    }

    fn modules(&self) -> Vec<SetModule> {
        let keys: HashMap<ModuleId, &str> =
            self.catalogue.modules.iter().map(|row| (row.id, row.key.as_str())).collect();
        let held = self.snapshot.organization.modules.iter().filter_map(|row| {
            let key = (*keys.get(&row.module_id)?).to_owned();
            Some(SetModule { key, is_active: row.is_active })
        });
        in_order(held, |one| one.key.clone())
    }

    fn levels(&self) -> Vec<SetLevel> {
        let own = &self.snapshot.organization;
        let views: HashMap<ViewId, &str> = self.catalogue.views.iter().map(|row| (row.id, row.key.as_str())).collect();
        let features: HashMap<FeatureId, &str> =
            self.catalogue.features.iter().map(|row| (row.id, row.key.as_str())).collect();
        let mut on_views: HashMap<UserLevelId, Vec<SetViewPermission>> = HashMap::new();
        for row in &own.view_permissions {
            let said = views.get(&row.view_id).map(|view| SetViewPermission {
                view: (*view).to_owned(),
                value: row.value,
                modifiable: row.modifiable,
            });
            on_views.entry(row.user_level_id).or_default().extend(said);
        }
        let mut on_features: HashMap<UserLevelId, Vec<SetFeaturePermission>> = HashMap::new();
        for row in &own.feature_permissions {
            let said = features.get(&row.feature_id).map(|feature| SetFeaturePermission {
                feature: (*feature).to_owned(),
                action: row.action.clone(),
                value: row.value,
                scope: row.scope,
                modifiable: row.modifiable,
            });
            on_features.entry(row.user_level_id).or_default().extend(said);
        }
        let levels = own.levels.iter().map(|level| {
            let mut set = SetLevel {
                name: level.name.clone(),
                description: level.description.clone(),
                views: on_views.remove(&level.id).unwrap_or_default(),
                features: on_features.remove(&level.id).unwrap_or_default(),
            };
            set.views.sort_unstable();
            set.features.sort_unstable();
            set
        });
        in_order(levels, |one| one.name.clone())
    }

    /// What each member holds.
    pub(super) fn held(&self) -> Vec<SetMember> {
        let own = &self.snapshot.organization;
        let names: HashMap<UserLevelId, &str> = own.levels.iter().map(|row| (row.id, row.name.as_str())).collect();
        let mut levels: HashMap<_, Vec<String>> = HashMap::new();
        for (user, level) in &own.assignments {
            levels.entry(*user).or_default().extend(names.get(level).map(|name| (*name).to_owned()));
        }
        let members = self.members.iter().map(|member| {
            let mut user_levels = levels.remove(&member.user.id).unwrap_or_default();
            user_levels.sort_unstable();
            let mut roles: Vec<String> = member.roles.iter().map(|(_, name)| name.clone()).collect();
            roles.sort_unstable();
            SetMember { username: member.user.username.as_str().to_owned(), roles, user_levels }
        });
        in_order(members, |one| one.username.clone())
    }

    fn entities(&self) -> Vec<SetEntity> {
        let entities = self.snapshot.organization.entities.iter().map(|row| SetEntity {
            kind: row.entity_type.clone(),
            id: row.entity_id.clone(),
            properties: row.properties.clone(),
        });
        in_order(entities, |one| (one.kind.clone(), one.id.clone()))
    }
}

/// The platform's organization keeps the built-in ones among its own.
fn is_built_in(row: &keystead_domain::access::Permission) -> bool {
    keystead_domain::access::Action::parse(&row.action).is_some_and(|action| {
        keystead_domain::access::built_in_permission_id(&row.resource, action, row.scope) == row.id
    })
}

fn in_order<T, K: Ord>(items: impl Iterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort_by_cached_key(key);
    items
}
