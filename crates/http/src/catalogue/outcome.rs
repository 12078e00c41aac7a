//! What came of writing many things at once.

use keystead_service::catalogue::PutOutcome;
use serde::Serialize;
use utoipa::ToSchema;

/// What came of writing many things at once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Outcome<T: ToSchema> {
    /// They as they are now, in the order in which they were given.
    items: Vec<T>,
    /// How many were made.
    created: usize,
    /// How many were changed; the rest was so already.
    changed: usize,
}

impl<T: ToSchema> Outcome<T> {
    /// Shows each item as `view` makes it.
    pub(crate) fn of<U>(done: PutOutcome<U>, view: impl FnMut(U) -> T) -> Self {
        let PutOutcome { items, created, changed } = done;
        Self { items: items.into_iter().map(view).collect(), created, changed }
    }
}
