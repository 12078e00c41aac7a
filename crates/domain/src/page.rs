//! Pages of a list that is ordered by a unique key.

/// Which page of a list is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// At most this many items, 1 to [`PageRequest::MAX`].
    pub limit: u16,
    /// Begin after the item with this key; none begins at the start.
    pub after: Option<String>,
}

impl PageRequest {
    /// How many items when nobody says.
    pub const DEFAULT: u16 = 50;
    /// How many items at the most.
    pub const MAX: u16 = 200;

    /// The first page with at most `limit` items, kept within bounds.
    #[must_use]
    pub fn first(limit: u16) -> Self {
        Self { limit: limit.clamp(1, Self::MAX), after: None }
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in order.
    pub items: Vec<T>,
    /// The key of the last item when more follow.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Cuts `items`, read with one more than `limit`, to a page; `key` gives an item's place.
    #[must_use]
    pub fn cut(mut items: Vec<T>, limit: u16, key: impl Fn(&T) -> String) -> Self {
        let limit = usize::from(limit);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(key) } else { None };
        Self { items, next }
    }
    /// The same page with each item turned into another.
    #[must_use]
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}
