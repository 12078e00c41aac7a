//! Pages of a list, as clients ask for them and get them.

use crate::App;
use keystead_crypto::tokens::Cursor;
use keystead_domain::{Caller, Error, Page, PageRequest, Result};
use serde::{Deserialize, Serialize};

/// Which page a client asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct PageInput {
    /// At most so many items; [`PageRequest::DEFAULT`] when nothing is said, never more than [`PageRequest::MAX`].
    pub limit: Option<u16>,
    /// `next_cursor` of the page before; none for the first page.
    pub cursor: Option<String>,
}

/// A page as a client gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageOutput<T> {
    /// The items, in order.
    pub items: Vec<T>,
    /// The cursor of the next page; none when this is the last.
    pub next_cursor: Option<String>,
}

impl<T> PageOutput<T> {
    /// The same page with each item turned into another.
    #[must_use]
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> PageOutput<U> {
        PageOutput { items: self.items.into_iter().map(f).collect(), next_cursor: self.next_cursor }
    }
}

/// The cursors of one list, as one caller sees it through one filter.
///
/// A cursor is authenticated: it opens for the same person or service account in the same organization, for the same list and filter.
#[derive(Debug)]
pub struct Paging {
    bound_to: Vec<u8>,
    request: PageRequest,
}

impl Paging {
    /// Reads what the client asks for. `list` names the list: its route, with the values in its path.
    ///
    /// # Errors
    /// `Invalid` on `cursor` when it was not made for this caller, list and filter.
    pub fn open(app: &App, caller: &Caller, list: &str, filter: &impl Serialize, input: &PageInput) -> Result<Self> {
        let bound_to = (caller.kind.as_str(), caller.acting_id(), caller.organization_id, list, filter);
        let bound_to = serde_json::to_vec(&bound_to).map_err(|error| Error::internal(error.to_string()))?;
        let mut request = PageRequest::first(input.limit.unwrap_or(PageRequest::DEFAULT));
        if let Some(cursor) = &input.cursor {
            let after = Cursor::open(&app.keys.macs().cursor, &bound_to, cursor);
            let after = after.and_then(|payload| String::from_utf8(payload).ok());
            request.after = Some(after.ok_or_else(|| {
                Error::invalid("cursor", "is not a cursor of this list and filter: begin without one")
            })?);
        }
        Ok(Self { bound_to, request })
    }

    /// What the repository is asked for.
    #[must_use]
    pub const fn request(&self) -> &PageRequest {
        &self.request
    }

    /// What the client gets.
    ///
    /// # Errors
    /// When the last item's key is too long for a cursor.
    pub fn close<T>(&self, app: &App, page: Page<T>) -> Result<PageOutput<T>> {
        let sign = |key: String| Cursor::sign(&app.keys.macs().cursor, &self.bound_to, key.as_bytes());
        Ok(PageOutput { next_cursor: page.next.map(sign).transpose()?, items: page.items })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, member};

    fn page(next: &str) -> Page<u8> {
        Page { items: vec![1], next: Some(next.to_owned()) }
    }

    #[test]
    fn a_cursor_leads_to_the_next_page_of_the_same_list_only() {
        let app = TestApp::new().build();
        let (caller, filter) = (member(1, 7), Some("active"));
        let first = Paging::open(&app, &caller, "teams", &filter, &PageInput::default()).unwrap();
        assert_eq!(first.request(), &PageRequest::first(PageRequest::DEFAULT));
        let cursor = first.close(&app, page("place")).unwrap().next_cursor;
        let input = PageInput { limit: Some(9_999), cursor };

        let next = Paging::open(&app, &caller, "teams", &filter, &input).unwrap();
        assert_eq!(next.request(), &PageRequest { limit: PageRequest::MAX, after: Some("place".to_owned()) });

        for (caller, list, filter) in [
            (&caller, "users", filter),
            (&caller, "teams", None),
            (&member(2, 7), "teams", filter),
            (&member(1, 8), "teams", filter),
        ] {
            let error = Paging::open(&app, caller, list, &filter, &input).unwrap_err();
            assert_eq!(error.fields[0].field, "cursor");
        }
    }
}
