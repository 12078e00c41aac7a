//! `POST /service-accounts/{service_account_id}/keys/{key_id}/rotate`.

use super::view::{ApiKey, CreatedApiKey, key_path};
use crate::{
    AppState,
    input::{CreateKey, Id, Json, Signed},
    openapi,
    problem::Problem,
    reply::Created,
};
use axum::extract::State;
use keystead_domain::{ApiKeyId, ServiceAccountId};
use keystead_service::service_accounts::keys::{self, RotateApiKey};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the old key gives way to the new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rotation {
    /// For how long the old key goes on, in seconds; a day when absent. With 0 it ends at once.
    #[schema(minimum = 0, maximum = 2_592_000, example = 86_400)]
    overlap_seconds: Option<i64>,
    /// In how many days the new key ends; a year when absent, if the operator has set nothing else.
    #[schema(minimum = 1, example = 90)]
    expires_in_days: Option<u32>,
}

/// The new key, and the old one with its end.
#[derive(Serialize, ToSchema)]
pub(crate) struct RotatedApiKey {
    #[serde(flatten)]
    made: CreatedApiKey,
    /// The old key.
    replaced: ApiKey,
}

/// Puts a successor with the same scopes in the place of a key, which goes on for a while. Nobody rotates a key that permits more
/// than they may themselves.
#[utoipa::path(
    post, path = "/service-accounts/{service_account_id}/keys/{key_id}/rotate", tag = "service accounts",
    params(
        ("service_account_id" = Uuid, Path, description = "The service account."),
        ("key_id" = Uuid, Path, description = "The key that is to be replaced."),
        openapi::CreateKey,
    ),
    request_body = Rotation,
    responses((status = 201, description = "The new key, which is shown this once.", body = RotatedApiKey, headers(("Location" = String))))
)]
pub(crate) async fn rotate_api_key(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id((account, replaced)): Id<(ServiceAccountId, ApiKeyId)>,
    key: CreateKey,
    Json { value, bytes }: Json<Rotation>,
) -> Result<Created<RotatedApiKey>, Problem> {
    let key = key.with(state.app(), &bytes)?;
    let Rotation { overlap_seconds, expires_in_days } = value;
    let organization = caller.organization_id;
    let input = RotateApiKey { organization, account, key: replaced, overlap_seconds, expires_in_days };
    let rotated = keys::rotate_api_key(state.app(), &caller, input, key).await?;
    let body = RotatedApiKey { made: rotated.made.into(), replaced: rotated.replaced.into() };
    Ok(Created { location: key_path(&body.made.api_key), version: None, body })
}
