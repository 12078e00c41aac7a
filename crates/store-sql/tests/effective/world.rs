//! A small organization in which everything that decides changes.

use super::{
    changes::Change,
    entitlement::{Entitlements, Reachable},
    rows::{feature, level, membership, module, now, organization, person, view},
    truth::{KINDS, Truth, reaches},
};
use keystead_domain::{
    FeatureId, Ids, ModuleId, OrganizationId, PLATFORM, Scope, SeededRandom, SystemClock, TeamId, UserId, UserLevelId,
    ViewId,
    access::{AccessSnapshot, EffectiveFeature, EffectiveView, PermissionValue, SnapshotChange},
    organizations::{OrganizationKind, Team},
};
use keystead_store::{SharedStore, contracts::Harness};
use std::{any::Any, collections::BTreeMap, sync::Arc};

pub(crate) const PEOPLE: usize = 3;
pub(crate) const LEVELS: usize = 3;
pub(crate) const VIEWS: usize = 3;
pub(crate) const FEATURES: usize = 3;
pub(crate) const MODULES: usize = 2;
pub(crate) const ACTIONS: [&str; 2] = ["read", "write"];

pub(crate) struct World {
    pub(super) store: SharedStore,
    pub(super) ids: Ids,
    pub(super) one: OrganizationId,
    pub(super) people: Vec<UserId>,
    pub(super) levels: Vec<UserLevelId>,
    pub(super) views: Vec<ViewId>,
    pub(super) features: Vec<FeatureId>,
    pub(super) modules: Vec<ModuleId>,
    pub(super) team: TeamId,
    /// Kept up to date by its changes.
    snapshot: AccessSnapshot,
    _harness: Box<dyn Any + Send>,
}

pub(super) const PLATFORM_SCOPE: Scope = Scope::organization(PLATFORM);

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

    pub(super) fn home(&self) -> Scope {
        Scope::organization(self.one)
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
