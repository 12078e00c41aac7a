//! `GET /service-accounts`.

use super::view::ServiceAccount;
use crate::{
    AppState,
    input::{Paged, Query, Signed},
    problem::Problem,
    reply::Page,
};
use axum::extract::State;
use keystead_service::service_accounts::{self, ListServiceAccounts};

/// Lists the organization's service accounts.
#[utoipa::path(
    get, path = "/service-accounts", tag = "service accounts", params(Paged),
    responses((status = 200, description = "A page of them, oldest first.", body = Page<ServiceAccount>))
)]
pub(crate) async fn list_service_accounts(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<Paged>,
) -> Result<Page<ServiceAccount>, Problem> {
    let input = ListServiceAccounts { organization: caller.organization_id, page: query.input()? };
    let found = service_accounts::list_service_accounts(state.app(), &caller, input).await?;
    Ok(Page::of(found, ServiceAccount::from))
}
