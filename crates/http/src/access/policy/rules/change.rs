//! `PATCH` and `DELETE /access/rules/{rule_id}`.

use super::view::PolicyRule;
use crate::{
    AppState,
    input::{Id, IfMatch, Json, Signed, given},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::{RuleId, Timestamp};
use keystead_service::access::policy::rules::{self, DeleteRule, UpdateRule};
use serde::Deserialize;
use utoipa::ToSchema;

/// What can be changed about a policy rule. What is absent stays; null clears priority and times.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleChange {
    /// Other values, all of them.
    #[schema(min_items = 1, max_items = 6)]
    values: Option<Vec<String>>,
    /// The smaller, the earlier, where the model orders rules.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i32>)]
    priority: Option<Option<i32>>,
    /// It does not count before.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = DateTime)]
    not_before: Option<Option<Timestamp>>,
    /// It no longer counts from then on.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Option<Timestamp>>,
    /// Whether it counts.
    is_active: Option<bool>,
}

/// Changes a policy rule, if it fits the model in force and the other rules then.
#[utoipa::path(
    patch, path = "/access/rules/{rule_id}", tag = "access", request_body = RuleChange,
    params(("rule_id" = Uuid, Path, description = "The rule."), openapi::Revision),
    responses((status = 200, description = "The rule as it is now.", body = PolicyRule, headers(("ETag" = String))))
)]
pub(crate) async fn update_rule(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(rule): Id<RuleId>,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<RuleChange>,
) -> Result<Versioned<PolicyRule>, Problem> {
    let RuleChange { values, priority, not_before, expires_at, is_active } = value;
    let organization = caller.organization_id;
    let input = UpdateRule { organization, rule, version, values, priority, not_before, expires_at, is_active };
    let body = PolicyRule::from(rules::update_rule(state.app(), &caller, input).await?);
    Ok(Versioned(body.version, body))
}

/// Removes a policy rule.
#[utoipa::path(
    delete, path = "/access/rules/{rule_id}", tag = "access",
    params(("rule_id" = Uuid, Path, description = "The rule."), openapi::Revision),
    responses((status = 204, description = "Removed."))
)]
pub(crate) async fn delete_rule(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(rule): Id<RuleId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    rules::delete_rule(state.app(), &caller, DeleteRule { organization: caller.organization_id, rule, version })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
