//! `POST /access/rules`.

use super::view::{CreatedRules, NewRule};
use crate::{
    AppState,
    input::{CreateKey, Json, Signed},
    openapi,
    problem::Problem,
    reply::Created,
};
use axum::extract::State;
use keystead_service::access::policy::rules::{self, CreateRules};
use serde::Deserialize;
use utoipa::ToSchema;

/// New policy rules.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRules {
    /// They; all are added, or none.
    #[schema(max_items = 10000)]
    rules: Vec<NewRule>,
}

impl From<NewRules> for Vec<rules::NewRule> {
    fn from(new: NewRules) -> Self {
        new.rules.into_iter().map(NewRule::into).collect()
    }
}

/// Adds policy rules, all or none. Each must fit the model in force, and none may close a circle of roles; an error names the
/// rules by their places.
#[utoipa::path(
    post, path = "/access/rules", tag = "access", params(openapi::CreateKey), request_body = NewRules,
    responses((status = 201, description = "What was added.", body = CreatedRules, headers(("Location" = String))))
)]
pub(crate) async fn create_rules(
    State(state): State<AppState>,
    Signed(caller): Signed,
    key: CreateKey,
    Json { value, bytes }: Json<NewRules>,
) -> Result<Created<CreatedRules>, Problem> {
    let key = key.with(state.app(), &bytes)?;
    let input = CreateRules { organization: caller.organization_id, rules: value.into() };
    let body = CreatedRules::from(rules::create_rules(state.app(), &caller, input, key).await?);
    Ok(Created { location: "/api/v1/access/rules".to_owned(), version: None, body })
}
