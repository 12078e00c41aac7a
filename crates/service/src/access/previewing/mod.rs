//! What a set of changes would flip, before it is saved.
//!
//! The changes are made by the very use cases that save them, one after the other, in a transaction that is rolled back. So what is
//! refused is refused for the same reasons, whoever may not make a change may not preview it, and what would be decided
//! afterwards is compiled from the rows that there would be.

mod change;
mod evaluate;
mod make;
mod preview;
#[cfg(test)]
mod tests;

pub use change::Change;
pub use evaluate::evaluator_after;
pub use preview::{Flipped, MOST_ASKED, MOST_CHANGES, MOST_FLIPS, Preview, PreviewChanges, preview};
