//! Values that matchers compute with.

use serde_json::Value as Json;
use std::cmp::Ordering;

/// A number, compared exactly: integers are never rounded, so that two large identifiers stay two.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// An integer; every JSON integer fits.
    Whole(i128),
    /// A number with a fraction, or one too large to be whole.
    Real(f64),
}

impl Number {
    /// Reads a decimal number; none for anything else, infinities included.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if !text.bytes().next_back().is_some_and(|last| last.is_ascii_digit()) {
            return None;
        }
        if let Ok(whole) = text.parse::<i128>() {
            return Some(Self::Whole(whole));
        }
        if !text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E')) {
            return None;
        }
        text.parse::<f64>().ok().and_then(Self::real)
    }
    #[allow(clippy::cast_possible_truncation, reason = "the range is checked")]
    fn real(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        if value.fract() == 0.0 && value.abs() < 1e36 {
            return Some(Self::Whole(value as i128));
        }
        Some(Self::Real(value))
    }
    #[allow(clippy::cast_precision_loss, reason = "a fraction has no more digits than this keeps")]
    fn as_real(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Real(real) => real,
        }
    }
    pub(crate) fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Whole(left), Self::Whole(right)) => Some(left.cmp(&right)),
            _ => self.as_real().partial_cmp(&other.as_real()),
        }
    }
    /// The result, or none where there is none: division by zero, overflow.
    pub(crate) fn combine(self, operator: Arithmetic, other: Self) -> Option<Self> {
        if let (Self::Whole(left), Self::Whole(right)) = (self, other) {
            match operator {
                Arithmetic::Add => return left.checked_add(right).map(Self::Whole),
                Arithmetic::Subtract => return left.checked_sub(right).map(Self::Whole),
                Arithmetic::Multiply => return left.checked_mul(right).map(Self::Whole),
                Arithmetic::Remainder => return left.checked_rem(right).map(Self::Whole),
                Arithmetic::Divide if left.checked_rem(right)? == 0 => return left.checked_div(right).map(Self::Whole),
                Arithmetic::Divide => {}
            }
        }
        let (left, right) = (self.as_real(), other.as_real());
        Self::real(match operator {
            Arithmetic::Add => left + right,
            Arithmetic::Subtract => left - right,
            Arithmetic::Multiply => left * right,
            Arithmetic::Divide => left / right,
            Arithmetic::Remainder => left % right,
        })
    }
    fn of_json(number: &serde_json::Number) -> Option<Self> {
        if let Some(whole) = number.as_i64() {
            return Some(Self::Whole(whole.into()));
        }
        if let Some(whole) = number.as_u64() {
            return Some(Self::Whole(whole.into()));
        }
        number.as_f64().and_then(Self::real)
    }
}

/// An operator between two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// A property of an entity or of the context.
#[derive(Clone, Copy, Debug)]
pub enum Attribute<'a> {
    /// A text.
    Text(&'a str),
    /// A number.
    Number(Number),
    /// True or false.
    Bool(bool),
    /// A list.
    List(&'a [Json]),
    /// Named values, reached by a further dot.
    Object(&'a serde_json::Map<String, Json>),
}

impl<'a> Attribute<'a> {
    /// The attribute that a JSON value is; `null` is a missing one.
    #[must_use]
    pub fn of_json(value: &'a Json) -> Option<Self> {
        match value {
            Json::Null => None,
            Json::Bool(flag) => Some(Self::Bool(*flag)),
            Json::Number(number) => Number::of_json(number).map(Self::Number),
            Json::String(text) => Some(Self::Text(text)),
            Json::Array(list) => Some(Self::List(list)),
            Json::Object(map) => Some(Self::Object(map)),
        }
    }
}

/// Named properties of an entity, or the context of a request.
pub trait Properties {
    /// The property of this name; none when it is not known.
    fn get(&self, name: &str) -> Option<Attribute<'_>>;
}

impl Properties for serde_json::Map<String, Json> {
    fn get(&self, name: &str) -> Option<Attribute<'_>> {
        self.get(name).and_then(Attribute::of_json)
    }
}

/// No properties at all.
impl Properties for () {
    fn get(&self, _name: &str) -> Option<Attribute<'_>> {
        None
    }
}

/// The first one's properties, and the second one's where the first has none: sent ones win over stored ones.
impl<A: Properties + ?Sized, B: Properties + ?Sized> Properties for (&A, &B) {
    fn get(&self, name: &str) -> Option<Attribute<'_>> {
        self.0.get(name).or_else(|| self.1.get(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_identifiers_stay_apart() {
        let left = Number::parse("9007199254740993").unwrap();
        let right = Number::parse("9007199254740992").unwrap();
        assert_eq!(left.compare(right), Some(Ordering::Greater));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "inf", "NaN", "1.", "1e", "0x10", "1 ", "١", "infinity", "1e999"] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn arithmetic_ends_where_numbers_do() {
        let number = |text| Number::parse(text).unwrap();
        assert!(number("1").combine(Arithmetic::Divide, number("0")).is_none());
        assert!(number("1").combine(Arithmetic::Remainder, number("0")).is_none());
        assert!(Number::Whole(i128::MAX).combine(Arithmetic::Add, number("1")).is_none());
        let half = number("7").combine(Arithmetic::Divide, number("2")).unwrap();
        assert_eq!(half.compare(number("3.5")), Some(Ordering::Equal));
    }
}
