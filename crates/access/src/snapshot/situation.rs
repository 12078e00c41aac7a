//! Who asks about what, looked up once.

use super::{
    Snapshot,
    layers::{Layers, Stored},
};
use crate::{
    entitlements::Item,
    holder::Holder,
    people::{Entry, Standing},
    policy::{Entity, Truth},
    question::Target,
    whose::{Belonging, Told},
};

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
}

impl Snapshot {
    /// Looks everything up.
    pub(crate) fn situation<'a>(&'a self, subject: &Entity<'_>, target: &Target<'_>) -> Situation<'a> {
        let resource = &target.entity;
        let is_own_kind = target.whose.is_some() || self.platform.is_own_kind(resource.kind);
        let belonging = if is_own_kind {
            let known = || self.entities.own.find(resource.kind, resource.id).copied();
            Belonging::from(target.whose.or_else(known).unwrap_or_default())
        } else {
            let stored = Stored::new(&self.entities.rows, resource);
            let told = Layers([Some(resource.properties), Some(&stored), None]);
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
        };
        self.settle(&mut situation, belonging);
        situation
    }

    /// Takes the resource to belong to somebody.
    pub(crate) fn settle(&self, situation: &mut Situation<'_>, belonging: Belonging) {
        situation.belonging = belonging;
        situation.is_inside = belonging.organization == Some(self.organization);
        situation.owns = belonging.is_own(situation.holder);
        // Only user levels ask for it.
        if matches!(situation.item, Item::Feature(_)) {
            situation.in_team = belonging.is_of_team(situation.entry, &self.people);
        }
    }
}

impl Situation<'_> {
    /// Whether what the organization allows counts for the subject: an active member's does, and, on a product's
    /// resources, that of subjects that Keystead does not know as members.
    pub(crate) fn is_admitted(&self) -> bool {
        match self.standing {
            Standing::Active => true,
            Standing::Suspended => false,
            Standing::Stranger => !self.is_own_kind,
        }
    }
    /// Who owns the resource; none when that is not known, or nobody who is known here.
    pub(crate) fn owner(&self) -> Option<Holder> {
        match self.belonging.owner {
            Told::This(owner) => Some(owner),
            Told::Unknown | Told::Other => None,
        }
    }
}
