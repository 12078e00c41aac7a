//! `PATCH` and `DELETE /service-accounts/{service_account_id}`.

use super::view::ServiceAccount;
use crate::{
    AppState,
    input::{Id, IfMatch, Json, Signed, given},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::ServiceAccountId;
use keystead_service::service_accounts::{self, DeleteServiceAccount, UpdateServiceAccount};
use serde::Deserialize;
use utoipa::ToSchema;

/// What can be changed about a service account. What is absent stays; null clears the description.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceAccountChange {
    /// Its name, unique in the organization.
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
    /// What it is for.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 2000)]
    description: Option<Option<String>>,
    /// `false` disables it and ends all its keys at once and for good; once enabled again it needs new ones.
    is_active: Option<bool>,
}

/// Renames, describes, disables or enables a service account.
#[utoipa::path(
    patch, path = "/service-accounts/{service_account_id}", tag = "service accounts",
    request_body = ServiceAccountChange,
    params(("service_account_id" = Uuid, Path, description = "The service account."), openapi::Revision),
    responses((status = 200, description = "The service account as it is now.", body = ServiceAccount, headers(("ETag" = String))))
)]
pub(crate) async fn update_service_account(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(account): Id<ServiceAccountId>,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<ServiceAccountChange>,
) -> Result<Versioned<ServiceAccount>, Problem> {
    let ServiceAccountChange { name, description, is_active } = value;
    let organization = caller.organization_id;
    let input = UpdateServiceAccount { organization, account, version, name, description, is_active };
    let body = ServiceAccount::from(service_accounts::update_service_account(state.app(), &caller, input).await?);
    Ok(Versioned(body.version, body))
}

/// Removes a service account with its keys, which open nothing from then on.
#[utoipa::path(
    delete, path = "/service-accounts/{service_account_id}", tag = "service accounts",
    params(("service_account_id" = Uuid, Path, description = "The service account."), openapi::Revision),
    responses((status = 204, description = "Removed, with its keys."))
)]
pub(crate) async fn delete_service_account(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(account): Id<ServiceAccountId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    let input = DeleteServiceAccount { organization: caller.organization_id, account, version };
    service_accounts::delete_service_account(state.app(), &caller, input).await?;
    Ok(StatusCode::NO_CONTENT)
}
