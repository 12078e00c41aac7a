//! `GET /service-accounts/{service_account_id}`.

use super::view::ServiceAccount;
use crate::{
    AppState,
    input::{Id, Signed},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::extract::State;
use keystead_domain::ServiceAccountId;
use keystead_service::service_accounts;

/// Shows a service account.
#[utoipa::path(
    get, path = "/service-accounts/{service_account_id}", tag = "service accounts",
    params(("service_account_id" = Uuid, Path, description = "The service account."), openapi::Unless),
    responses((status = 200, description = "The service account.", body = ServiceAccount, headers(("ETag" = String))))
)]
pub(crate) async fn get_service_account(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<ServiceAccountId>,
) -> Result<Versioned<ServiceAccount>, Problem> {
    let found = service_accounts::get_service_account(state.app(), &caller, caller.organization_id, id).await?;
    let body = ServiceAccount::from(found);
    Ok(Versioned(body.version, body))
}
