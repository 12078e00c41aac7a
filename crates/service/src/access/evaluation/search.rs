//! Who may, on what, and how.

use super::{Attributes, Evaluator, Question, Thing, named, question::circumstances};
use crate::access::evaluation::Act;
use keystead_access::{
    Context, Target,
    listing::{ListLimits, Page},
};
use keystead_domain::{Error, ErrorKind, Result};

/// The most that one page can hold.
pub const MOST_FOUND: usize = 10_000;

/// What is looked for; the rest of the question is given.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'a> {
    /// Subjects of a type that may do the action on the resource.
    Subjects {
        /// Their type.
        kind: &'a str,
        /// What they are to do.
        action: Act<'a>,
        /// On what.
        resource: Thing<'a>,
    },
    /// Resources of a type on which the subject may do the action.
    Resources {
        /// Who.
        subject: Thing<'a>,
        /// What is to be done on them.
        action: Act<'a>,
        /// Their type.
        kind: &'a str,
    },
    /// Actions that the subject may do on the resource.
    Actions {
        /// Who.
        subject: Thing<'a>,
        /// On what.
        resource: Thing<'a>,
    },
}

/// One page of what was found, in the order of identifiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Identifiers, or names of actions.
    pub ids: Vec<String>,
    /// The last one of the page, when there are more.
    pub next: Option<String>,
}

impl Evaluator {
    /// Finds, among everything that is known, exactly what [`Evaluator::evaluate`] would allow.
    ///
    /// # Errors
    /// `Invalid` for a name without end or a page without end; `Invalid` with code `too_much` when it takes more than a
    /// million decisions; `Forbidden` with code `only_about_oneself`.
    pub fn search(
        &self,
        wanted: Wanted<'_>,
        context: Option<&Attributes>,
        after: Option<&str>,
        size: usize,
    ) -> Result<Found> {
        if size == 0 || size > MOST_FOUND {
            return Err(Error::invalid("page.limit", format!("must be 1 to {MOST_FOUND}")));
        }
        let told = context;
        let context = Context::at(self.at).with(circumstances(told));
        let (page, limits) = (Page { after, size }, ListLimits { entries: MOST_FOUND, ..ListLimits::default() });
        let found = match wanted {
            Wanted::Subjects { kind, action, resource } => {
                for (field, text) in [
                    ("subject.type", kind),
                    ("action.name", action.name),
                    ("resource.type", resource.kind),
                    ("resource.id", resource.id),
                ] {
                    named(field, text)?;
                }
                if let Some(only) = &self.only {
                    // Whoever may ask about one person only finds that one or nobody.
                    let subject = Thing { kind, id: only, properties: None };
                    let allowed = self.evaluate(&Question { subject, action, resource, context: told })?.allowed();
                    let is_after = after.is_none_or(|after| after < only.as_str());
                    let ids = if allowed && is_after { vec![only.clone()] } else { Vec::new() };
                    return Ok(Found { ids, next: None });
                }
                let target = Target::known(resource.entity());
                self.snapshot.search_subjects(kind, &action.entity(), &target, &context, page, &limits)
            }
            Wanted::Resources { subject, action, kind } => {
                for (field, text) in [
                    ("subject.type", subject.kind),
                    ("subject.id", subject.id),
                    ("action.name", action.name),
                    ("resource.type", kind),
                ] {
                    named(field, text)?;
                }
                self.may_ask_about(subject.kind, subject.id)?;
                self.snapshot.search_resources(&subject.entity(), &action.entity(), kind, &context, page, &limits)
            }
            Wanted::Actions { subject, resource } => {
                for (field, text) in [
                    ("subject.type", subject.kind),
                    ("subject.id", subject.id),
                    ("resource.type", resource.kind),
                    ("resource.id", resource.id),
                ] {
                    named(field, text)?;
                }
                self.may_ask_about(subject.kind, subject.id)?;
                let target = Target::known(resource.entity());
                self.snapshot.search_actions(&subject.entity(), &target, &context, page, &limits)
            }
        };
        let found = found.map_err(|too_long| Error::new(ErrorKind::Invalid, "too_much", too_long.to_string()))?;
        Ok(Found { ids: found.ids, next: found.next })
    }
}
