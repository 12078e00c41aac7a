//! What the lists of the catalogue are asked for, and what is assumed about a thing.

use crate::{input::page_input, problem::Problem};
use keystead_service::catalogue::ListItems;
use serde::Deserialize;
use utoipa::IntoParams;

/// As many characters as a key has at most.
const LONGEST_KEY: usize = 100;

/// Which things of the catalogue are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// Only the one with this key.
    #[param(max_length = 100)]
    key: Option<String>,
    /// At most so many items; 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

impl Filter {
    /// What the use case is asked for.
    pub(crate) fn input(self) -> Result<ListItems, Problem> {
        if self.key.as_ref().is_some_and(|key| key.chars().count() > LONGEST_KEY) {
            return Err(Problem::invalid("key", format!("must have at most {LONGEST_KEY} characters")));
        }
        Ok(ListItems { key: self.key, page: page_input(self.limit, self.cursor)? })
    }
}

/// Things can be reached unless said otherwise.
pub(crate) fn active() -> bool {
    true
}
