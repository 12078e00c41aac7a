//! What a change would flip.

use super::{ListLimits, TooLong};
use crate::{
    decision::Decision,
    policy::Entity,
    question::Context,
    snapshot::{Question, Snapshot},
};
use std::collections::BTreeSet;

/// A known subject or resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// Its type.
    pub kind: String,
    /// Its identifier.
    pub id: String,
}

impl Name {
    /// The name of something.
    #[must_use]
    pub fn new(kind: impl Into<String>, id: impl Into<String>) -> Self {
        Self { kind: kind.into(), id: id.into() }
    }
}

/// Over what a preview goes. What is none is everything that one of the two snapshots knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// These subjects.
    pub subjects: Option<Vec<Name>>,
    /// These actions.
    pub actions: Option<Vec<String>>,
    /// These resources.
    pub resources: Option<Vec<Name>>,
}

/// A decision that comes out otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flip {
    /// Who.
    pub subject: Name,
    /// Does what.
    pub action: String,
    /// On what.
    pub resource: Name,
    /// The decision before.
    pub before: Decision,
    /// The decision after.
    pub after: Decision,
}

/// The triples whose decision differs between two snapshots of an organization, in order of subject, resource and
/// action.
///
/// # Errors
/// When there are too many triples to ask, or too many flips.
pub fn flips(
    before: &Snapshot,
    after: &Snapshot,
    asked: &Asked,
    context: &Context<'_>,
    limits: &ListLimits,
) -> Result<Vec<Flip>, TooLong> {
    let both = [before, after];
    let subjects = asked.subjects.clone().unwrap_or_else(|| {
        names(&both, &|snapshot| snapshot.known_subject_kinds(), &|snapshot, kind| snapshot.known_subjects(kind))
    });
    let resources = asked.resources.clone().unwrap_or_else(|| {
        names(&both, &|snapshot| snapshot.known_kinds(), &|snapshot, kind| snapshot.known_resources(kind))
    });
    let actions = asked.actions.clone().unwrap_or_else(|| {
        let all: BTreeSet<String> = both.iter().flat_map(|snapshot| snapshot.known_actions()).collect();
        all.into_iter().collect()
    });
    limits.allow(&[2, subjects.len(), resources.len(), actions.len()])?;
    let mut flips = Vec::new();
    for subject in &subjects {
        let asker = Entity::new(&subject.kind, &subject.id);
        for resource in &resources {
            let target = Snapshot::target(&resource.kind, &resource.id);
            let situations = both.map(|snapshot| snapshot.situation(&asker, &target));
            for action in &actions {
                let does = Entity::new("", action);
                let question = Question { subject: &asker, action: &does, resource: &target.entity, context };
                let ask = |place: usize| both[place].decide_in(&situations[place], &question);
                let (before, after) = (ask(0), ask(1));
                if before.allowed == after.allowed {
                    continue;
                }
                if flips.len() >= limits.entries {
                    return Err(TooLong::Entries { limit: limits.entries });
                }
                let (subject, action, resource) = (subject.clone(), action.clone(), resource.clone());
                flips.push(Flip { subject, action, resource, before, after });
            }
        }
    }
    Ok(flips)
}

fn names(
    both: &[&Snapshot; 2],
    kinds: &dyn Fn(&Snapshot) -> BTreeSet<String>,
    ids: &dyn Fn(&Snapshot, &str) -> Vec<String>,
) -> Vec<Name> {
    let kinds: BTreeSet<String> = both.iter().flat_map(|snapshot| kinds(snapshot)).collect();
    let mut all = BTreeSet::new();
    for kind in &kinds {
        for snapshot in both {
            all.extend(ids(snapshot, kind).into_iter().map(|id| Name::new(kind.as_str(), id)));
        }
    }
    all.into_iter().collect()
}
