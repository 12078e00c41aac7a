//! `GET /access/rules/{rule_id}`.

use super::view::PolicyRule;
use crate::{
    AppState,
    input::{Id, Signed},
    problem::Problem,
    reply::Versioned,
};
use axum::extract::State;
use keystead_domain::RuleId;
use keystead_service::access::policy::rules;

/// Shows one of the organization's own policy rules.
#[utoipa::path(
    get, path = "/access/rules/{rule_id}", tag = "access",
    params(("rule_id" = Uuid, Path, description = "The rule."), crate::openapi::Unless),
    responses((status = 200, description = "The rule.", body = PolicyRule, headers(("ETag" = String))))
)]
pub(crate) async fn get_rule(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(rule): Id<RuleId>,
) -> Result<Versioned<PolicyRule>, Problem> {
    let body = PolicyRule::from(rules::get_rule(state.app(), &caller, caller.organization_id, rule).await?);
    Ok(Versioned(body.version, body))
}
