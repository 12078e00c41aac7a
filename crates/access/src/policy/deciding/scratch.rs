//! Memory that decisions use again and again.

use super::reach::Reach;
use crate::policy::{compiled::index::KEY_FIELDS, shared::names::Symbol};

/// Working memory of one decision at a time. It grows to what the largest decision so far needed, and then no
/// decision allocates any more. [`Policy::decide`](crate::policy::Policy::decide) keeps one for each thread.
#[derive(Debug, Default)]
pub struct Scratch {
    /// `type:id` of the subject and of the resource.
    pub(super) subject: String,
    pub(super) object: String,
    pub(super) work: Work,
    pub(super) sets: [Vec<Symbol>; KEY_FIELDS],
}

/// The part that evaluation writes to.
#[derive(Debug, Default)]
pub(crate) struct Work {
    /// The roles of each role call of the matcher, and one set for calls that depend on the rule.
    pub(super) reaches: Vec<Reach>,
    /// Which of them were found for this decision.
    pub(super) ready: u64,
    /// Texts that were put together.
    pub(super) made: Vec<u8>,
    /// Steps that are left.
    pub(super) steps: u32,
}
