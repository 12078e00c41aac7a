//! `PUT /access/rules`.

use super::view::{NewRule, ReplacedRules};
use crate::{
    AppState,
    input::{Json, Signed},
    problem::Problem,
};
use axum::extract::State;
use keystead_service::access::policy::rules::{self, ReplaceRules};
use serde::Deserialize;
use utoipa::ToSchema;

/// All policy rules that the organization is to have.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AllRules {
    /// They; none removes all.
    #[schema(max_items = 200000)]
    rules: Vec<NewRule>,
}

impl From<AllRules> for Vec<rules::NewRule> {
    fn from(all: AllRules) -> Self {
        all.rules.into_iter().map(NewRule::into).collect()
    }
}

/// Replaces all of the organization's policy rules by these, all or nothing.
#[utoipa::path(
    put, path = "/access/rules", tag = "access", request_body = AllRules,
    responses((status = 200, description = "What was replaced.", body = ReplacedRules))
)]
pub(crate) async fn replace_rules(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Json { value, .. }: Json<AllRules>,
) -> Result<axum::Json<ReplacedRules>, Problem> {
    let input = ReplaceRules { organization: caller.organization_id, rules: value.into() };
    Ok(axum::Json(rules::replace_rules(state.app(), &caller, input).await?.into()))
}
