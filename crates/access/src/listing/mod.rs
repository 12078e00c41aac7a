//! What may be done, as lists: searches over what is known, the permissions of a subject, and what a change would flip.
//!
//! Every list is what [`Snapshot::decide`](crate::snapshot::Snapshot::decide) says to each of its entries. One that would
//! take too many decisions or have too many entries is an error, never a part of it that looks like all.

mod effective;
mod known;
mod preview;
mod reached;
mod search;

pub use effective::{Access, FeatureAccess, KindAccess, ViewAccess};
pub use preview::{Asked, Flip, Name, flips};
pub use reached::Door;
pub use search::{Found, Page};

use std::fmt;

/// How much one list may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListLimits {
    /// Decisions.
    pub decisions: usize,
    /// Entries.
    pub entries: usize,
}

impl Default for ListLimits {
    fn default() -> Self {
        Self { decisions: 1_000_000, entries: 10_000 }
    }
}

/// A list that is too long to be made. Ask for less of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooLong {
    /// It would take so many decisions, and may take only so many.
    Decisions {
        /// How many it would take.
        needed: usize,
        /// How many it may.
        limit: usize,
    },
    /// It has more entries than it may.
    Entries {
        /// How many it may have.
        limit: usize,
    },
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decisions { needed, limit } => {
                write!(f, "this takes {needed} decisions, and may take at most {limit}: ask for less of it")
            }
            Self::Entries { limit } => write!(f, "this has more than {limit} entries: ask for less of it"),
        }
    }
}
impl std::error::Error for TooLong {}

impl ListLimits {
    fn allow(&self, factors: &[usize]) -> Result<(), TooLong> {
        let needed = factors.iter().fold(1_usize, |product, factor| product.saturating_mul(*factor));
        if needed > self.decisions { Err(TooLong::Decisions { needed, limit: self.decisions }) } else { Ok(()) }
    }
}
