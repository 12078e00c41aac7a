//! A small organization in which everything that decides changes.

use super::{
    entitlement::{Entitlements, Reachable},
    rows::{feature, level, membership, module, now, organization, person, view},
    truth::{KINDS, Truth, reaches},
};
use keystead_domain::{
    FeatureId, Ids, ModuleId, OrganizationId, PLATFORM, Scope, SeededRandom, SystemClock, TeamId, UserId, UserLevelId,
    ViewId,
    access::{
        AccessSnapshot, CatalogueLinks, EffectiveFeature, EffectiveView, Feature, FeaturePermission, LevelEditor,
        LevelScope, Module, ModuleFeature, ModuleView, OrganizationModule, PermissionValue, PolicyRule, SnapshotChange,
        View, ViewPermission,
    },
    organizations::{Membership, MembershipStatus, OrganizationKind, OrganizationStatus, Team, TeamMember},
};
use keystead_store::{SharedStore, UnitOfWork, contracts::Harness};
use std::{any::Any, collections::BTreeMap, sync::Arc};

pub(crate) const PEOPLE: usize = 3;
pub(crate) const LEVELS: usize = 3;
pub(crate) const VIEWS: usize = 3;
pub(crate) const FEATURES: usize = 3;
pub(crate) const MODULES: usize = 2;
pub(crate) const ACTIONS: [&str; 2] = ["read", "write"];

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

pub(crate) struct World {
    store: SharedStore,
    ids: Ids,
    one: OrganizationId,
    people: Vec<UserId>,
    levels: Vec<UserLevelId>,
    views: Vec<ViewId>,
    features: Vec<FeatureId>,
    modules: Vec<ModuleId>,
    team: TeamId,
    /// Kept up to date by its changes.
    snapshot: AccessSnapshot,
    _harness: Box<dyn Any + Send>,
}

const PLATFORM_SCOPE: Scope = Scope::organization(PLATFORM);

impl World {
    pub(crate) async fn new<H: Harness + 'static>(store: SharedStore, harness: Box<H>) -> Self {
        let ids = Ids::new(Arc::new(SystemClock), Arc::new(SeededRandom::new(11)));
        let one: OrganizationId = ids.next();
        let unit = store.begin(PLATFORM_SCOPE).await.unwrap();
        unit.organizations().insert(&organization(PLATFORM, OrganizationKind::Platform)).await.unwrap();
        let (mut views, mut features, mut modules) = (Vec::new(), Vec::new(), Vec::new());
        for number in 0..VIEWS {
            views.push(view(&ids, number));
        }
        for number in 0..FEATURES {
            features.push(feature(&ids, number));
        }
        for number in 0..MODULES {
            modules.push(module(&ids, number));
        }
        unit.views().insert(&views).await.unwrap();
        unit.features().insert(&features).await.unwrap();
        unit.modules().insert(&modules).await.unwrap();
        unit.commit().await.unwrap();

        let mut people = Vec::new();
        for number in 0..PEOPLE {
            let new = person(ids.next(), &format!("person-{number}"));
            let own = Scope { organization: None, user: Some(new.user.id) };
            let unit = store.begin(own).await.unwrap();
            unit.users().insert(&new).await.unwrap();
            unit.commit().await.unwrap();
            people.push(new.user.id);
        }
        let unit = store.begin(Scope::organization(one)).await.unwrap();
        unit.organizations().insert(&organization(one, OrganizationKind::Shared)).await.unwrap();
        for &user in &people {
            unit.memberships().insert(&membership(&ids, one, user)).await.unwrap();
        }
        let levels: Vec<_> = (0..LEVELS).map(|number| level(&ids, one, number)).collect();
        unit.user_levels().insert(one, &levels).await.unwrap();
        let team = Team {
            id: ids.next(),
            organization_id: one,
            name: "Team".to_owned(),
            description: None,
            created_at: now(),
            updated_at: now(),
            version: 1,
        };
        unit.teams().insert(&team).await.unwrap();
        unit.commit().await.unwrap();
        let unit = store.read(Scope::organization(one)).await.unwrap();
        let snapshot = unit.access_snapshots().load(one, None).await.unwrap();
        drop(unit);
        Self {
            store,
            ids,
            one,
            people,
            levels: levels.into_iter().map(|level| level.id).collect(),
            views: views.into_iter().map(|view| view.id).collect(),
            features: features.into_iter().map(|feature| feature.id).collect(),
            modules: modules.into_iter().map(|module| module.id).collect(),
            team: team.id,
            snapshot,
            _harness: harness,
        }
    }

    fn home(&self) -> Scope {
        Scope::organization(self.one)
    }

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

    /// Works out what a person's levels give them, and keeps it.
    pub(crate) async fn fill(&mut self, number: usize) {
        let (one, user) = (self.one, self.people[number]);
        let snapshot = self.load().await;
        let catalogue = &snapshot.platform.as_ref().unwrap().catalogue;
        let reachable = Reachable::of(&snapshot.organization, catalogue);
        let given = Entitlements::of(&snapshot.organization, &reachable, user);
        let (computed_at, expires_at) = (now(), now().plus_seconds(600));
        let versions = snapshot.versions;
        let views: Vec<_> = given
            .views
            .iter()
            .map(|(&view_id, &value)| EffectiveView {
                organization_id: one,
                user_id: user,
                view_id,
                value,
                access_version: versions.organization,
                platform_version: versions.platform,
                computed_at,
                expires_at,
            })
            .collect();
        let features: Vec<_> = given
            .features
            .iter()
            .map(|((feature_id, action), &(value, scope))| EffectiveFeature {
                organization_id: one,
                user_id: user,
                feature_id: *feature_id,
                action: action.clone(),
                value,
                scope,
                access_version: versions.organization,
                platform_version: versions.platform,
                computed_at,
                expires_at,
            })
            .collect();
        let unit = self.store.begin(self.home()).await.unwrap();
        unit.effective_permissions().store_views(one, &views).await.unwrap();
        unit.effective_permissions().store_features(one, &features).await.unwrap();
        unit.commit().await.unwrap();
        let unit = self.store.read(self.home()).await.unwrap();
        assert_eq!(unit.effective_permissions().views(one, user, now()).await.unwrap(), views);
        assert_eq!(unit.effective_permissions().features(one, user, now()).await.unwrap(), features);
        let truth = Truth { unit: &*unit, organization: one };
        self.nothing_is_left_out(&truth, user, &given).await;
    }

    /// What is allowed is kept, unless it differs from resource to resource.
    async fn nothing_is_left_out(&self, truth: &Truth<'_>, user: UserId, given: &Entitlements) {
        for &view in &self.views {
            let is_kept = given.views.get(&view) == Some(&PermissionValue::Allow);
            assert_eq!(is_kept, truth.sees(user, view).await);
        }
        for &feature in &self.features {
            for action in ACTIONS {
                if given.features.contains_key(&(feature, action.to_owned())) {
                    continue;
                }
                let mut answers = Vec::new();
                for kind in KINDS {
                    answers.push(truth.may(user, feature, action, kind).await);
                }
                // Narrower resources are denied, wider ones allowed; or nothing is allowed at all.
                assert!(!answers[0] && answers.is_sorted(), "{answers:?}");
            }
        }
    }

    async fn load(&self) -> AccessSnapshot {
        let unit = self.store.read(self.home()).await.unwrap();
        unit.access_snapshots().load(self.one, None).await.unwrap()
    }

    /// Whatever counts is true, and the snapshot that follows the changes is the one that would be read.
    pub(crate) async fn check(&mut self, change: &Change) {
        let unit = self.store.read(self.home()).await.unwrap();
        let found = unit.access_snapshots().changed(self.one, self.snapshot.versions, 100).await.unwrap();
        drop(unit);
        match found {
            SnapshotChange::Nothing => {}
            SnapshotChange::Delta(delta) => assert!(self.snapshot.apply(*delta)),
            SnapshotChange::Anew => panic!("read anew after {change:?}"),
        }
        assert_eq!(self.snapshot, self.load().await, "{change:?}");
        let unit = self.store.read(self.home()).await.unwrap();
        let truth = Truth { unit: &*unit, organization: self.one };
        for &user in &self.people {
            let views = unit.effective_permissions().views(self.one, user, now()).await.unwrap();
            let kept: BTreeMap<_, _> = views.into_iter().map(|row| (row.view_id, row.value)).collect();
            for (view, value) in kept {
                assert_eq!(value == PermissionValue::Allow, truth.sees(user, view).await, "{change:?}");
            }
            for row in unit.effective_permissions().features(self.one, user, now()).await.unwrap() {
                for kind in KINDS {
                    let is_allowed = row.value == PermissionValue::Allow && reaches(row.scope, kind);
                    let may = truth.may(user, row.feature_id, &row.action, kind).await;
                    assert_eq!(is_allowed, may, "{row:?} {kind} after {change:?}");
                }
            }
        }
    }
}
