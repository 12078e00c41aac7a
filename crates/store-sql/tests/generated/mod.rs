//! Rows for every declared table, with values from the ends of what columns hold.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test reports by panicking")]
#![allow(dead_code, reason = "each test file uses a part")]

use keystead_store_sql::{
    StoreSettings,
    migrate::MIGRATIONS,
    schema::{Column, ColumnType, TABLES, Table},
};
use std::{collections::HashMap, fmt::Write, path::Path};

pub(crate) const PLATFORM: &str = "00000000-0000-7000-8000-000000000001";

/// The schema's version.
pub(crate) fn version() -> usize {
    MIGRATIONS.len()
}

/// A JSON store with `rows` rows in each table.
pub(crate) fn document(rows: usize) -> String {
    let mut made: HashMap<(&str, &str), Vec<String>> = HashMap::new();
    let mut text = format!("{{\"keystead\": {{\"format\": 1, \"schema_version\": {}}}, \"tables\": {{\n", version());
    for (index, table) in TABLES.iter().enumerate() {
        let _ = write!(text, "{}\"{}\": [", if index == 0 { "" } else { ",\n" }, table.name);
        for number in 0..rows {
            text.push_str(if number == 0 { "\n  {" } else { ",\n  {" });
            for (position, column) in table.columns.iter().enumerate() {
                let value = value(table, column, number, &made);
                let _ = write!(text, "{}\"{}\": {value}", if position == 0 { "" } else { ", " }, column.name);
                made.entry((table.name, column.name)).or_default().push(value);
            }
            text.push('}');
        }
        text.push(']');
    }
    text.push_str("}}");
    text
}

/// The text of row `number`'s value.
fn value(table: &Table, column: &Column, number: usize, made: &HashMap<(&str, &str), Vec<String>>) -> String {
    for key in table.foreign_keys {
        let Some(position) = key.columns.iter().position(|name| *name == column.name) else { continue };
        // Roles and permissions are the platform's, so that they can be given in every organization.
        let parent = if matches!(table.name, "roles" | "permissions") { 0 } else { number };
        return made[&(key.table, key.references[position])][parent].clone();
    }
    if table.name == "organizations" && column.name == "id" && number == 0 {
        return format!("\"{PLATFORM}\"");
    }
    if column.nullable && number % 4 == 3 {
        return "null".to_owned();
    }
    if let Some(options) = options(table, column) {
        return format!("\"{}\"", options[number % options.len()]);
    }
    match column.kind {
        // Not in the order in which they are made.
        ColumnType::Uuid => {
            let mixed = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            format!("\"{:08x}-{:04x}-7000-8000-{:012x}\"", mixed >> 32, mixed >> 16 & 0xffff, number)
        }
        ColumnType::Text(max) => string(number, usize::from(max)),
        ColumnType::LongText => string(number, 5_000),
        ColumnType::Integer => [i32::MIN, i32::MAX, 0, -1, 7][number % 5].to_string(),
        ColumnType::BigInteger => [i64::MIN, i64::MAX, 0, -1, 7][number % 5].to_string(),
        ColumnType::Boolean => number.is_multiple_of(2).to_string(),
        ColumnType::Timestamp => time(number),
        ColumnType::Json => {
            let times = if table.name == "users" && number == 4 { 20_000 } else { 500 };
            JSON[number % JSON.len()].replace("BIG", &"é\\\"😀".repeat(times))
        }
        ColumnType::Bytes => bytes(number),
    }
}

const JSON: [&str; 6] = [
    "{}",
    r#"{"zz": 1, "a": {"nested": [[], {}, [null, true, false]], "B": "x"}, "aaa": 2}"#,
    r#"{"numbers": [0, -0.0, 1.0, 1e2, 0.1, 1e16, 1e300, 5e-324, 9223372036854775807, -9223372036854775808, 18446744073709551616, 1234567890123456789012345678901234567890.5]}"#,
    r#"{"text": "\u00e9\u2028\"\\\/\b\f\n\r\t\u0001\ud83d\ude00", "": "empty key", "é": 1, "z": 2}"#,
    r#"["BIG"]"#,
    "\"only text\"",
];

/// A fixed list of values, where a check gives one.
fn options(table: &Table, column: &Column) -> Option<Vec<&'static str>> {
    let list = table.checks.iter().find_map(|(_, sql)| sql.strip_prefix(column.name)?.strip_prefix(" IN ("))?;
    Some(list.trim_end_matches(')').split(", ").map(|word| word.trim_matches('\'')).collect())
}

/// A JSON string that no other row has, of at most `max` characters.
fn string(number: usize, max: usize) -> String {
    let edge = match number % 7 {
        0 => String::new(),
        1 => "'; DROP TABLE users; -- \"quoted\" \\ %s $1 ?1".to_owned(),
        2 => "line\r\nbreak\ttab\u{1}\u{7f}\u{2028}".to_owned(),
        3 => "ÅÅ e\u{301} שלום ñ ǅ ﬃ".to_owned(),
        4 => "😀".repeat(max),
        5 => " leading and trailing ".to_owned(),
        _ => "x".repeat(max),
    };
    let text: String = format!("{number}{edge}").chars().take(max).collect();
    serde_json::Value::from(text).to_string()
}

fn time(number: usize) -> String {
    let text = match number {
        0 => "0001-01-01T00:00:00.000000Z",
        1 => "9999-12-31T23:59:59.999999Z",
        2 => "1970-01-01T00:00:00.000001Z",
        3 => "2026-02-28T23:59:59.500000Z",
        4 => "2026-03-01T01:00:00+02:00",
        _ => {
            return format!(
                "\"2026-01-{:02}T12:00:{:02}.{:06}Z\"",
                number % 28 + 1,
                number % 60,
                number * 37 % 1_000_000
            );
        }
    };
    format!("\"{text}\"")
}

fn bytes(number: usize) -> String {
    let encoded = match number {
        0 => String::new(),
        // 0x00, then 0xff three times, then all zeros.
        1 => "AA==".to_owned(),
        2 => "////".to_owned(),
        3 => "AAAA".repeat(2_000),
        _ => format!("{number:04}{number:04}"),
    };
    format!("\"{encoded}\"")
}

/// The settings of the store at `url`.
pub(crate) fn settings(url: &str) -> StoreSettings {
    StoreSettings::new(url.parse().unwrap())
}

/// The settings of the JSON store in `file`.
pub(crate) fn json(file: &Path) -> StoreSettings {
    settings(&format!("json:{}", file.display()))
}
