//! Everything that a subject may do, with the reasons.

use super::{ListLimits, TooLong};
use crate::{
    decision::Decision,
    entitlements::{FEATURE, Item, VIEW, VIEWING},
    policy::Entity,
    question::{Context, Target},
    snapshot::{Question, Snapshot},
    whose::{Belonging, Told},
};
use keystead_domain::{
    FeatureId, OrganizationId, PLATFORM, ViewId,
    access::{LevelScope, PermissionValue},
};
use std::collections::BTreeSet;

/// What is decided about an action, by whose the resource is. Which resource it is, and its properties, are left open:
/// what rules make of those is not in here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// On what the subject owns.
    pub own: Decision,
    /// On what a colleague in one of the subject's teams owns; as on the subject's own where it is in no team.
    pub team: Decision,
    /// On what anybody else in the organization owns.
    pub organization: Decision,
    /// On what belongs to another organization; none for a product's resources, of which there are none.
    pub elsewhere: Option<Decision>,
}

impl Access {
    /// Whether any of it is allowed.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.own.allowed
            || self.team.allowed
            || self.organization.allowed
            || self.elsewhere.is_some_and(|decision| decision.allowed)
    }
    /// The same as one value and one scope, within which it holds for every resource. None where that cannot be said so:
    /// what is allowed on others' resources but not on one's own.
    #[must_use]
    pub const fn as_row(&self) -> Option<(PermissionValue, LevelScope)> {
        match (self.own.allowed, self.team.allowed, self.organization.allowed) {
            (true, true, true) => Some((PermissionValue::Allow, LevelScope::Organization)),
            (true, true, false) => Some((PermissionValue::Allow, LevelScope::Team)),
            (true, false, false) => Some((PermissionValue::Allow, LevelScope::Own)),
            (false, false, false) => Some((PermissionValue::Deny, LevelScope::Organization)),
            _ => None,
        }
    }
}

/// What a subject may do with resources of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindAccess {
    /// The type.
    pub kind: String,
    /// What is done.
    pub action: String,
    /// Whether it may be.
    pub access: Access,
}

/// What a subject may do with a feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeatureAccess {
    /// The feature.
    pub feature: FeatureId,
    /// Its key.
    pub key: String,
    /// What is done.
    pub action: String,
    /// Whether it may be.
    pub access: Access,
}

/// Whether a subject may see a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewAccess {
    /// The view.
    pub view: ViewId,
    /// Its key.
    pub key: String,
    /// Whether it may be seen.
    pub decision: Decision,
}

impl Snapshot {
    /// What `subject` may do with resources of each known type: only what is allowed of it, in order of type and action.
    ///
    /// # Errors
    /// When it is too long.
    pub fn kinds_of(
        &self,
        subject: &Entity<'_>,
        context: &Context<'_>,
        limits: &ListLimits,
    ) -> Result<Vec<KindAccess>, TooLong> {
        let (mut kinds, actions) = (self.known_kinds(), self.known_actions());
        kinds.retain(|kind| kind != FEATURE && kind != VIEW);
        limits.allow(&[4, kinds.len(), actions.len()])?;
        let mut all = Vec::new();
        for kind in kinds {
            for action in &actions {
                let access = self.access(subject, action, &Entity::new(&kind, ""), context);
                if access.is_any() {
                    limits.add(&mut all, KindAccess { kind: kind.clone(), action: action.clone(), access })?;
                }
            }
        }
        Ok(all)
    }

    /// What `subject` may do, and may not, with each feature that can be reached: every action that a user level or a rule
    /// names, in order of key and action.
    ///
    /// # Errors
    /// When it is too long.
    pub fn features_of(
        &self,
        subject: &Entity<'_>,
        context: &Context<'_>,
        limits: &ListLimits,
    ) -> Result<Vec<FeatureAccess>, TooLong> {
        let (catalogue, actions) = (&self.platform.catalogue, self.known_actions());
        let keys: BTreeSet<&str> = catalogue.features.keys().map(|key| &**key).collect();
        limits.allow(&[3, keys.len(), actions.len()])?;
        let mut all = Vec::new();
        for key in keys {
            let Item::Feature(feature) = self.modules.item(catalogue, FEATURE, key) else { continue };
            for action in &actions {
                let access = self.access(subject, action, &Entity::new(FEATURE, key), context);
                // Of an action that no level knows with this feature only allowances are worth a line.
                if access.is_any() || self.levels.said_of_feature(feature, action).says != 0 {
                    limits.add(
                        &mut all,
                        FeatureAccess { feature, key: key.to_owned(), action: action.clone(), access },
                    )?;
                }
            }
        }
        Ok(all)
    }

    /// Whether `subject` may see each view of the catalogue, in order of their keys.
    ///
    /// # Errors
    /// When it is too long.
    pub fn views_of(
        &self,
        subject: &Entity<'_>,
        context: &Context<'_>,
        limits: &ListLimits,
    ) -> Result<Vec<ViewAccess>, TooLong> {
        let catalogue = &self.platform.catalogue;
        let mut views: Vec<_> = catalogue.views.iter().map(|(key, entry)| (&**key, entry.id)).collect();
        views.sort_unstable();
        limits.allow(&[views.len()])?;
        let mut all = Vec::new();
        for (key, view) in views {
            let action = Entity::new("", VIEWING);
            let decision = self.decide(subject, &action, &Self::target(VIEW, key), context);
            limits.add(&mut all, ViewAccess { view, key: key.to_owned(), decision })?;
        }
        Ok(all)
    }

    /// What is decided about an action on a type of resource, by whose the resource is.
    #[must_use]
    pub fn access(&self, subject: &Entity<'_>, action: &str, resource: &Entity<'_>, context: &Context<'_>) -> Access {
        let does = Entity::new("", action);
        let target = Target::known(*resource);
        let mut situation = self.situation(subject, &target);
        let mut ask = |belonging: Belonging| {
            situation.settle(belonging);
            self.decide_in(&situation, &Question { subject, action: &does, resource, context })
        };
        let here = Some(self.organization);
        let owner = crate::Holder::of(subject.kind, subject.id).map_or(Told::Other, Told::This);
        let own = ask(Belonging { organization: here, owner, team: Told::Other });
        let team = match self.a_team_of(subject) {
            Some(team) => ask(Belonging { organization: here, owner: Told::Other, team: Told::This(team) }),
            None => own,
        };
        let organization = ask(Belonging { organization: here, owner: Told::Other, team: Told::Other });
        let is_own_kind = self.platform.is_own_kind(resource.kind);
        let elsewhere = is_own_kind.then(|| {
            let other = if self.organization == PLATFORM { ELSEWHERE } else { PLATFORM };
            ask(Belonging { organization: Some(other), owner: Told::Other, team: Told::Other })
        });
        Access { own, team, organization, elsewhere }
    }

    fn a_team_of(&self, subject: &Entity<'_>) -> Option<keystead_domain::TeamId> {
        let holder = crate::Holder::of(subject.kind, subject.id)?;
        self.people.find(holder)?.teams.first().copied()
    }
}

/// An organization that is not the platform.
const ELSEWHERE: OrganizationId = OrganizationId::from_uuid(uuid::Uuid::nil());

impl ListLimits {
    fn add<T>(&self, all: &mut Vec<T>, entry: T) -> Result<(), TooLong> {
        if all.len() >= self.entries {
            return Err(TooLong::Entries { limit: self.entries });
        }
        all.push(entry);
        Ok(())
    }
}
