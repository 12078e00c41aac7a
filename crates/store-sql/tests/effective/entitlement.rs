//! What a person's user levels give them, through the modules that their organization has: worked out from a snapshot, to have
//! something to keep.

use keystead_domain::{
    FeatureId, ModuleId, UserId, UserLevelId, ViewId,
    access::{Catalogue, Feature, LevelScope, OrganizationRows, PermissionValue, View},
    organizations::{MembershipStatus, OrganizationStatus},
};
use std::collections::{BTreeMap, BTreeSet};

/// What user levels say about one person. What they are silent on, and what they answer differently from case to case, is not here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entitlements {
    /// Which views are open, and which are closed.
    pub(crate) views: BTreeMap<ViewId, PermissionValue>,
    /// What may be done with features and on whose resources, and what may not be done at all.
    pub(crate) features: BTreeMap<(FeatureId, String), (PermissionValue, LevelScope)>,
}

/// What can be reached in an organization: active, and in an active module that it has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reachable {
    /// Views.
    pub(crate) views: BTreeSet<ViewId>,
    /// Features.
    pub(crate) features: BTreeSet<FeatureId>,
}

impl Reachable {
    /// What an organization can reach of the catalogue.
    pub(crate) fn of(organization: &OrganizationRows, catalogue: &Catalogue) -> Self {
        let active: BTreeSet<ModuleId> =
            catalogue.modules.iter().filter(|module| module.is_active).map(|module| module.id).collect();
        let held = organization.modules.iter().filter(|held| held.is_active && active.contains(&held.module_id));
        let held: BTreeSet<ModuleId> = held.map(|held| held.module_id).collect();
        let views = catalogue.links.module_views.iter().filter(|link| held.contains(&link.module_id));
        let views: BTreeSet<ViewId> = views.map(|link| link.view_id).collect();
        let features = catalogue.links.module_features.iter().filter(|link| held.contains(&link.module_id));
        let features: BTreeSet<FeatureId> = features.map(|link| link.feature_id).collect();
        let is_view = |view: &&View| view.is_active && views.contains(&view.id);
        let is_feature = |feature: &&Feature| feature.is_active && features.contains(&feature.id);
        Self {
            views: catalogue.views.iter().filter(is_view).map(|view| view.id).collect(),
            features: catalogue.features.iter().filter(is_feature).map(|feature| feature.id).collect(),
        }
    }
}

/// The widest scope that allows, and the widest that denies.
#[derive(Clone, Copy, Default)]
struct Said {
    allowed: Option<LevelScope>,
    denied: Option<LevelScope>,
}

impl Entitlements {
    /// What a person's levels give them. Nobody who is no active member of an active organization has any.
    pub(crate) fn of(organization: &OrganizationRows, reachable: &Reachable, user: UserId) -> Self {
        let is_open = organization
            .organization
            .as_ref()
            .is_some_and(|organization| organization.status == OrganizationStatus::Active);
        let place = organization.memberships.binary_search_by_key(&user, |membership| membership.user_id);
        let place = place.ok().and_then(|place| organization.memberships.get(place));
        if !is_open || place.is_none_or(|membership| membership.status != MembershipStatus::Active) {
            return Self::default();
        }
        let levels = organization.assignments.iter().filter(|(holder, _)| *holder == user);
        let levels: BTreeSet<UserLevelId> = levels.map(|(_, level)| *level).collect();
        Self { views: views(organization, reachable, &levels), features: features(organization, reachable, &levels) }
    }
}

fn views(
    organization: &OrganizationRows,
    reachable: &Reachable,
    levels: &BTreeSet<UserLevelId>,
) -> BTreeMap<ViewId, PermissionValue> {
    let mut said = BTreeMap::new();
    for row in organization.view_permissions.iter().filter(|row| levels.contains(&row.user_level_id)) {
        let value = if reachable.views.contains(&row.view_id) { row.value } else { PermissionValue::Deny };
        let known = said.entry(row.view_id).or_insert(value);
        // One denial is enough.
        *known = (*known).max(value);
    }
    said
}

fn features(
    organization: &OrganizationRows,
    reachable: &Reachable,
    levels: &BTreeSet<UserLevelId>,
) -> BTreeMap<(FeatureId, String), (PermissionValue, LevelScope)> {
    let mut said: BTreeMap<(FeatureId, &str), Said> = BTreeMap::new();
    for row in organization.feature_permissions.iter().filter(|row| levels.contains(&row.user_level_id)) {
        let known = said.entry((row.feature_id, row.action.as_str())).or_default();
        match row.value {
            PermissionValue::Allow => known.allowed = known.allowed.max(Some(row.scope)),
            PermissionValue::Deny => known.denied = known.denied.max(Some(row.scope)),
        }
    }
    let nothing = (PermissionValue::Deny, LevelScope::Organization);
    let answer = |feature: FeatureId, said: Said| match (said.allowed, said.denied) {
        _ if !reachable.features.contains(&feature) => Some(nothing),
        (Some(allowed), None) => Some((PermissionValue::Allow, allowed)),
        // Some of what is allowed is denied: that depends on the resource.
        (Some(allowed), Some(denied)) if denied < allowed => None,
        (Some(_) | None, _) => Some(nothing),
    };
    let answers = said.into_iter().filter_map(|((feature, action), said)| {
        answer(feature, said).map(|answer| ((feature, action.to_owned()), answer))
    });
    answers.collect()
}
