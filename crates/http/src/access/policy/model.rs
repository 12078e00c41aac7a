//! `/access/model`.

use crate::{
    AppState,
    input::{IfMatch, Json, Signed},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::Timestamp;
use keystead_service::access::policy::model::{self, DeleteModel, ModelInForce, ModelOf, PutModel};
use serde::{Deserialize, Serialize};
use utoipa::{
    ToSchema,
    openapi::{Object, ObjectBuilder, Type},
};

const ORIGINS: [&str; 3] = ["organization", "platform", "default"];

fn origins() -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(ORIGINS)).build()
}

/// The Casbin model that the organization's rules are read by.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PolicyModel {
    /// Whose it is: the organization's own, the platform's for all that have none, or nobody's, the engine's default.
    #[schema(schema_with = origins)]
    origin: &'static str,
    /// The whole model.
    text: String,
    /// The version of the organization's own, the `ETag`; 0 while it has none.
    version: i64,
    /// When the organization's own was last changed.
    #[schema(value_type = Option<String>, format = DateTime)]
    updated_at: Option<Timestamp>,
    /// Who last changed it, as `type:id`.
    updated_by: Option<String>,
}

impl From<ModelInForce> for PolicyModel {
    fn from(model: ModelInForce) -> Self {
        let origin = match model.of {
            ModelOf::Own => ORIGINS[0],
            ModelOf::Platform => ORIGINS[1],
            ModelOf::Default => ORIGINS[2],
        };
        let ModelInForce { text, version, updated_at, updated_by, .. } = model;
        Self { origin, text, version, updated_at, updated_by }
    }
}

/// A model for the organization.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPolicyModel {
    /// The whole model, in Casbin's words, up to 64 KiB.
    #[schema(max_length = 65536)]
    pub(in crate::access) text: String,
}

/// Shows the model that the organization's rules are read by: its own, else the platform's, else the engine's default.
///
/// The `ETag` is that of the organization's own, `"0"` while it has none.
#[utoipa::path(
    get, path = "/access/model", tag = "access",
    responses((status = 200, description = "The model in force.", body = PolicyModel, headers(("ETag" = String))))
)]
pub(crate) async fn get_policy_model(
    State(state): State<AppState>,
    Signed(caller): Signed,
) -> Result<crate::reply::Living<PolicyModel>, Problem> {
    let body = PolicyModel::from(model::get_model(state.app(), &caller, caller.organization_id).await?);
    // While the organization has none, the text may be another with the same version.
    Ok(crate::reply::Living(body.version, body))
}

/// Gives the organization this model. Every active rule must fit it: else nothing is changed, and the answer names the rules.
#[utoipa::path(
    put, path = "/access/model", tag = "access", request_body = NewPolicyModel, params(openapi::Revision),
    responses((status = 200, description = "The model as it is now.", body = PolicyModel, headers(("ETag" = String))))
)]
pub(crate) async fn put_policy_model(
    State(state): State<AppState>,
    Signed(caller): Signed,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<NewPolicyModel>,
) -> Result<Versioned<PolicyModel>, Problem> {
    let input = PutModel { organization: caller.organization_id, version, text: value.text };
    let body = PolicyModel::from(model::put_model(state.app(), &caller, input).await?);
    Ok(Versioned(body.version, body))
}

/// Takes the organization's own model away. Every active rule must fit the one that is in force then.
#[utoipa::path(
    delete, path = "/access/model", tag = "access", params(openapi::Revision),
    responses((status = 204, description = "Taken away."))
)]
pub(crate) async fn delete_policy_model(
    State(state): State<AppState>,
    Signed(caller): Signed,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    model::delete_model(state.app(), &caller, DeleteModel { organization: caller.organization_id, version }).await?;
    Ok(StatusCode::NO_CONTENT)
}
