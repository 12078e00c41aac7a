//! User levels, what they permit, who has them, and the matrix of an editor.

mod change;
mod create;
mod feature_permissions;
mod list;
mod matrix;
mod members;
mod of_member;
mod read;
mod view;
mod view_permissions;

use crate::{AppState, input::page_input, problem::Problem};
use keystead_domain::{Caller, OrganizationId};
use keystead_service::paging::PageInput;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_user_levels, create::create_user_level))
        .routes(routes!(read::get_user_level, change::update_user_level, change::delete_user_level))
        .routes(routes!(members::list_level_members))
        .routes(routes!(members::give_user_level, members::take_user_level))
        .routes(routes!(of_member::get_levels_of_member, of_member::set_levels_of_member))
        .merge(view_permissions::routes())
        .merge(feature_permissions::routes())
        .routes(routes!(matrix::read::get_access_matrix, matrix::write::change_access_matrix))
}

/// Which page, and in which organization.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PagedWhose {
    /// At most so many items; 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Of this organization; the caller's when absent. Only the platform's administrators name another.
    #[param(value_type = Option<Uuid>)]
    organization_id: Option<OrganizationId>,
}

impl PagedWhose {
    fn input(self, caller: &Caller) -> Result<(OrganizationId, PageInput), Problem> {
        let page = page_input(self.limit, self.cursor)?;
        Ok((self.organization_id.unwrap_or(caller.organization_id), page))
    }
}
