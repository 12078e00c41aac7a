//! Which page of a list is wanted.

use crate::problem::Problem;
use keystead_domain::PageRequest;
use keystead_service::paging::PageInput;
use serde::Deserialize;
use utoipa::IntoParams;

/// The query of a list without filters.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paged {
    /// At most so many items; 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

impl Paged {
    /// What the use case is asked for.
    pub(crate) fn input(self) -> Result<PageInput, Problem> {
        page_input(self.limit, self.cursor)
    }
}

/// `limit` (1 to 200, else 50) and `cursor`, as every list takes them.
pub(crate) fn page_input(limit: Option<u16>, cursor: Option<String>) -> Result<PageInput, Problem> {
    if limit.is_some_and(|limit| !(1..=PageRequest::MAX).contains(&limit)) {
        return Err(Problem::invalid("limit", format!("must be 1 to {}", PageRequest::MAX)));
    }
    Ok(PageInput { limit, cursor })
}
