//! `POST /access/rules/delete`.

use crate::{
    AppState,
    input::{Json, Signed},
    problem::Problem,
    reply::Deleted,
};
use axum::extract::State;
use keystead_domain::{RuleId, access};
use keystead_service::access::policy::rules::{self, DeleteRules, WhichRules};
use serde::Deserialize;
use utoipa::ToSchema;

/// Which rules are to be removed: `ids` or `filter`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RulesToDelete {
    /// These. If one of them is not there, none is removed.
    #[schema(value_type = Option<Vec<Uuid>>, max_items = 10000)]
    ids: Option<Vec<RuleId>>,
    /// All that meet it.
    filter: Option<RuleFilter>,
}

/// Conditions that rules meet; at least one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleFilter {
    /// Of this kind.
    #[schema(max_length = 10)]
    ptype: Option<String>,
    /// With these values in their places; null means any.
    #[serde(default)]
    #[schema(max_items = 6)]
    values: Vec<Option<String>>,
    /// Active ones, or the others.
    is_active: Option<bool>,
}

impl RuleFilter {
    fn read(self) -> Result<access::RuleFilter, Problem> {
        let mut filter = access::RuleFilter { ptype: self.ptype, is_active: self.is_active, ..Default::default() };
        if self.values.len() > filter.values.len() {
            return Err(Problem::invalid("filter.values", format!("must be at most {}", filter.values.len())));
        }
        filter.values.iter_mut().zip(self.values).for_each(|(place, value)| *place = value);
        Ok(filter)
    }
}

/// Removes several policy rules, all or none.
#[utoipa::path(
    post, path = "/access/rules/delete", tag = "access", request_body = RulesToDelete,
    responses((status = 200, description = "How many were removed.", body = Deleted))
)]
pub(crate) async fn delete_rules(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Json { value, .. }: Json<RulesToDelete>,
) -> Result<axum::Json<Deleted>, Problem> {
    let which = match (value.ids, value.filter) {
        (Some(ids), None) => WhichRules::Ids(ids),
        (None, Some(filter)) => WhichRules::Matching(filter.read()?),
        _ => return Err(Problem::invalid("ids", "name either ids or a filter")),
    };
    let input = DeleteRules { organization: caller.organization_id, which };
    Ok(axum::Json(Deleted { deleted: rules::delete_rules(state.app(), &caller, input).await? }))
}
