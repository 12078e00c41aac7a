//! Which page of a list is wanted.

use crate::problem::Problem;
use keystead_domain::PageRequest;

/// `limit` (1 to 200, else 50) and `cursor`, as every list takes them.
pub(crate) fn page_request(limit: Option<u16>, cursor: Option<String>) -> Result<PageRequest, Problem> {
    let limit = limit.unwrap_or(PageRequest::DEFAULT);
    if !(1..=PageRequest::MAX).contains(&limit) {
        return Err(Problem::invalid("limit", format!("must be 1 to {}", PageRequest::MAX)));
    }
    if cursor.as_ref().is_some_and(|cursor| cursor.is_empty() || cursor.len() > 2048) {
        return Err(Problem::invalid("cursor", "must be a next_cursor of this list"));
    }
    Ok(PageRequest { limit, after: cursor })
}
