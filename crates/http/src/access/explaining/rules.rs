//! What rules said, as the API shows it.

use keystead_domain::RuleId;
use keystead_service::access::explaining::{RuleSeen, RulesDetail, RulesSaid};
use serde::Serialize;
use utoipa::ToSchema;

/// What the rules of the organization, or of the platform, said together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhatRulesSaid {
    /// `allow`, `deny` or `abstain`.
    effect: &'static str,
    /// Why: `matched`, `unknown_condition`, `without_rules`, `nothing_matched`, `too_many_steps` or `bad_request`.
    cause: &'static str,
    /// The rule that decided; absent where no single one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Uuid, required = false)]
    rule_id: Option<RuleId>,
    /// What each of them said; absent where that is not shown to the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    detail: Option<WhatEachRuleSaid>,
}

/// What each rule said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhatEachRuleSaid {
    /// The roles that the subject has by rules, nearest first, itself included; at most 100.
    roles: Vec<String>,
    /// How many rules were asked.
    asked: usize,
    /// How many of them matched.
    matched: usize,
    /// At most 20 of them: the one that decided, those that matched, those that may match, then those that came nearest.
    considered: Vec<ConsideredRule>,
    /// The attributes that those rules asked for and nobody knows, as the matcher writes them: `r.obj.status`.
    unknown: Vec<String>,
    /// The allowing rule that came nearest: what it failed at would have been needed. Absent when rules allow it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    nearest: Option<ConsideredRule>,
}

/// What one rule said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConsideredRule {
    /// Its identifier.
    #[schema(value_type = Uuid)]
    id: RuleId,
    /// Its definition: `p`.
    ptype: String,
    /// Its values, those that were left out included.
    values: Vec<String>,
    /// What it says where it matches: `allow` or `deny`.
    effect: &'static str,
    /// Whether the time of the question is within the rule's.
    in_time: bool,
    /// Whether it matched: `yes`, `no` or `unknown`.
    matched: &'static str,
    /// The terms of the matcher that were not true. All of them would have to hold.
    failed: Vec<FailedTerm>,
}

/// A term of a matcher that was not true.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FailedTerm {
    /// As it is written: `r.obj.status == "draft"`.
    text: String,
    /// `no` or `unknown`.
    truth: &'static str,
    /// What stands in it.
    values: Vec<TermValue>,
}

/// What stands in a term, and its value.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TermValue {
    /// As it is written: `r.obj.status`.
    name: String,
    /// Its value, or `unknown`.
    value: String,
}

impl From<RulesSaid> for WhatRulesSaid {
    fn from(said: RulesSaid) -> Self {
        let detail = said.detail.map(|detail| {
            let RulesDetail { roles, asked, matched, considered, unknown, nearest } = detail;
            let considered = considered.into_iter().map(ConsideredRule::from).collect();
            WhatEachRuleSaid { roles, asked, matched, considered, unknown, nearest: nearest.map(ConsideredRule::from) }
        });
        Self { effect: said.effect, cause: said.cause, rule_id: said.rule, detail }
    }
}

impl From<RuleSeen> for ConsideredRule {
    fn from(rule: RuleSeen) -> Self {
        let RuleSeen { id, ptype, values, effect, in_time, matched, failed } = rule;
        let terms = failed.into_iter().map(|term| {
            let values = term.values.into_iter().map(|(name, value)| TermValue { name, value });
            FailedTerm { text: term.text, truth: term.truth, values: values.collect() }
        });
        let failed = terms.collect();
        Self { id, ptype, values, effect, in_time, matched, failed }
    }
}
