//! Values during a decision, and how they compare.

use crate::policy::{
    names_of::NamesOf,
    value::{Attribute, Number},
};
use serde_json::Value as Json;

/// Truth in three values. `&&` is the lesser of two, `||` the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It does not hold.
    False,
    /// It cannot be said: an attribute is missing, or has a type that does not fit.
    Unknown,
    /// It holds.
    True,
}

impl Truth {
    pub(crate) fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    Unknown,
    Bool(bool),
    Number(Number),
    Text(&'a str),
    /// A value of the rule, which also reads as a number or a boolean beside one.
    Field(&'a str),
    /// A text that was put together: bytes of the scratch.
    Made(usize, usize),
    List(&'a [Json]),
    Object,
    Entity(NamesOf<'a>),
}

impl<'a> From<Option<Attribute<'a>>> for Value<'a> {
    fn from(attribute: Option<Attribute<'a>>) -> Self {
        match attribute {
            None => Self::Unknown,
            Some(Attribute::Text(text)) => Self::Text(text),
            Some(Attribute::Number(number)) => Self::Number(number),
            Some(Attribute::Bool(flag)) => Self::Bool(flag),
            Some(Attribute::List(list)) => Self::List(list),
            Some(Attribute::Object(_)) => Self::Object,
        }
    }
}

/// A value that is a text, or two for an entity; `made` is where texts were put together.
pub(crate) fn texts<'t>(value: Value<'t>, made: &'t [u8]) -> Option<NamesOf<'t>> {
    let one = |text| Some(NamesOf { bare: Some(text), typed: None });
    match value {
        Value::Text(text) | Value::Field(text) => one(text),
        Value::Made(from, to) => one(made.get(from..to).and_then(|bytes| std::str::from_utf8(bytes).ok())?),
        Value::Entity(names) => Some(names),
        _ => None,
    }
}

/// A value as a number; a value of a rule is read as one.
pub(crate) fn number(value: Value<'_>) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number),
        Value::Field(text) => Number::parse(text.trim()),
        _ => None,
    }
}

/// Whether two values are equal.
pub(crate) fn equal(left: Value<'_>, right: Value<'_>, made: &[u8]) -> Truth {
    match (left, right) {
        (Value::Unknown, _) | (_, Value::Unknown) => Truth::Unknown,
        (Value::Number(_), Value::Number(_) | Value::Field(_)) | (Value::Field(_), Value::Number(_)) => {
            match (number(left), number(right)) {
                (Some(left), Some(right)) => left.compare(right).is_some_and(std::cmp::Ordering::is_eq).into(),
                _ => Truth::False,
            }
        }
        (Value::Bool(left), Value::Bool(right)) => (left == right).into(),
        (Value::Bool(flag), Value::Field(text)) | (Value::Field(text), Value::Bool(flag)) => {
            (text == if flag { "true" } else { "false" }).into()
        }
        (Value::List(left), Value::List(right)) => (left == right).into(),
        (Value::Object, Value::Object) => Truth::Unknown,
        _ => match (texts(left, made), texts(right, made)) {
            (Some(left), Some(right)) => left.iter().any(|name| right.contains(name)).into(),
            _ => Truth::False,
        },
    }
}

/// How two values are ordered; none when they cannot be.
pub(crate) fn order(left: Value<'_>, right: Value<'_>, made: &[u8]) -> Option<std::cmp::Ordering> {
    if matches!(left, Value::Number(_)) || matches!(right, Value::Number(_)) {
        return number(left)?.compare(number(right)?);
    }
    match (left, right) {
        (Value::Entity(_), _) | (_, Value::Entity(_)) => None,
        _ => Some(texts(left, made)?.first().cmp(texts(right, made)?.first())),
    }
}
