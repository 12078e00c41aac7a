//! `GET /service-accounts/{service_account_id}/keys`, and one of them.

use super::view::ApiKey;
use crate::{
    AppState,
    input::{Id, Paged, Query, Signed},
    problem::Problem,
    reply::Page,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::{ApiKeyId, ServiceAccountId};
use keystead_service::service_accounts::keys::{self, ListApiKeys};

/// Lists the keys of a service account, those that have ended too.
#[utoipa::path(
    get, path = "/service-accounts/{service_account_id}/keys", tag = "service accounts",
    params(("service_account_id" = Uuid, Path, description = "The service account."), Paged),
    responses((status = 200, description = "A page of them, oldest first.", body = Page<ApiKey>))
)]
pub(crate) async fn list_api_keys(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(account): Id<ServiceAccountId>,
    Query(query): Query<Paged>,
) -> Result<Page<ApiKey>, Problem> {
    let input = ListApiKeys { organization: caller.organization_id, account, page: query.input()? };
    let found = keys::list_api_keys(state.app(), &caller, input).await?;
    Ok(Page::of(found, ApiKey::from))
}

/// Shows a key, without what it opens with.
#[utoipa::path(
    get, path = "/service-accounts/{service_account_id}/keys/{key_id}", tag = "service accounts",
    params(
        ("service_account_id" = Uuid, Path, description = "The service account."),
        ("key_id" = Uuid, Path, description = "The key."),
    ),
    responses((status = 200, description = "The key.", body = ApiKey))
)]
pub(crate) async fn get_api_key(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((account, key)): Id<(ServiceAccountId, ApiKeyId)>,
) -> Result<axum::Json<ApiKey>, Problem> {
    let found = keys::get_api_key(state.app(), &caller, caller.organization_id, account, key).await?;
    Ok(axum::Json(found.into()))
}

/// Withdraws a key: it opens nothing from then on. Doing it again changes nothing.
#[utoipa::path(
    delete, path = "/service-accounts/{service_account_id}/keys/{key_id}", tag = "service accounts",
    params(
        ("service_account_id" = Uuid, Path, description = "The service account."),
        ("key_id" = Uuid, Path, description = "The key."),
    ),
    responses((status = 204, description = "It has ended. The list still shows it."))
)]
pub(crate) async fn revoke_api_key(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((account, key)): Id<(ServiceAccountId, ApiKeyId)>,
) -> Result<StatusCode, Problem> {
    keys::revoke_api_key(state.app(), &caller, caller.organization_id, account, key).await?;
    Ok(StatusCode::NO_CONTENT)
}
