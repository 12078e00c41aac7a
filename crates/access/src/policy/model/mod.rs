//! A Casbin model: its text, parsed and checked.

pub(crate) mod definitions;
pub(crate) mod effect;
mod lines;
pub(crate) mod matcher;
mod options;

use super::{
    expression::node::{Kind, Node},
    limits::Limits,
    position::{Fault, Position},
};
use definitions::{Definitions, key};
use effect::PolicyEffect;
use matcher::Matcher;
pub use options::Options;
use std::{fmt, sync::Arc};

/// A model, ready to compile rules for.
///
/// Sections, definitions and effects are Casbin's; the decision page "Where rules differ from Casbin" says what differs.
#[derive(Clone, Debug)]
pub struct Model {
    text: Arc<str>,
    options: Options,
    pub(crate) definitions: Definitions,
    pub(crate) matchers: Vec<Matcher>,
    pub(crate) limits: Limits,
}

/// Why a model text is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelError {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// What is wrong there.
    pub message: String,
}

impl ModelError {
    fn new(at: Position, message: impl Into<String>) -> Self {
        Self { line: at.line, column: at.column, message: message.into() }
    }
}
impl From<Fault> for ModelError {
    fn from(fault: Fault) -> Self {
        Self::new(fault.at, fault.message)
    }
}
impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}
impl std::error::Error for ModelError {}

/// The text of the model of an organization that brings none: domains, denials, a condition in the last field.
pub const DEFAULT_MODEL: &str = include_str!("default.conf");

impl Model {
    /// Parses and checks a model text within the default [`Limits`].
    ///
    /// # Errors
    /// The first mistake, with its line and column.
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        Self::parse_within(text, Limits::default())
    }

    /// Parses and checks a model text. The limits go with the model, and hold for its rules and decisions.
    ///
    /// # Errors
    /// The first mistake, with its line and column.
    pub fn parse_within(text: &str, limits: Limits) -> Result<Self, ModelError> {
        if text.len() > limits.model_bytes {
            let message = format!("a model text has at most {} bytes", limits.model_bytes);
            return Err(ModelError::new(Position::START, message));
        }
        let entries = lines::entries(text)?;
        let definitions = Definitions::read(&entries)?;
        let options = Options::read(&entries)?;
        let mut effects = Vec::new();
        for entry in entries.iter().filter(|entry| entry.section == "policy_effect") {
            effects.push((key(entry, 'e')?, PolicyEffect::read(entry)?));
        }
        effects.sort_unstable_by_key(|(number, _)| *number);
        let mut matchers = Vec::new();
        for entry in entries.iter().filter(|entry| entry.section == "matchers") {
            let matcher = Matcher::read(entry, &definitions, &effects, &limits)?;
            if matcher.effect == PolicyEffect::SubjectPriority && !has_role_of_rule(&matcher.node) {
                let message = "subjectPriority needs a role term in the matcher: g(r.sub, p.sub)";
                return Err(ModelError::new(entry.value.place(0), message));
            }
            matchers.push(matcher);
        }
        if !matchers.iter().any(|matcher| matcher.number == 1) {
            return Err(ModelError::new(Position::START, "`m` is missing in [matchers]"));
        }
        let model = Self { text: text.into(), options, definitions, matchers, limits };
        model.check_conditions(&entries)?;
        Ok(model)
    }

    /// The model of an organization that brings none.
    ///
    /// # Errors
    /// Never, which a test shows.
    pub fn standard() -> Result<Self, ModelError> {
        Self::parse(DEFAULT_MODEL)
    }

    /// The text it was parsed from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
    /// How names are read.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.options
    }
    /// The limits it was parsed with.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }
    /// The numbers of its matchers: 1 for `m`, 2 for `m2`.
    pub fn matcher_numbers(&self) -> impl Iterator<Item = u8> {
        self.matchers.iter().map(|matcher| matcher.number)
    }
    pub(crate) fn matcher(&self, number: u8) -> Option<usize> {
        self.matchers.iter().position(|matcher| matcher.number == number)
    }
    /// The fields of a rule of this definition that hold conditions, and the first matcher that evaluates each.
    pub(crate) fn condition_fields(&self, policy: u8) -> Vec<(u8, &Matcher)> {
        let mut fields: Vec<(u8, &Matcher)> = Vec::new();
        for matcher in self.matchers.iter().filter(|matcher| matcher.policy == policy) {
            for field in matcher.conditions() {
                if !fields.iter().any(|(known, _)| *known == field) {
                    fields.push((field, matcher));
                }
            }
        }
        fields
    }
    /// One condition cannot be read by matchers whose `r` differ.
    fn check_conditions(&self, entries: &[lines::Entry]) -> Result<(), ModelError> {
        for policy in self.definitions.policy_numbers() {
            let fields = self.condition_fields(policy);
            for matcher in self.matchers.iter().filter(|matcher| matcher.policy == policy) {
                for field in matcher.conditions() {
                    if fields.iter().any(|(known, first)| *known == field && first.request != matcher.request) {
                        let at = entries.iter().rfind(|entry| entry.section == "matchers");
                        let at = at.map_or(Position::START, |entry| entry.at);
                        let message = "one condition field is evaluated by matchers with different requests";
                        return Err(ModelError::new(at, message));
                    }
                }
            }
        }
        Ok(())
    }
}

fn has_role_of_rule(node: &Node) -> bool {
    let mut found = false;
    node.walk(&mut |node| {
        if let Kind::Role(call) = &node.kind {
            found |= call.slot.is_some() && matches!(call.to.kind, Kind::Field(_));
        }
    });
    found
}
