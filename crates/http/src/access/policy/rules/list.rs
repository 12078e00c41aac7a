//! `GET /access/rules`.

use super::view::PolicyRule;
use crate::{
    AppState,
    input::{Query, Signed, page_input},
    problem::Problem,
    reply::Page,
};
use axum::extract::State;
use keystead_domain::access::RuleFilter;
use keystead_service::access::policy::rules::{self, ListRules};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which rules, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RuleQuery {
    /// At most so many items; 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Only this kind of line.
    #[param(max_length = 10)]
    ptype: Option<String>,
    /// Only with this first value.
    #[param(max_length = 256)]
    v0: Option<String>,
    /// Only with this second value.
    #[param(max_length = 256)]
    v1: Option<String>,
    /// Only with this third value.
    #[param(max_length = 2000)]
    v2: Option<String>,
    /// Only with this fourth value.
    #[param(max_length = 2000)]
    v3: Option<String>,
    /// Only with this fifth value.
    #[param(max_length = 2000)]
    v4: Option<String>,
    /// Only with this sixth value.
    #[param(max_length = 2000)]
    v5: Option<String>,
    /// Only active ones, or only the others.
    active: Option<bool>,
}

/// Lists the organization's own policy rules.
#[utoipa::path(
    get, path = "/access/rules", tag = "access", params(RuleQuery),
    responses((status = 200, description = "A page of them, oldest first.", body = Page<PolicyRule>))
)]
pub(crate) async fn list_rules(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<RuleQuery>,
) -> Result<Page<PolicyRule>, Problem> {
    let RuleQuery { limit, cursor, ptype, v0, v1, v2, v3, v4, v5, active } = query;
    let filter = RuleFilter { ptype, values: [v0, v1, v2, v3, v4, v5], is_active: active };
    let input = ListRules { organization: caller.organization_id, filter, page: page_input(limit, cursor)? };
    Ok(Page::of(rules::list_rules(state.app(), &caller, input).await?, PolicyRule::from))
}
