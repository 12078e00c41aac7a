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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_1_to_200() {
        assert_eq!(page_input(None, None).unwrap(), PageInput::default());
        assert_eq!(page_input(Some(200), None).unwrap().limit, Some(200));
        for bad in [0, 201, u16::MAX] {
            assert_eq!(page_input(Some(bad), None).unwrap_err().status.as_u16(), 422);
        }
    }
}
