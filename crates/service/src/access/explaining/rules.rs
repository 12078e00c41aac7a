//! What rules said.

use super::source::{cause, effect, truth};
use keystead_access::policy;
use keystead_domain::RuleId;

/// What the rules of the organization, or of the platform, said together.
#[derive(Clone, Debug, PartialEq)]
pub struct RulesSaid {
    /// `allow`, `deny` or `abstain`.
    pub effect: &'static str,
    /// Why: `matched`, `unknown_condition`, `without_rules`, `nothing_matched`, `too_many_steps` or `bad_request`.
    pub cause: &'static str,
    /// The rule that decided; none where no single one did.
    pub rule: Option<RuleId>,
    /// What each of them said; none where that is not shown to the caller.
    pub detail: Option<RulesDetail>,
}

/// What each rule said.
#[derive(Clone, Debug, PartialEq)]
pub struct RulesDetail {
    /// The roles that the subject has by rules, nearest first, itself included; at most 100.
    pub roles: Vec<String>,
    /// How many rules were asked.
    pub asked: usize,
    /// How many of them matched.
    pub matched: usize,
    /// At most 20 of them: the one that decided, those that matched, those that may match, then those that came nearest.
    pub considered: Vec<RuleSeen>,
    /// The attributes that those rules asked for and nobody knows, as the matcher writes them.
    pub unknown: Vec<String>,
    /// The allowing rule that came nearest: what it failed at would have been needed. None when it is allowed.
    pub nearest: Option<RuleSeen>,
}

/// What one rule said.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleSeen {
    /// The rule.
    pub id: RuleId,
    /// Its definition: `p`.
    pub ptype: String,
    /// Its values, those that were left out included.
    pub values: Vec<String>,
    /// What it says where it matches.
    pub effect: &'static str,
    /// Whether the time of the question is within the rule's.
    pub in_time: bool,
    /// Whether it matched: `yes`, `no` or `unknown`.
    pub matched: &'static str,
    /// The terms of the matcher that were not true. All of them would have to hold.
    pub failed: Vec<TermSeen>,
}

/// A term of a matcher that was not true.
#[derive(Clone, Debug, PartialEq)]
pub struct TermSeen {
    /// As it is written: `r.obj.status == "draft"`.
    pub text: String,
    /// `no` or `unknown`.
    pub truth: &'static str,
    /// What stands in it, and its value.
    pub values: Vec<(String, String)>,
}

impl RulesSaid {
    pub(super) fn new(said: policy::Explanation, with_detail: bool) -> Self {
        let policy::Explanation { verdict, roles, total, matched, considered, unknown, nearest } = said;
        let detail = with_detail.then(|| RulesDetail {
            roles,
            asked: total,
            matched,
            considered: considered.into_iter().map(RuleSeen::new).collect(),
            unknown,
            nearest: nearest.map(RuleSeen::new),
        });
        Self { effect: effect(verdict.effect), cause: cause(verdict.cause), rule: verdict.rule, detail }
    }
}

impl RuleSeen {
    fn new(rule: policy::Considered) -> Self {
        let terms = rule.failed.into_iter();
        Self {
            id: rule.rule,
            ptype: rule.ptype,
            values: rule.values,
            effect: effect(rule.effect),
            in_time: rule.in_time,
            matched: truth(rule.truth),
            failed: terms
                .map(|term| TermSeen { text: term.text, truth: truth(term.truth), values: term.values })
                .collect(),
        }
    }
}
