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
use keystead_domain::OrganizationId;
use std::cell::OnceCell;

/// What is known of a subject and a resource.
#[derive(Debug)]
pub(crate) struct Situation<'a> {
    snapshot: &'a Snapshot,
    resource: &'a Entity<'a>,
    pub(crate) holder: Option<Holder>,
    pub(crate) entry: Option<&'a Entry>,
    pub(crate) standing: Standing,
    /// Whether it is a person whose account is not active.
    pub(crate) is_closed: bool,
    /// Whether the resource is one of Keystead's own.
    pub(crate) is_own_kind: bool,
    /// The organization that the resource belongs to.
    pub(crate) organization: Option<OrganizationId>,
    /// Whose it is there; looked up when it is first asked for.
    belonging: OnceCell<Belonging>,
    pub(crate) item: Item,
}

impl Snapshot {
    /// Looks up what every decision needs.
    pub(crate) fn situation<'a>(&'a self, subject: &Entity<'_>, target: &'a Target<'a>) -> Situation<'a> {
        let resource = &target.entity;
        let holder = Holder::of(subject.kind, subject.id);
        let entry = holder.and_then(|holder| self.people.find(holder));
        let is_closed = self.platform.is_closed(holder);
        let standing = entry.map_or(Standing::Stranger, |entry| entry.standing);
        let mut situation = Situation {
            snapshot: self,
            resource,
            holder,
            entry,
            // An account that is closed counts nowhere, whatever the memberships say.
            standing: if is_closed { Standing::Suspended } else { standing },
            is_closed,
            is_own_kind: target.whose.is_some() || self.platform.is_own_kind(resource.kind),
            organization: Some(self.organization),
            belonging: OnceCell::new(),
            item: Item::None,
        };
        if situation.is_own_kind {
            let known = || self.entities.own.find(resource.kind, resource.id).copied();
            situation.settle(target.whose.or_else(known).unwrap_or_default().into());
        } else {
            situation.item = self.modules.item(&self.platform.catalogue, resource.kind, resource.id);
        }
        situation
    }
}

impl Situation<'_> {
    /// Takes the resource to belong to somebody.
    pub(crate) fn settle(&mut self, belonging: Belonging) {
        self.organization = belonging.organization;
        self.belonging = belonging.into();
    }
    fn belonging(&self) -> &Belonging {
        // Only a product's resource has not been settled.
        self.belonging.get_or_init(|| {
            let stored = Stored::new(&self.snapshot.entities.rows, self.resource);
            let told = Layers([Some(self.resource.properties), Some(&stored), None]);
            Belonging::told(self.snapshot.organization, &told)
        })
    }
    /// Whether the resource belongs to the organization.
    pub(crate) fn is_inside(&self) -> bool {
        self.organization == Some(self.snapshot.organization)
    }
    /// Whether the subject owns it.
    pub(crate) fn owns(&self) -> Truth {
        self.belonging().is_own(self.holder)
    }
    /// Whether it is of one of the subject's teams.
    pub(crate) fn in_team(&self) -> Truth {
        self.belonging().is_of_team(self.entry, &self.snapshot.people)
    }
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
        match self.belonging().owner {
            Told::This(owner) => Some(owner),
            Told::Unknown | Told::Other => None,
        }
    }
}
