//! `POST /service-accounts/{service_account_id}/keys`.

use super::view::{CreatedApiKey, key_path};
use crate::{
    AppState,
    input::{CreateKey, Id, Json, Signed},
    openapi,
    problem::Problem,
    reply::Created,
};
use axum::extract::State;
use keystead_domain::ServiceAccountId;
use keystead_service::service_accounts::keys::{self, CreateApiKey, KeyTerms};
use serde::Deserialize;
use utoipa::ToSchema;

/// What a new key is good for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewApiKey {
    /// What it permits: names of permissions that one holds oneself. `access:evaluate` is short for
    /// `access:evaluate:organization`. Without any, the key permits nothing.
    #[serde(default)]
    #[schema(max_items = 100, example = json!(["access:evaluate:organization"]))]
    scopes: Vec<String>,
    /// In how many days it ends; a year when absent, if the operator has set nothing else.
    #[schema(minimum = 1, example = 90)]
    expires_in_days: Option<u32>,
}

/// Makes another key of a service account. Nobody makes a key that permits more than they may themselves.
#[utoipa::path(
    post, path = "/service-accounts/{service_account_id}/keys", tag = "service accounts",
    params(("service_account_id" = Uuid, Path, description = "The service account."), openapi::CreateKey),
    request_body = NewApiKey,
    responses((status = 201, description = "The key, which is shown this once.", body = CreatedApiKey, headers(("Location" = String))))
)]
pub(crate) async fn create_api_key(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(account): Id<ServiceAccountId>,
    key: CreateKey,
    Json { value, bytes }: Json<NewApiKey>,
) -> Result<Created<CreatedApiKey>, Problem> {
    let key = key.with(state.app(), &bytes)?;
    let NewApiKey { scopes, expires_in_days } = value;
    let terms = KeyTerms { scopes, expires_in_days };
    let input = CreateApiKey { organization: caller.organization_id, account, terms };
    let body = CreatedApiKey::from(keys::create_api_key(state.app(), &caller, input, key).await?);
    Ok(Created { location: key_path(&body.api_key), version: None, body })
}
