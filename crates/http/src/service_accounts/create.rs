//! `POST /service-accounts`.

use super::view::{ApiKey, ServiceAccount};
use crate::{
    AppState,
    input::{CreateKey, Json, Signed},
    openapi,
    problem::Problem,
    reply::Created,
};
use axum::extract::State;
use keystead_service::service_accounts::{self, CreateServiceAccount, keys::KeyTerms};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A new service account and what its first key is good for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewServiceAccount {
    /// Its name, unique in the organization.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// What it is for.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// What the key permits: names of permissions that one holds oneself. `access:evaluate` is short for
    /// `access:evaluate:organization`. Without any, the key permits nothing.
    #[serde(default)]
    #[schema(max_items = 100, example = json!(["access:evaluate:organization"]))]
    scopes: Vec<String>,
    /// In how many days the key ends; a year when absent, if the operator has set nothing else.
    #[schema(minimum = 1, example = 90)]
    expires_in_days: Option<u32>,
}

/// A service account with its first key.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedServiceAccount {
    #[serde(flatten)]
    account: ServiceAccount,
    /// What can be seen of its first key later.
    api_key: ApiKey,
    /// The key itself, for `Authorization: Bearer`. It is shown here and never again.
    #[schema(pattern = "^ks_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$")]
    key: String,
}

/// Makes a service account with a first key. Nobody makes a key that permits more than they may themselves.
#[utoipa::path(
    post, path = "/service-accounts", tag = "service accounts", params(openapi::CreateKey),
    request_body = NewServiceAccount,
    responses((status = 201, description = "The service account and its key, which is shown this once.", body = CreatedServiceAccount, headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn create_service_account(
    State(state): State<AppState>,
    Signed(caller): Signed,
    key: CreateKey,
    Json { value, bytes }: Json<NewServiceAccount>,
) -> Result<Created<CreatedServiceAccount>, Problem> {
    let key = key.with(state.app(), &bytes)?;
    let NewServiceAccount { name, description, scopes, expires_in_days } = value;
    let terms = KeyTerms { scopes, expires_in_days };
    let input = CreateServiceAccount { organization: caller.organization_id, name, description, key: terms };
    let made = service_accounts::create_service_account(state.app(), &caller, input, key).await?;
    let account = ServiceAccount::from(made.account);
    let (location, version) = (format!("/api/v1/service-accounts/{}", account.id), Some(account.version));
    let key = made.key.token.expose_secret().to_owned();
    let body = CreatedServiceAccount { account, api_key: made.key.key.into(), key };
    Ok(Created { location, version, body })
}
