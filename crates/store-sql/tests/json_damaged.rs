//! A damaged file is refused with the line that is wrong, and left as it was.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test reports by panicking")]

mod generated;

use generated::{PLATFORM, document, json, version};
use keystead_domain::{ErrorKind, SystemClock};
use keystead_store_sql::open_json;
use std::{fs, sync::Arc};

/// One organization, one role, and empty tables around them; each value on a line of its own.
fn readable() -> String {
    let mut tables = String::new();
    for table in keystead_store_sql::schema::TABLES {
        let rows = match table.name {
            "organizations" => ORGANIZATION,
            "roles" => ROLE,
            _ => "",
        };
        tables.push_str(&format!(",\n    \"{}\": [{rows}]", table.name));
    }
    format!(
        "{{\n  \"keystead\": {{\n    \"format\": 1,\n    \"schema_version\": {}\n  }},\n  \"tables\": {{\n{}\n  }}\n}}\n",
        version(),
        tables.trim_start_matches(",\n")
    )
}

const ORGANIZATION: &str = r#"{
      "id": "00000000-0000-7000-8000-000000000001",
      "name": "Platform",
      "kind": "platform",
      "isolation": "shared",
      "status": "active",
      "metadata": {},
      "created_at": "2026-01-01T00:00:00Z",
      "updated_at": "2026-01-01T00:00:00Z",
      "version": 1
    }"#;

const ROLE: &str = r#"{
      "id": "00000000-0000-7000-8000-00000000000a",
      "organization_id": "00000000-0000-7000-8000-000000000001",
      "name": "admin",
      "description": null,
      "is_builtin": true,
      "created_at": "2026-01-01T00:00:00Z",
      "updated_at": "2026-01-01T00:00:00Z",
      "version": 1
    }"#;

/// The line on which `part` begins in `text`.
fn line(text: &str, part: &str) -> usize {
    1 + text[..text.find(part).unwrap_or_else(|| panic!("{part} is not there"))].matches('\n').count()
}

async fn refusal(content: &[u8]) -> String {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("store.json");
    fs::write(&file, content).unwrap();
    let error = open_json(&json(&file), Arc::new(SystemClock)).await.err().expect("a refusal");
    assert_eq!((error.kind, error.code), (ErrorKind::Invalid, "store_file_damaged"), "{error:?}");
    assert!(error.message.ends_with("The file was left as it is."), "{error}");
    assert_eq!(fs::read(&file).unwrap(), content);
    let names: Vec<_> = fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().ends_with(".tmp")), "{names:?}");
    error.message
}

#[tokio::test]
async fn the_file_itself_loads() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("store.json");
    fs::write(&file, readable()).unwrap();
    open_json(&json(&file), Arc::new(SystemClock)).await.map(drop).unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), readable(), "what was not changed is not written");
}

#[tokio::test]
async fn every_kind_of_damage_is_named_with_its_line() {
    let good = readable();
    // What is replaced (the first time it occurs), by what, where the wrong thing then stands, and what is said of it.
    let known = format!("\"schema_version\": {}", version());
    let twice = format!("{ROLE},\n    {}", ROLE.replace("0000000a", "0000000b"));
    let cases: &[(&str, &str, &str, &str)] = &[
        ("\"name\": \"Platform\",", "\"name\": \"Platform\"", "\"kind\": \"platform\"", "expected `,` or `}`"),
        ("\"version\": 1\n    }]", "\"version\": 01\n    }]", "\"version\": 01", "invalid number"),
        ("\"users\": []", "\"users\": [], \"users\": []", "\"users\"", "users is there twice"),
        ("\"users\": []", "\"people\": []", "\"tables\"", "users is missing"),
        ("\"users\": []", "\"users\": [],\n\"people\": []", "\"people\"", "people is unknown in tables"),
        ("\"users\": []", "\"users\": {}", "\"users\"", "users must be a list of rows"),
        ("\"users\": []", "\"users\": [\n7]", "7]", "a row of users must be an object"),
        (
            "\"kind\": \"platform\",\n",
            "",
            "{\n      \"id\": \"00000000-0000-7000-8000-000000000001\"",
            "kind is missing",
        ),
        (
            "\"kind\": \"platform\",",
            "\"kind\": \"platform\",\n\"colour\": 1,",
            "\"colour\"",
            "colour is unknown in organizations",
        ),
        ("\"is_builtin\": true", "\"is_builtin\": 1", "\"is_builtin\"", "is_builtin must be true or false"),
        ("\"name\": \"admin\"", "\"name\": null", "\"name\": null", "name must not be null"),
        ("\"created_at\": \"2026-01-01T00:00:00Z\"", "\"created_at\": \"today\"", "\"today\"", "must be a time"),
        ("\"id\": \"00000000-0000-7000-8000-00000000000a\"", "\"id\": \"a\"", "\"id\": \"a\"", "id must be a UUID"),
        (ROLE, &format!("{ROLE},\n    {ROLE}"), "", "UNIQUE constraint failed: roles."),
        (ROLE, &twice, "", "UNIQUE constraint failed: roles.organization_id, roles.name"),
        (
            "\"organization_id\": \"00000000-0000-7000-8000-000000000001\"",
            "\"organization_id\": \"00000000-0000-7000-8000-000000000002\"",
            "{\n      \"id\": \"00000000-0000-7000-8000-00000000000a\"",
            "organization_id refers to a row of organizations that is not there",
        ),
        (
            "\"status\": \"active\"",
            "\"status\": \"asleep\"",
            "{\n      \"id\": \"00000000",
            "organizations_status_check",
        ),
        ("\"format\": 1", "\"format\": 2", "\"format\"", "format 2, but this program knows 1 only"),
        (&known, "\"schema_version\": 999", "\"schema_version\"", "schema version 999"),
        (&known, "\"schema_version\": \"1\"", "\"schema_version\"", "must be a whole number"),
        ("\"keystead\": {", "\"keystone\": {", "{", "keystead is missing"),
    ];
    for (old, new, place, why) in cases {
        assert!(good.contains(old), "{old}");
        let bad = good.replacen(old, new, 1);
        // For a second row, its brace is the wrong place.
        let expected = match *place {
            "" => line(&bad, ",\n    {\n      \"id\": \"00000000-0000-7000-8000-00000000000") + 1,
            place => line(&bad, place),
        };
        let message = refusal(bad.as_bytes()).await;
        assert!(message.contains(&format!("line {expected}: ")), "{old} → {new}: expected line {expected}: {message}");
        assert!(message.contains(why), "{old} → {new}: {message}");
    }
}

#[tokio::test]
async fn a_file_that_is_cut_off_anywhere_is_refused() {
    let good = readable();
    let end = good.trim_end().len();
    for length in (1..end).step_by(97).chain([end - 1]) {
        let message = refusal(&good.as_bytes()[..length]).await;
        let last = 1 + good[..length].matches('\n').count();
        assert!(message.contains(&format!("line {last}: ")), "{length}: {message}");
    }
    let message = refusal(format!("{good}\n{{}}").as_bytes()).await;
    assert!(message.contains("trailing characters"), "{message}");
}

#[tokio::test]
async fn text_that_is_not_utf_8_is_refused() {
    let mut bad = readable().replacen("Platform", "Pl?tform", 1).into_bytes();
    let at = bad.iter().position(|byte| *byte == b'?').unwrap();
    bad[at] = 0xff;
    let expected = line(&readable(), "Platform");
    let message = refusal(&bad).await;
    assert!(message.contains(&format!("line {expected}: the text is not UTF-8")), "{message}");
    let message = refusal(readable().replacen("Platform", "\\ud800", 1).as_bytes()).await;
    assert!(message.contains(&format!("line {expected}: name must be text")), "{message}");
}

#[tokio::test]
async fn one_wrong_row_among_many_is_found() {
    let good = document(1_500);
    let victim = good.lines().position(|line| line.contains("\"username_key\": \"1203")).unwrap();
    let lines: Vec<_> = good.lines().collect();
    let other = lines.iter().find(|line| line.contains("\"username_key\": \"1204")).unwrap();
    let name =
        |line: &str| line.split("\"username_key\": ").nth(1).unwrap().split(", \"email\"").next().unwrap().to_owned();
    let replaced = lines[victim]
        .replace(&format!("\"username_key\": {}", name(lines[victim])), &format!("\"username_key\": {}", name(other)));
    let bad: Vec<_> =
        lines.iter().enumerate().map(|(at, line)| if at == victim { replaced.as_str() } else { line }).collect();
    // The second of the two is the one that cannot be.
    let message = refusal(bad.join("\n").as_bytes()).await;
    assert!(message.contains(&format!("line {}: ", victim + 2)), "{message}");
    assert!(message.contains("UNIQUE constraint failed: users.username_key"), "{message}");
    assert!(good.contains(PLATFORM));
}
