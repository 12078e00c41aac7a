//! What there is to be asked about: the subjects, resources and actions that a snapshot knows.

use crate::{
    entitlements::{FEATURE, VIEW, VIEWING},
    holder::Holder,
    policy::Entity,
    question::Target,
    snapshot::Snapshot,
};
use std::collections::BTreeSet;

/// The type of entities that are actions, for those that only patterns of rules know.
const ACTION: &str = "action";

impl Snapshot {
    /// The identifiers of the known subjects of a type, in order: members and service accounts, and entities.
    #[must_use]
    pub fn known_subjects(&self, kind: &str) -> Vec<String> {
        let people = self.people.iter().filter(|entry| entry.holder.kind() == kind);
        let mut ids: Vec<_> = people.map(|entry| entry.holder.id().hyphenated().to_string()).collect();
        ids.extend(self.known_entities(kind));
        sorted(ids)
    }
    /// The types of the known subjects.
    #[must_use]
    pub fn known_subject_kinds(&self) -> BTreeSet<String> {
        let mut kinds: BTreeSet<String> = [Holder::USER, Holder::SERVICE_ACCOUNT].map(str::to_owned).into();
        kinds.extend(self.policy.model().options().subject_type.iter().map(ToString::to_string));
        kinds
    }
    /// The identifiers of the known resources of a type, in order: entities, Keystead's own, features and views.
    #[must_use]
    pub fn known_resources(&self, kind: &str) -> Vec<String> {
        let mut ids = self.known_entities(kind);
        let own = self.entities.own.iter().filter(|known| *known.kind == *kind);
        ids.extend(own.map(|known| known.id.to_string()));
        let catalogue = &self.platform.catalogue;
        match kind {
            FEATURE => ids.extend(catalogue.features.keys().map(ToString::to_string)),
            VIEW => ids.extend(catalogue.views.keys().map(ToString::to_string)),
            _ => {}
        }
        sorted(ids)
    }
    /// The types of the known resources: of entities that are not subjects, of what roles permit, of what rules name,
    /// of features, and the features and views themselves.
    #[must_use]
    pub fn known_kinds(&self) -> BTreeSet<String> {
        let mut kinds: BTreeSet<String> = self.entities.rows.iter().map(|known| known.kind.to_string()).collect();
        kinds.extend(self.entities.own.iter().map(|known| known.kind.to_string()));
        kinds.extend(self.roles.grid.pairs().map(|(kind, action)| self.roles.words(kind, action).0.to_owned()));
        kinds.extend(self.platform.catalogue.features.keys().map(ToString::to_string));
        for policy in [&self.policy, &self.platform.policy] {
            kinds.extend(policy.named_resources().iter().filter_map(|name| {
                let (kind, _) = name.split_once(':')?;
                crate::policy::names_of::is_kind(kind).then(|| kind.to_owned())
            }));
        }
        kinds.extend([FEATURE, VIEW].map(str::to_owned));
        for subject in self.known_subject_kinds().iter().map(String::as_str).chain([ACTION]) {
            kinds.remove(subject);
        }
        kinds
    }
    /// The known actions, in order: of permissions, of user levels, of rules, and entities of type `action`.
    #[must_use]
    pub fn known_actions(&self) -> Vec<String> {
        let mut actions: Vec<_> = self.known_entities(ACTION);
        actions.extend(self.roles.actions.iter().map(|(_, action)| action.to_owned()));
        actions.extend(self.levels.actions.iter().map(|(_, action)| action.to_owned()));
        actions.extend(crate::everyone::own_permissions_of_everyone().map(|(_, action, _)| action.as_str().to_owned()));
        actions.push(VIEWING.to_owned());
        for policy in [&self.policy, &self.platform.policy] {
            actions.extend(policy.named_actions());
        }
        sorted(actions)
    }
    fn known_entities(&self, kind: &str) -> Vec<String> {
        let known = self.entities.rows.iter().filter(|known| *known.kind == *kind);
        known.map(|known| known.id.to_string()).collect()
    }
    /// A known resource as a target.
    pub(super) fn target<'a>(kind: &'a str, id: &'a str) -> Target<'a> {
        Target::known(Entity::new(kind, id))
    }
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort_unstable();
    ids.dedup();
    ids
}
