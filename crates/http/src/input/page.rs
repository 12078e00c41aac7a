//! Which page of a list is wanted.

use crate::problem::Problem;
use keystead_domain::PageRequest;
use keystead_service::paging::PageInput;

/// `limit` (1 to 200, else 50) and `cursor`, as every list takes them.
pub(crate) fn page_input(limit: Option<u16>, cursor: Option<String>) -> Result<PageInput, Problem> {
    if limit.is_some_and(|limit| !(1..=PageRequest::MAX).contains(&limit)) {
        return Err(Problem::invalid("limit", format!("must be 1 to {}", PageRequest::MAX)));
    }
    Ok(PageInput { limit, cursor })
}
