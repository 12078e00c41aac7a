//! Searches: which subjects, resources or actions, of those that are known.

use super::{ListLimits, TooLong};
use crate::{
    policy::Entity,
    question::{Context, Target},
    snapshot::Snapshot,
};

/// Which part of a search is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// Only what comes after this identifier, in bytewise order.
    pub after: Option<&'a str>,
    /// At most so many.
    pub size: usize,
}

impl Page<'_> {
    /// All of it, as far as the limits go.
    pub const WHOLE: Self = Self { after: None, size: usize::MAX };
}

/// A part of what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Identifiers, or names of actions, in bytewise order.
    pub ids: Vec<String>,
    /// Ask for the next part after this one; none when this was the last.
    pub next: Option<String>,
}

fn search(
    candidates: Vec<String>,
    page: Page<'_>,
    limits: &ListLimits,
    mut allowed: impl FnMut(&str) -> bool,
) -> Result<Found, TooLong> {
    let from = page.after.map_or(0, |after| candidates.partition_point(|id| id.as_str() <= after));
    let (mut found, mut asked) = (Found::default(), 0);
    let total = candidates.len() - from;
    for id in candidates.into_iter().skip(from) {
        if asked >= limits.decisions {
            return Err(TooLong::Decisions { needed: total, limit: limits.decisions });
        }
        asked += 1;
        if !allowed(&id) {
            continue;
        }
        if found.ids.len() >= page.size {
            found.next = found.ids.last().cloned();
            return Ok(found);
        }
        if found.ids.len() >= limits.entries {
            return Err(TooLong::Entries { limit: limits.entries });
        }
        found.ids.push(id);
    }
    Ok(found)
}

impl Snapshot {
    /// The known subjects of a type that may do `action` on the resource.
    ///
    /// # Errors
    /// When it is too long.
    pub fn search_subjects(
        &self,
        kind: &str,
        action: &Entity<'_>,
        target: &Target<'_>,
        context: &Context<'_>,
        page: Page<'_>,
        limits: &ListLimits,
    ) -> Result<Found, TooLong> {
        search(self.known_subjects(kind), page, limits, |id| {
            self.decide(&Entity::new(kind, id), action, target, context).allowed
        })
    }

    /// The known resources of a type on which `subject` may do `action`.
    ///
    /// # Errors
    /// When it is too long.
    pub fn search_resources(
        &self,
        subject: &Entity<'_>,
        action: &Entity<'_>,
        kind: &str,
        context: &Context<'_>,
        page: Page<'_>,
        limits: &ListLimits,
    ) -> Result<Found, TooLong> {
        search(self.known_resources(kind), page, limits, |id| {
            self.decide(subject, action, &Self::target(kind, id), context).allowed
        })
    }

    /// The known actions that `subject` may do on the resource.
    ///
    /// # Errors
    /// When it is too long.
    pub fn search_actions(
        &self,
        subject: &Entity<'_>,
        target: &Target<'_>,
        context: &Context<'_>,
        page: Page<'_>,
        limits: &ListLimits,
    ) -> Result<Found, TooLong> {
        search(self.known_actions(), page, limits, |name| {
            self.decide(subject, &Entity::new("", name), target, context).allowed
        })
    }
}
