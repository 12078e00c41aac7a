//! Why a decision comes out as it does: what decided, what was considered, what would have been needed.

mod asked;
mod explain;
mod explained;
mod rules;
mod source;
#[cfg(test)]
mod tests;

pub use asked::{Asked, AskedThing};
pub use explain::explain;
pub use explained::{Explained, ResourceSeen, SubjectSeen};
pub use rules::{RuleSeen, RulesDetail, RulesSaid, TermSeen};
pub use source::{Considered, Needed, Part};
