//! Roles, permissions and the policy.

mod effective;
pub(crate) mod explaining;
mod permissions;
mod policy;
pub(crate) mod previewing;
mod role_permissions;
mod roles;
mod set;
pub(crate) mod view;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(roles::list::list_roles, roles::create::create_role))
        .routes(routes!(roles::read::get_role, roles::change::update_role, roles::change::delete_role))
        .routes(routes!(role_permissions::get_role_permissions, role_permissions::set_role_permissions))
        .routes(routes!(permissions::list_permissions, permissions::create_permission))
        .routes(routes!(permissions::get_permission, permissions::delete_permission))
        .merge(policy::routes())
        .merge(effective::routes())
        .merge(explaining::routes())
        .merge(previewing::routes())
        .merge(set::routes())
}
