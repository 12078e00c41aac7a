//! Rules that match become one verdict.

use super::value::Truth;
use crate::policy::{
    compiled::row::Row,
    model::effect::PolicyEffect,
    rule::RuleId,
    verdict::{Cause, Effect, Verdict},
};

/// The order of a rule: how near it is to the subject, its priority, its identifier.
type Rank = (u32, i64, RuleId);

/// The rules that were considered so far.
///
/// | rule   | true  | unknown  | false    |
/// |--------|-------|----------|----------|
/// | allow  | allow | nothing  | nothing  |
/// | deny   | deny  | deny     | nothing  |
#[derive(Debug)]
pub(crate) struct Fold {
    effect: PolicyEffect,
    allowed: Option<RuleId>,
    denied: Option<(RuleId, Cause)>,
    first: Option<(Rank, Verdict)>,
}

impl Fold {
    pub(crate) fn new(effect: PolicyEffect) -> Self {
        Self { effect, allowed: None, denied: None, first: None }
    }
    /// Whether the rule can still change the verdict; `nearness` is asked only where it counts.
    pub(crate) fn wants(&self, row: &Row, nearness: impl FnOnce() -> u32) -> bool {
        match self.effect {
            PolicyEffect::AllowOverride => !row.denies || self.denied.is_none(),
            PolicyEffect::DenyOverride | PolicyEffect::AllowAndDeny => row.denies || self.allowed.is_none(),
            PolicyEffect::Priority => self.first.is_none_or(|(first, _)| (0, row.priority, row.id) < first),
            PolicyEffect::SubjectPriority => {
                self.first.is_none_or(|(first, _)| (nearness(), row.priority, row.id) < first)
            }
        }
    }
    /// Adds a rule; true when no further rule can change the verdict.
    pub(crate) fn add(&mut self, row: &Row, truth: Truth, nearness: u32) -> bool {
        let counts = truth == Truth::True || (truth == Truth::Unknown && row.denies);
        if !counts {
            return false;
        }
        let cause = if truth == Truth::True { Cause::Matched } else { Cause::UnknownCondition };
        if self.effect.is_ordered() {
            let rank = (nearness, row.priority, row.id);
            if self.first.is_none_or(|(first, _)| rank < first) {
                let effect = if row.denies { Effect::Deny } else { Effect::Allow };
                self.first = Some((rank, Verdict { effect, rule: Some(row.id), cause }));
            }
            return false;
        }
        if row.denies {
            self.denied.get_or_insert((row.id, cause));
            return self.effect != PolicyEffect::AllowOverride;
        }
        self.allowed.get_or_insert(row.id);
        self.effect == PolicyEffect::AllowOverride
    }
    pub(crate) fn verdict(self) -> Verdict {
        if let Some((_, verdict)) = self.first {
            return verdict;
        }
        let allow = self.allowed.map(|rule| Verdict { effect: Effect::Allow, rule: Some(rule), cause: Cause::Matched });
        let deny = self.denied.map(|(rule, cause)| Verdict { effect: Effect::Deny, rule: Some(rule), cause });
        let (first, second) = if self.effect == PolicyEffect::AllowOverride { (allow, deny) } else { (deny, allow) };
        first.or(second).unwrap_or(Verdict::ABSTAIN)
    }
}
