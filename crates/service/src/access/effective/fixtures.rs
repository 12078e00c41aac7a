//! An organization with modules, user levels, teams and people, for tests; and the naive answers to what they may do.

use crate::testing::{deciding_rows, grant, now, organization, user};
use keystead_domain::{
    FeatureId, FeaturePermissionId, ModuleId, OrganizationId, OrganizationModuleId, PLATFORM, TeamId, UserLevelId,
    ViewId, ViewPermissionId,
    access::{
        AccessSnapshot, ActiveRule, Catalogue, Feature, FeaturePermission, LevelScope, Module, ModuleFeature,
        ModuleView, OrganizationModule, PermissionValue, PlatformRows, USER, UserLevel, View, ViewPermission,
    },
    organizations::Team,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What is done with features.
pub(crate) const ACTIONS: [&str; 3] = ["read", "write", "view"];
/// How many people, levels, modules, views, features and teams there are.
pub(crate) const MANY: usize = 3;

pub(crate) fn id<I: From<Uuid>>(number: usize) -> I {
    Uuid::from_u128(0x5000 + number as u128).into()
}

/// Whose a thing is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Owner {
    Self_,
    /// Somebody in the same team; the person where there is none.
    Colleague,
    Somebody,
}

/// Who has what. The person `n` is `user(n)`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entitled {
    pub(crate) closed_views: BTreeSet<usize>,
    pub(crate) closed_features: BTreeSet<usize>,
    pub(crate) closed_modules: BTreeSet<usize>,
    /// Module and view.
    pub(crate) views: BTreeSet<(usize, usize)>,
    /// Module and feature.
    pub(crate) features: BTreeSet<(usize, usize)>,
    /// The modules that the organization has, and whether they count.
    pub(crate) modules: BTreeMap<usize, bool>,
    /// By level and view.
    pub(crate) on_views: BTreeMap<(usize, usize), PermissionValue>,
    /// By level, feature and action.
    pub(crate) on_features: BTreeMap<(usize, usize, usize), (PermissionValue, LevelScope)>,
    /// Person and level.
    pub(crate) held: BTreeSet<(usize, usize)>,
    /// Team and person.
    pub(crate) teams: BTreeSet<(usize, usize)>,
    /// Rules, of which the naive answers know nothing.
    pub(crate) rules: Vec<ActiveRule>,
}

fn set<T: Ord>(all: &mut BTreeSet<T>, one: T, is_in: bool) {
    if is_in {
        all.insert(one);
    } else {
        all.remove(&one);
    }
}

impl Entitled {
    fn reaches(&self, links: &BTreeSet<(usize, usize)>, thing: usize) -> bool {
        links.iter().any(|(module, linked)| {
            *linked == thing && !self.closed_modules.contains(module) && self.modules.get(module) == Some(&true)
        })
    }
    pub(crate) fn reaches_view(&self, view: usize) -> bool {
        !self.closed_views.contains(&view) && self.reaches(&self.views, view)
    }
    pub(crate) fn reaches_feature(&self, feature: usize) -> bool {
        !self.closed_features.contains(&feature) && self.reaches(&self.features, feature)
    }
    /// Whether a person sees a view.
    pub(crate) fn sees(&self, person: usize, view: usize) -> bool {
        let says: Vec<_> = (0..MANY)
            .filter(|level| self.held.contains(&(person, *level)))
            .filter_map(|level| self.on_views.get(&(level, view)))
            .collect();
        self.reaches_view(view) && !says.contains(&&PermissionValue::Deny) && !says.is_empty()
    }
    /// Whether a person may do something with a feature, of what belongs to `owner`.
    pub(crate) fn may(&self, person: usize, feature: usize, action: usize, owner: Owner) -> bool {
        let is_in_a_team = self.teams.iter().any(|(_, member)| *member == person);
        let covers = |scope: LevelScope| match (scope, owner) {
            (LevelScope::Organization, _) | (_, Owner::Self_) => true,
            (LevelScope::Own, Owner::Colleague) => !is_in_a_team,
            (LevelScope::Team, Owner::Colleague) => true,
            (LevelScope::Own | LevelScope::Team, Owner::Somebody) => false,
        };
        let says: Vec<_> = (0..MANY)
            .filter(|level| self.held.contains(&(person, *level)))
            .filter_map(|level| self.on_features.get(&(level, feature, action)))
            .filter(|(_, scope)| covers(*scope))
            .map(|(value, _)| *value)
            .collect();
        self.reaches_feature(feature) && !says.contains(&PermissionValue::Deny) && !says.is_empty()
    }
    /// Whether any level says something of this.
    pub(crate) fn is_said(&self, feature: usize, action: usize) -> bool {
        (0..MANY).any(|level| self.on_features.contains_key(&(level, feature, action)))
    }

    /// The rows of the organization 1, whose members the people are.
    pub(crate) fn rows(&self) -> AccessSnapshot {
        self.rows_of(organization(1))
    }

    pub(crate) fn rows_of(&self, organization_id: OrganizationId) -> AccessSnapshot {
        let (created_at, updated_at, version) = (now(), now(), 1);
        let members: Vec<_> = (0..MANY).map(|person| (user(person as u128), vec![])).collect();
        let mut rows = deciding_rows(organization_id, &members);
        let own = &mut rows.organization;
        let module = |(module, is_active): (&usize, &bool)| {
            let (id, module_id): (OrganizationModuleId, ModuleId) = (id(*module), id(*module));
            let is_active = *is_active;
            OrganizationModule { id, organization_id, module_id, is_active, created_at, updated_at, version }
        };
        own.modules = self.modules.iter().map(module).collect();
        let level = |level: usize| {
            let (id, name, description): (UserLevelId, _, _) = (id(level), format!("Level {level}"), None);
            UserLevel { id, organization_id, name, description, created_at, updated_at, version }
        };
        own.levels = (0..MANY).map(level).collect();
        let on_view = |((level, view), value): (&(usize, usize), &PermissionValue)| ViewPermission {
            id: id::<ViewPermissionId>(level * 10 + view),
            organization_id,
            user_level_id: id(*level),
            view_id: id(*view),
            value: *value,
            modifiable: true,
            created_at,
            updated_at,
            version,
        };
        own.view_permissions = self.on_views.iter().map(on_view).collect();
        let on_feature = |((level, feature, action), (value, scope)): (&(usize, usize, usize), &(_, _))| {
            let number = level * 100 + feature * 10 + action;
            FeaturePermission {
                id: id::<FeaturePermissionId>(number),
                organization_id,
                user_level_id: id(*level),
                feature_id: id(*feature),
                action: ACTIONS[*action].to_owned(),
                value: *value,
                scope: *scope,
                modifiable: true,
                created_at,
                updated_at,
                version,
            }
        };
        own.feature_permissions = self.on_features.iter().map(on_feature).collect();
        own.assignments = self.held.iter().map(|(person, level)| (user(*person as u128), id(*level))).collect();
        let team = |team: usize| {
            let (id, name, description): (TeamId, _, _) = (id(team), format!("Team {team}"), None);
            Team { id, organization_id, name, description, created_at, updated_at, version }
        };
        own.teams = (0..MANY).map(team).collect();
        own.team_members = self.teams.iter().map(|(team, person)| (id(*team), user(*person as u128))).collect();
        rows.policy.rules.clone_from(&self.rules);
        rows
    }

    /// The rows of the platform, with the role `user`, which nobody here holds.
    pub(crate) fn platform(&self) -> AccessSnapshot {
        let mut rows = deciding_rows(PLATFORM, &[(user(99), vec![grant(&USER)])]);
        rows.platform = Some(PlatformRows { catalogue: self.catalogue(), ..PlatformRows::default() });
        rows
    }

    pub(crate) fn catalogue(&self) -> Catalogue {
        let (created_at, updated_at, version, description) = (now(), now(), 1, None::<String>);
        let (path, icon, order_index) = (None::<String>, None::<String>, 0);
        let view = |number: usize| View {
            id: id::<ViewId>(number),
            key: format!("view-{number}"),
            name: "View".to_owned(),
            description: description.clone(),
            path: path.clone(),
            icon: icon.clone(),
            is_active: !self.closed_views.contains(&number),
            created_at,
            updated_at,
            version,
        };
        let feature = |number: usize| Feature {
            id: id::<FeatureId>(number),
            key: format!("feature-{number}"),
            name: "Feature".to_owned(),
            description: description.clone(),
            is_active: !self.closed_features.contains(&number),
            created_at,
            updated_at,
            version,
        };
        let module = |number: usize| Module {
            id: id::<ModuleId>(number),
            key: format!("module-{number}"),
            name: "Module".to_owned(),
            description: description.clone(),
            icon: icon.clone(),
            order_index,
            is_active: !self.closed_modules.contains(&number),
            created_at,
            updated_at,
            version,
        };
        let mut catalogue = Catalogue {
            views: (0..MANY).map(view).collect(),
            features: (0..MANY).map(feature).collect(),
            modules: (0..MANY).map(module).collect(),
            ..Catalogue::default()
        };
        let in_module = |(module, view): &(usize, usize)| ModuleView { module_id: id(*module), view_id: id(*view) };
        catalogue.links.module_views = self.views.iter().map(in_module).collect();
        let in_module =
            |(module, feature): &(usize, usize)| ModuleFeature { module_id: id(*module), feature_id: id(*feature) };
        catalogue.links.module_features = self.features.iter().map(in_module).collect();
        catalogue
    }

    /// Changes something, as `seed` has it.
    pub(crate) fn change(&mut self, seed: u64) {
        let mut rest = seed;
        let mut below = |bound: usize| {
            let number = usize::try_from(rest % bound as u64).unwrap();
            rest /= bound as u64;
            number
        };
        let (what, a, b, c) = (below(16), below(MANY), below(MANY), below(MANY));
        let (value, scope) = (PermissionValue::ALL[usize::from(below(4) == 0)], LevelScope::ALL[below(3)]);
        match what {
            0 => set(&mut self.closed_views, a, below(3) == 0),
            1 => set(&mut self.closed_features, a, below(3) == 0),
            2 => set(&mut self.closed_modules, a, below(3) == 0),
            3 => set(&mut self.views, (a, b), below(3) > 0),
            4 => set(&mut self.features, (a, b), below(3) > 0),
            5 => _ = self.modules.insert(a, below(4) > 0),
            6 => _ = self.modules.remove(&a),
            7 | 8 => _ = self.on_views.insert((a, b), value),
            9 => _ = self.on_views.remove(&(a, b)),
            10 | 11 => _ = self.on_features.insert((a, b, c), (value, scope)),
            12 => _ = self.on_features.remove(&(a, b, c)),
            13 | 14 => set(&mut self.held, (a, b), below(3) > 0),
            _ => set(&mut self.teams, (a, b), below(2) > 0),
        }
    }

    /// Everything is in a module that the organization has, and the levels say something of most of it.
    pub(crate) fn open() -> Self {
        let pairs: BTreeSet<_> = (0..MANY).flat_map(|a| (0..MANY).map(move |b| (a, b))).collect();
        let allow = PermissionValue::Allow;
        Self {
            views: pairs.clone(),
            features: pairs.clone(),
            modules: (0..MANY).map(|module| (module, true)).collect(),
            on_views: pairs.iter().map(|pair| (*pair, allow)).collect(),
            on_features: pairs.iter().map(|(a, b)| ((*a, *b, *a), (allow, LevelScope::ALL[*b]))).collect(),
            held: (0..MANY).map(|person| (person, person)).collect(),
            ..Self::default()
        }
    }
}
