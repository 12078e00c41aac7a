//! One column's value, and a row of them.

use super::{Shape, ShapeColumn, canonical_json};
use crate::schema::ColumnType;
use base64::{Engine, engine::general_purpose::STANDARD};
use keystead_domain::Timestamp;
use serde_json::value::RawValue;
use std::cmp::Ordering;
use uuid::Uuid;

/// What a column holds. The order is that of the engines: bytewise for text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Value {
    /// NULL.
    Null,
    /// An identifier.
    Uuid(Uuid),
    /// Text.
    Text(String),
    /// A whole number of either size.
    Integer(i64),
    /// True or false.
    Boolean(bool),
    /// A point in time.
    Time(Timestamp),
    /// JSON in its canonical text. In a column that may be NULL, JSON's `null` is NULL.
    Json(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// A row: its values in the order of the columns.
pub(crate) type Row = Vec<Value>;

impl Value {
    /// JSON text as it came from the engine.
    pub(super) fn json(text: &str, nullable: bool) -> Result<Self, String> {
        let text = canonical_json(text)?;
        Ok(if nullable && text == "null" { Self::Null } else { Self::Json(text) })
    }

    /// Reads the value of `column` in a JSON document.
    ///
    /// # Errors
    /// What it must be, in words.
    pub(crate) fn from_json(raw: &RawValue, column: &ShapeColumn) -> Result<Self, String> {
        let text = raw.get();
        if text == "null" && column.nullable {
            return Ok(Self::Null);
        }
        let string = || serde_json::from_str::<String>(text).ok();
        let value = match column.kind {
            ColumnType::Json => return Self::json(text, column.nullable),
            _ if text == "null" => return Err("must not be null".to_owned()),
            ColumnType::Uuid => string().and_then(|text| Uuid::try_parse(&text).ok()).map(Self::Uuid),
            ColumnType::Text(max) => string().filter(|text| text.chars().count() <= usize::from(max)).map(Self::Text),
            ColumnType::LongText => string().map(Self::Text),
            ColumnType::Integer => text.parse::<i32>().ok().map(|number| Self::Integer(number.into())),
            ColumnType::BigInteger => text.parse().ok().map(Self::Integer),
            ColumnType::Boolean => serde_json::from_str(text).ok().map(Self::Boolean),
            ColumnType::Timestamp => string().and_then(|text| Timestamp::parse(&text)).map(Self::Time),
            ColumnType::Bytes => string().and_then(|text| STANDARD.decode(text).ok()).map(Self::Bytes),
        };
        value.ok_or_else(|| expected(column))
    }

    /// The value as JSON. JSON columns are canonical text.
    pub(crate) fn to_json(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            // Of the characters in these, none needs an escape.
            Self::Uuid(id) => format!("\"{id}\""),
            Self::Time(time) => format!("\"{time}\""),
            Self::Bytes(bytes) => format!("\"{}\"", STANDARD.encode(bytes)),
            Self::Text(text) => serde_json::Value::from(text.as_str()).to_string(),
            Self::Integer(number) => number.to_string(),
            Self::Boolean(yes) => yes.to_string(),
            Self::Json(text) => text.clone(),
        }
    }

    /// About how much memory it takes.
    pub(super) fn weight(&self) -> usize {
        let content = match self {
            Self::Text(text) | Self::Json(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            _ => 0,
        };
        size_of::<Self>() + content
    }
}

fn expected(column: &ShapeColumn) -> String {
    match column.kind {
        ColumnType::Uuid => "must be a UUID".to_owned(),
        ColumnType::Text(max) => format!("must be text of at most {max} characters"),
        ColumnType::LongText => "must be text".to_owned(),
        ColumnType::Integer => format!("must be a whole number from {} to {}", i32::MIN, i32::MAX),
        ColumnType::BigInteger => format!("must be a whole number from {} to {}", i64::MIN, i64::MAX),
        ColumnType::Boolean => "must be true or false".to_owned(),
        ColumnType::Timestamp => "must be a time such as 2026-01-31T12:00:00.000000Z (RFC 3339)".to_owned(),
        ColumnType::Json => "must be JSON".to_owned(),
        ColumnType::Bytes => "must be bytes in base64".to_owned(),
    }
}

/// The row as one line of JSON, columns in declared order.
pub(crate) fn canonical_row(shape: &Shape, row: &[Value]) -> String {
    let mut line = String::with_capacity(64 * row.len());
    for (column, value) in shape.columns.iter().zip(row) {
        line.push(if line.is_empty() { '{' } else { ',' });
        line.push('"');
        line.push_str(&column.name);
        line.push_str("\":");
        line.push_str(&value.to_json());
    }
    line.push('}');
    line
}

/// The primary key of a row.
pub(crate) fn key_of(shape: &Shape, row: &[Value]) -> Vec<Value> {
    shape.key.iter().filter_map(|index| row.get(*index).cloned()).collect()
}

/// A primary key for people: `id=0199…`.
pub(crate) fn describe_key(shape: &Shape, key: &[Value]) -> String {
    let pairs = shape.key_columns().zip(key).map(|(column, value)| format!("{}={}", column.name, value.to_json()));
    pairs.collect::<Vec<_>>().join(", ")
}

/// A primary key as a JSON array.
pub(crate) fn key_to_json(key: &[Value]) -> String {
    format!("[{}]", key.iter().map(Value::to_json).collect::<Vec<_>>().join(","))
}

/// The primary key in a JSON array that [`key_to_json`] has made.
pub(crate) fn key_from_json(shape: &Shape, text: &str) -> Option<Vec<Value>> {
    let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
    let same = items.len().cmp(&shape.key.len()) == Ordering::Equal;
    same.then(|| shape.key_columns().zip(items).map(|(column, raw)| Value::from_json(raw, column).ok()).collect())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(kind: ColumnType, nullable: bool) -> ShapeColumn {
        ShapeColumn { name: "x".to_owned(), kind, nullable }
    }
    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).unwrap()
    }

    #[test]
    fn every_kind_goes_there_and_back() {
        for (kind, text) in [
            (ColumnType::Uuid, "\"00000000-0000-7000-8000-000000000001\""),
            (ColumnType::Text(5), "\"a\\\"é😀\\n\""),
            (ColumnType::LongText, "\"\""),
            (ColumnType::Integer, "-2147483648"),
            (ColumnType::BigInteger, "9223372036854775807"),
            (ColumnType::Boolean, "true"),
            (ColumnType::Timestamp, "\"2026-01-31T12:00:00.000001Z\""),
            (ColumnType::Json, "{\"a\":[1,null]}"),
            (ColumnType::Json, "null"),
            (ColumnType::Bytes, "\"\""),
            (ColumnType::Bytes, "\"AAH/\""),
        ] {
            let value = Value::from_json(&raw(text), &column(kind, false)).unwrap();
            assert_eq!(value.to_json(), text, "{kind:?}");
        }
    }

    #[test]
    fn other_kinds_are_refused_in_words() {
        for (kind, text) in [
            (ColumnType::Uuid, "\"x\""),
            (ColumnType::Uuid, "1"),
            (ColumnType::Text(2), "\"abc\""),
            (ColumnType::Text(2), "null"),
            (ColumnType::LongText, "{}"),
            (ColumnType::Integer, "2147483648"),
            (ColumnType::Integer, "1.0"),
            (ColumnType::BigInteger, "9223372036854775808"),
            (ColumnType::Boolean, "1"),
            (ColumnType::Timestamp, "\"2026-01-31\""),
            (ColumnType::Bytes, "\"A\""),
        ] {
            let error = Value::from_json(&raw(text), &column(kind, false)).unwrap_err();
            assert!(error.starts_with("must"), "{kind:?}: {error}");
        }
    }

    #[test]
    fn null_in_a_json_column_is_null_where_it_may_be() {
        assert_eq!(Value::from_json(&raw("null"), &column(ColumnType::Json, true)), Ok(Value::Null));
        assert_eq!(Value::json(" null", true), Ok(Value::Null));
        assert_eq!(Value::json("null", false), Ok(Value::Json("null".to_owned())));
    }
}
