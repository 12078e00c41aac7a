//! Which permissions are wanted.

use crate::{input::page_input, openapi::words, problem::Problem};
use keystead_service::access::effective::{ListEffective, PermissionKind};
use serde::Deserialize;
use utoipa::IntoParams;

/// The query of a list of effective permissions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Only permissions on resources, features or views.
    #[param(schema_with = words::permission_kind, required = false)]
    kind: Option<PermissionKind>,
    /// At most so many items; 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

impl Wanted {
    /// What the use case is asked for.
    pub(super) fn input(self) -> Result<ListEffective, Problem> {
        Ok(ListEffective { kind: self.kind, page: page_input(self.limit, self.cursor)? })
    }
}
