//! What is said when something does not fit.

use super::told::line;
use keystead_access::policy::{ModelError, RuleError};
use keystead_domain::{Error, ErrorKind, FieldError, RuleId, access::PolicyRule};
use std::collections::HashMap;

/// So many mistakes are named at the most.
pub(super) const MOST_NAMED: usize = 20;

/// Where in what was sent a rule stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the list `rules`, from 0.
    Index(usize),
    /// In the text, from 1.
    Line(u64),
    /// It is the only one.
    Alone,
}

impl Place {
    /// The name of the rule's part.
    pub(super) fn field(self, part: &str) -> String {
        match self {
            Self::Index(index) if part.is_empty() => format!("rules[{index}]"),
            Self::Index(index) => format!("rules[{index}].{part}"),
            Self::Line(line) if part.is_empty() => format!("line {line}"),
            Self::Line(line) => format!("line {line}, {part}"),
            Self::Alone if part.is_empty() => "rule".to_owned(),
            Self::Alone => part.to_owned(),
        }
    }
}

/// The model's text is none.
pub(super) fn malformed(error: &ModelError) -> Error {
    one("malformed_model", "text", &error.to_string())
}

/// New rules do not fit. `places` says where each of them stands.
pub(super) fn unfit(errors: &[RuleError], places: &HashMap<RuleId, Place>) -> Error {
    let name = |error: &RuleError| {
        let part = error.field.map_or_else(String::new, |field| format!("values[{field}]"));
        let message =
            if part.is_empty() { error.message.clone() } else { format!("column {}: {}", error.column, error.message) };
        match error.rule.map(|rule| (rule, places.get(&rule))) {
            Some((_, Some(place))) => FieldError { field: place.field(&part), message },
            Some((rule, None)) => {
                let message = format!("the rule {rule}, which is there already: {message}");
                FieldError { field: "rules".to_owned(), message }
            }
            None => FieldError { field: "rules".to_owned(), message },
        }
    };
    several("rules_refused", errors.iter().take(MOST_NAMED).map(name).collect())
}

/// Rules that are there do not fit a model.
pub(super) fn misfits(errors: &[RuleError], kept: &[PolicyRule]) -> Error {
    let name = |error: &RuleError| {
        let which = error.rule.and_then(|id| kept.iter().find(|rule| rule.id == id));
        let which = which.map_or_else(String::new, |rule| format!("the rule {} ({}): ", rule.id, line(rule)));
        let place = error.field.map_or_else(String::new, |field| format!("v{field}, column {}: ", error.column));
        FieldError { field: "text".to_owned(), message: format!("{which}{place}{}", error.message) }
    };
    several("rules_do_not_fit", errors.iter().take(MOST_NAMED).map(name).collect())
}

fn one(code: &'static str, field: &str, message: &str) -> Error {
    several(code, vec![FieldError { field: field.to_owned(), message: message.to_owned() }])
}

/// An error that names each of `fields`, and the first of them in its message.
pub(super) fn several(code: &'static str, fields: Vec<FieldError>) -> Error {
    let message = fields.first().map_or_else(String::new, |first| format!("{}: {}", first.field, first.message));
    let mut error = Error::new(ErrorKind::Invalid, code, message);
    error.fields = fields;
    error
}
