//! Why a decision came out as it did. Asks every rule, apart from the index.

use super::{
    evaluate::{Exhausted, Run},
    fold::Fold,
    scratch::Scratch,
    term::{Term, terms_of},
    value::Truth,
};
use crate::policy::{
    Policy, Request,
    compiled::{
        plan::{Branch, Plan},
        row::Row,
        rules_table::RulesTable,
    },
    expression::node::{Kind, RoleCall},
    model::matcher::Matcher,
    rule::RuleId,
    verdict::{Cause, Effect, Verdict},
};

/// The most rules that an explanation lists.
pub const MAX_CONSIDERED: usize = 20;
/// The most roles that an explanation lists.
const MAX_ROLES: usize = 100;

/// A verdict with its reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// What [`Policy::decide`] says.
    pub verdict: Verdict,
    /// The roles that the subject has in this domain, nearest first, itself included; at most 100.
    pub roles: Vec<String>,
    /// How many rules were asked.
    pub total: usize,
    /// How many of them matched.
    pub matched: usize,
    /// At most [`MAX_CONSIDERED`] of them: the one that decided, those that matched, those that may match, and then
    /// those that came nearest.
    pub considered: Vec<Considered>,
    /// The attributes that those rules asked for and nobody knows, as the matcher writes them: `r.obj.status`.
    pub unknown: Vec<String>,
    /// What would have been needed for an allowance: the failed terms of the allowing rule that came nearest. None
    /// when it is allowed, or when no rule allows anything.
    pub nearest: Option<Considered>,
}

/// What one rule said.
#[derive(Clone, Debug, PartialEq)]
pub struct Considered {
    /// The rule.
    pub rule: RuleId,
    /// Its definition: `p`.
    pub ptype: String,
    /// Its values, those that were left out included.
    pub values: Vec<String>,
    /// What it says where it matches.
    pub effect: Effect,
    /// Whether the time of the request is within the rule's.
    pub in_time: bool,
    /// Whether it matched.
    pub truth: Truth,
    /// The terms of the matcher that were not true, with what they compared. All of them would have to hold.
    pub failed: Vec<Term>,
}

/// A rule's place in the list: the smaller first.
type Score = (bool, std::cmp::Reverse<Truth>, usize, RuleId);

impl Policy {
    /// Why [`Policy::decide`] says what it says. Takes time in proportion to the number of rules, and allocates.
    #[must_use]
    pub fn explain(&self, request: &Request<'_>) -> Explanation {
        let verdict = self.decide(request);
        let mut explanation = Explanation {
            verdict,
            roles: Vec::new(),
            total: 0,
            matched: 0,
            considered: Vec::new(),
            unknown: Vec::new(),
            nearest: None,
        };
        let mut scratch = Scratch::default();
        let Scratch { subject, object, work, .. } = &mut scratch;
        let Some((matcher, plan, mut run)) = self.run(request, subject, object, work) else { return explanation };
        let Some(table) = self.tables.iter().find(|table| table.number == matcher.policy) else { return explanation };
        explanation.roles = roles(&mut run, matcher, plan);
        explanation.total = table.live;
        let mut best: Vec<(Score, &Row)> = Vec::new();
        let mut nearest: Option<((usize, RuleId), &Row)> = None;
        for row in table.rows() {
            let (truth, failed) = judge(&mut run, plan, row);
            explanation.matched += usize::from(truth == Truth::True);
            let score = (verdict.rule != Some(row.id), std::cmp::Reverse(truth), failed, row.id);
            if best.len() < MAX_CONSIDERED || best.last().is_some_and(|(last, _)| score < *last) {
                let place = best.partition_point(|(other, _)| *other < score);
                best.insert(place, (score, row));
                best.truncate(MAX_CONSIDERED);
            }
            if !row.denies && truth != Truth::True && nearest.is_none_or(|(other, _)| (failed, row.id) < other) {
                nearest = Some(((failed, row.id), row));
            }
        }
        for (_, row) in best {
            explanation.considered.push(considered(&mut run, matcher, plan, table, row, &mut explanation.unknown));
        }
        if verdict.effect != Effect::Allow
            && let Some((_, row)) = nearest
        {
            explanation.nearest = Some(considered(&mut run, matcher, plan, table, row, &mut explanation.unknown));
        }
        explanation
    }

    /// What [`Policy::decide`] says, found by asking every rule in turn: the measure of the index. Slow.
    #[must_use]
    pub fn decide_by_scan(&self, request: &Request<'_>) -> Verdict {
        let mut scratch = Scratch::default();
        let Scratch { subject, object, work, .. } = &mut scratch;
        let Some((matcher, plan, mut run)) = self.run(request, subject, object, work) else {
            return Verdict::refused(Cause::BadRequest);
        };
        let table = self.tables.iter().find(|table| table.number == matcher.policy);
        let Some(table) = table.filter(|table| table.live > 0) else { return self.decide(request) };
        let _ = roles(&mut run, matcher, plan);
        let mut fold = Fold::new(matcher.effect);
        let now = run.now;
        for row in table.rows().filter(|row| row.window.contains(now)) {
            run.work.steps = u32::MAX;
            run.work.made.clear();
            let Ok(truth) = run.truth(&matcher.node, Some(row)) else { return Verdict::refused(Cause::TooManySteps) };
            let distance = plan.nearness.filter(|_| matcher.effect.is_by_subject()).map_or(0, |(slot, field)| {
                let reach = run.work.reaches.get(slot as usize);
                reach.and_then(|reach| reach.distance(row.fields[field as usize])).unwrap_or(u32::MAX)
            });
            fold.add(row, truth, distance);
        }
        fold.verdict()
    }
}

/// Finds the roles of the subject; their names, nearest first.
fn roles<'a>(run: &mut Run<'a>, matcher: &'a Matcher, plan: &Plan) -> Vec<String> {
    let Some((slot, _)) = plan.nearness else { return Vec::new() };
    let Some(call) = role_call(matcher, slot) else { return Vec::new() };
    match run.reach(call, None) {
        Ok(slot) => {
            let order = run.work.reaches[slot].order.iter().take(MAX_ROLES);
            order.map(|(role, _)| run.policy.names.text(*role).to_owned()).collect()
        }
        Err(Exhausted) => Vec::new(),
    }
}

/// The role call that keeps its roles in `slot`.
pub(super) fn role_call(matcher: &Matcher, slot: u8) -> Option<&RoleCall> {
    let mut call = None;
    matcher.node.walk(&mut |node| {
        if let Kind::Role(found) = &node.kind
            && found.slot == Some(slot)
        {
            call = Some(&**found);
        }
    });
    call
}

/// Whether a rule matches, and how many terms of its nearest branch are not true. An expired rule matches nothing.
fn judge<'a>(run: &mut Run<'a>, plan: &'a Plan, row: &Row) -> (Truth, usize) {
    let mut best = (Truth::False, usize::MAX);
    for branch in &plan.branches {
        let (truth, failed) = branch_of(run, branch, row);
        best = (best.0.max(truth), best.1.min(failed));
    }
    if row.window.contains(run.now) { best } else { (Truth::False, best.1.saturating_add(1)) }
}

fn branch_of<'a>(run: &mut Run<'a>, branch: &'a Branch, row: &Row) -> (Truth, usize) {
    let (mut truth, mut failed) = (Truth::True, 0);
    for node in branch.guards.iter().chain(&branch.all) {
        run.work.steps = u32::MAX;
        run.work.made.clear();
        let found = run.truth(node, Some(row)).unwrap_or(Truth::Unknown);
        truth = truth.min(found);
        failed += usize::from(found != Truth::True);
    }
    (truth, failed)
}

fn considered<'a>(
    run: &mut Run<'a>,
    matcher: &'a Matcher,
    plan: &'a Plan,
    table: &RulesTable,
    row: &Row,
    unknown: &mut Vec<String>,
) -> Considered {
    let (truth, _) = judge(run, plan, row);
    let branch = plan.branches.iter().min_by_key(|branch| branch_of(run, branch, row).1);
    let mut failed = Vec::new();
    for node in branch.iter().flat_map(|branch| branch.guards.iter().chain(&branch.all)) {
        failed.extend(terms_of(run, node, &matcher.source, row, unknown));
    }
    let ptype = if table.number == 1 { "p".to_owned() } else { format!("p{}", table.number) };
    let values = row.fields[..table.shape.fields.len()].iter();
    Considered {
        rule: row.id,
        ptype,
        values: values.map(|symbol| run.policy.names.text(*symbol).to_owned()).collect(),
        effect: if row.denies { Effect::Deny } else { Effect::Allow },
        in_time: row.window.contains(run.now),
        truth,
        failed,
    }
}
