//! Casbin rules, compiled: may this subject do this action on this resource, by the rules of one organization?
//!
//! A [`Model`] is parsed from its text, a [`Policy`] compiled from a model and [`Rule`]s; [`Policy::decide`] answers
//! a [`Request`], [`Policy::explain`] says why. [`Policy::with`] makes the next version after some changes. Nothing
//! here reads a clock or a store.
//!
//! # Three values
//! An attribute that is missing, or whose type does not fit, is unknown. `!` of unknown is unknown; otherwise:
//!
//! | `a && b` | true    | unknown | false |    | `a \|\| b` | true | unknown | false   |
//! |----------|---------|---------|-------|----|------------|------|---------|---------|
//! | true     | true    | unknown | false |    | true       | true | true    | true    |
//! | unknown  | unknown | unknown | false |    | unknown    | true | unknown | unknown |
//! | false    | false   | false   | false |    | false      | true | unknown | false   |
//!
//! A rule that allows counts when its matcher is true; a rule that denies counts when it is true or unknown.
//! When no rule counts, the verdict is [`Effect::Abstain`], whatever the policy effect.

mod compiled;
mod deciding;
mod expression;
mod limits;
mod model;
pub(crate) mod names_of;
mod patterns;
mod position;
mod request;
mod rule;
pub(crate) mod shared;
mod value;
mod verdict;

pub use compiled::Policy;
pub(crate) use compiled::{load::micros, row::Window};
pub use deciding::{
    explain::{Considered, Explanation, MAX_CONSIDERED},
    scratch::Scratch,
    term::Term,
    value::Truth,
};
pub use limits::Limits;
pub use model::{DEFAULT_MODEL, Model, ModelError, Options};
pub use position::Position;
pub use request::{Entity, Request};
pub use rule::{Change, Rule, RuleError, RuleId};
pub use value::{Attribute, Number, Properties};
pub use verdict::{Cause, Effect, Verdict};
