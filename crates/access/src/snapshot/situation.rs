//! Who asks about what, looked up once.

use super::{Snapshot, layers::Layers};
use crate::{
    entitlements::Item,
    holder::Holder,
    people::{Entry, Standing},
    policy::{Entity, Properties, Truth},
    question::Target,
    whose::{Belonging, Told},
};
use serde_json::{Map, Value};

/// What is known of a subject and a resource.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Situation<'a> {
    pub(crate) holder: Option<Holder>,
    pub(crate) entry: Option<&'a Entry>,
    pub(crate) standing: Standing,
    /// Whether the resource is one of Keystead's own.
    pub(crate) is_own_kind: bool,
    pub(crate) belonging: Belonging,
    /// Whether the resource belongs to the organization.
    pub(crate) is_inside: bool,
    pub(crate) owns: Truth,
    pub(crate) in_team: Truth,
    pub(crate) item: Item,
    /// What the organization has stored of the subject and the resource.
    pub(crate) stored: [Option<&'a Map<String, Value>>; 2],
    /// What the platform has.
    pub(crate) platforms: [Option<&'a Map<String, Value>>; 2],
}

fn layer(map: Option<&Map<String, Value>>) -> Option<&dyn Properties> {
    map.map(|map| map as &dyn Properties)
}

impl Snapshot {
    /// Looks everything up.
    pub(crate) fn situation<'a>(&'a self, subject: &Entity<'_>, target: &Target<'_>) -> Situation<'a> {
        let resource = &target.entity;
        let stored = |entity: &Entity<'_>| self.entities.rows.find(entity.kind, entity.id);
        let platforms = |entity: &Entity<'_>| self.platform.entities.rows.find(entity.kind, entity.id);
        let stored = [stored(subject), stored(resource)];
        let is_own_kind = target.whose.is_some() || self.platform.is_own_kind(resource.kind);
        let belonging = if is_own_kind {
            let known = || self.entities.own.find(resource.kind, resource.id).copied();
            Belonging::from(target.whose.or_else(known).unwrap_or_default())
        } else {
            let told = Layers([Some(resource.properties), layer(stored[1]), None]);
            Belonging::told(self.organization, &told)
        };
        let holder = Holder::of(subject.kind, subject.id);
        let entry = holder.and_then(|holder| self.people.find(holder));
        let mut situation = Situation {
            holder,
            entry,
            standing: entry.map_or(Standing::Stranger, |entry| entry.standing),
            is_own_kind,
            belonging,
            is_inside: false,
            owns: Truth::Unknown,
            in_team: Truth::Unknown,
            item: if is_own_kind {
                Item::None
            } else {
                self.modules.item(&self.platform.catalogue, resource.kind, resource.id)
            },
            stored,
            platforms: [platforms(subject), platforms(resource)],
        };
        self.settle(&mut situation, belonging);
        situation
    }

    /// Takes the resource to belong to somebody.
    pub(crate) fn settle(&self, situation: &mut Situation<'_>, belonging: Belonging) {
        situation.belonging = belonging;
        situation.is_inside = belonging.organization == Some(self.organization);
        situation.owns = belonging.is_own(situation.holder);
        situation.in_team = belonging.is_of_team(situation.entry, &self.people);
    }
}

impl<'a> Situation<'a> {
    /// Whether what the organization allows counts for the subject: an active member's does, and, on a product's
    /// resources, that of subjects that Keystead does not know as members.
    pub(crate) fn is_admitted(&self) -> bool {
        match self.standing {
            Standing::Active => true,
            Standing::Suspended => false,
            Standing::Stranger => !self.is_own_kind,
        }
    }
    /// What the organization's rules may know of the subject and of the resource: what is sent wins over what is stored.
    pub(super) fn seen(&self, subject: &Entity<'a>, resource: &Entity<'a>) -> [Layers<'a>; 2] {
        [
            Layers([Some(subject.properties), layer(self.stored[0]), None]),
            Layers([Some(resource.properties), layer(self.stored[1]), None]),
        ]
    }
    /// What the platform's rules may know of them: what the platform has stored wins. What the organization has
    /// stored, and what its askers send, counts for its own resources only.
    pub(super) fn seen_by_platform(&self, subject: &Entity<'a>, resource: &Entity<'a>) -> [Layers<'a>; 2] {
        let told = |own: Option<&'a Map<String, Value>>, sent: &'a dyn Properties, stored| {
            let (sent, stored) = if self.is_inside { (Some(sent), layer(stored)) } else { (None, None) };
            Layers([layer(own), sent, stored])
        };
        [
            told(self.platforms[0], subject.properties, self.stored[0]),
            told(self.platforms[1], resource.properties, self.stored[1]),
        ]
    }
    /// Whether it is known who owns the resource.
    pub(crate) fn owner(&self) -> Option<Holder> {
        match self.belonging.owner {
            Told::This(owner) => Some(owner),
            Told::Unknown | Told::Other => None,
        }
    }
}
