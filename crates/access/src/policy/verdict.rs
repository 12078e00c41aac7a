//! The answer.

use super::rule::RuleId;

/// What a policy says to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies.
    Deny,
    /// It has nothing to say: no rule matched, whatever the policy effect.
    Abstain,
}

/// Why it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A rule matched.
    Matched,
    /// A denying rule has a condition whose truth is not known.
    UnknownCondition,
    /// The matcher holds without a rule: the policy has none of its kind.
    WithoutRules,
    /// No rule matched.
    NothingMatched,
    /// The decision took more steps than [`Limits::steps`](super::Limits::steps).
    TooManySteps,
    /// The request cannot be asked: a type or a name that is malformed or too long, or a matcher that the model lacks.
    BadRequest,
}

/// The answer of [`Policy::decide`](super::Policy::decide).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Allow, deny or abstain.
    pub effect: Effect,
    /// The rule that decided; none where no single rule did.
    pub rule: Option<RuleId>,
    /// Why.
    pub cause: Cause,
}

impl Verdict {
    pub(crate) const ABSTAIN: Self = Self { effect: Effect::Abstain, rule: None, cause: Cause::NothingMatched };
    pub(crate) const fn refused(cause: Cause) -> Self {
        Self { effect: Effect::Deny, rule: None, cause }
    }
}
