//! Puts file, environment and flags together.

use super::{Kind, Setting, list, parse::check, settings};
use keystead_domain::{Error, ErrorKind, Result};
use std::{collections::BTreeMap, fmt, path::Path};

/// Variables that begin with `KEYSTEAD_` and are no settings: the command line's own and those of the tests.
const OTHER_VARIABLES: &[&str] = &["KEYSTEAD_CONFIG", "KEYSTEAD_JSON"];
const OTHER_PREFIXES: &[&str] = &["KEYSTEAD_TEST_"];

/// The largest configuration file, in bytes.
const MAX_FILE: u64 = 1024 * 1024;

/// Who said a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nobody.
    Default,
    /// The file.
    File,
    /// The environment.
    Environment,
    /// A flag.
    Flag,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "default",
            Self::File => "file",
            Self::Environment => "environment",
            Self::Flag => "flag",
        })
    }
}

/// Every setting's value. Debug output shows keys only.
#[derive(Clone)]
pub struct Config {
    values: BTreeMap<&'static str, (String, Source)>,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

impl Config {
    /// The value and who said it. An unknown key is empty.
    #[must_use]
    pub fn get(&self, key: &str) -> (&str, Source) {
        debug_assert!(list::find(key).is_some(), "no such setting: {key}");
        self.values.get(key).map_or(("", Source::Default), |(value, source)| (value.as_str(), *source))
    }
    /// The value as text.
    #[must_use]
    pub fn text(&self, key: &str) -> &str {
        self.get(key).0
    }
    /// The value, where it is not empty.
    #[must_use]
    pub fn optional(&self, key: &str) -> Option<&str> {
        Some(self.text(key)).filter(|text| !text.is_empty())
    }
    /// The value of a flag.
    #[must_use]
    pub fn flag(&self, key: &str) -> bool {
        self.text(key) == "true"
    }
    /// The value of a number, which was checked when it was read.
    #[must_use]
    pub fn number(&self, key: &str) -> u64 {
        self.text(key).parse().unwrap_or(0)
    }
    /// The value of a list.
    #[must_use]
    pub fn list(&self, key: &str) -> Vec<&str> {
        self.text(key).split(',').map(str::trim).filter(|item| !item.is_empty()).collect()
    }
    /// Whether it is a production installation.
    #[must_use]
    pub fn in_production(&self) -> bool {
        self.text("environment") == "production"
    }
}

/// Reads the configuration: the defaults, then the file, then `environment`, then `flags` (key and value).
///
/// # Errors
/// `Invalid`, naming the place, for unknown keys, bad values and an unreadable file.
pub fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
    flags: &[(&'static str, String)],
) -> Result<Config> {
    let mut values: BTreeMap<&'static str, (String, Source)> =
        settings().map(|setting| (setting.key, (setting.default.to_owned(), Source::Default))).collect();
    if let Some(path) = file {
        for (key, text) in read_file(path)? {
            let setting = list::find(&key).ok_or_else(|| unknown(&format!("{}: {key}", path.display()), &key))?;
            let value = check(setting, &text, &format!("{}: {key}", path.display()))?;
            values.insert(setting.key, (value, Source::File));
        }
    }
    for (variable, text) in environment {
        if let Some(setting) = by_variable(&variable)? {
            values.insert(setting.key, (check(setting, &text, &variable)?, Source::Environment));
        }
    }
    for (key, text) in flags {
        let setting = list::find(key).ok_or_else(|| unknown(key, key))?;
        values
            .insert(setting.key, (check(setting, text, &format!("--{}", key.replace(['.', '_'], "-")))?, Source::Flag));
    }
    Ok(Config { values })
}

fn by_variable(variable: &str) -> Result<Option<&'static Setting>> {
    if let Some(setting) = settings().find(|setting| setting.variable == variable) {
        return Ok(Some(setting));
    }
    let ours = variable.starts_with("KEYSTEAD_")
        && !OTHER_VARIABLES.contains(&variable)
        && !OTHER_PREFIXES.iter().any(|prefix| variable.starts_with(prefix));
    if ours { Err(unknown(variable, variable)) } else { Ok(None) }
}

fn unknown(place: &str, key: &str) -> Error {
    let nearest = settings()
        .flat_map(|setting| [setting.key, setting.variable])
        .map(|known| (distance(known, key), known))
        .min()
        .filter(|(distance, _)| *distance <= 4)
        .map(|(_, known)| format!(" Did you mean {known}?"))
        .unwrap_or_default();
    Error::invalid(place, format!("is no setting.{nearest} `keystead config show` lists them all"))
}

/// The number of single-character changes between two words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

fn read_file(path: &Path) -> Result<Vec<(String, String)>> {
    let refuse = |why: String| {
        Error::new(ErrorKind::Invalid, "configuration", format!("The configuration file {}: {why}", path.display()))
    };
    let size = std::fs::metadata(path).map_err(|error| refuse(error.to_string()))?.len();
    if size > MAX_FILE {
        return Err(refuse("is larger than 1 MiB".to_owned()));
    }
    let text = std::fs::read_to_string(path).map_err(|error| refuse(error.to_string()))?;
    // The parser's message quotes the line, which may hold a secret: its place is enough.
    let table: toml::Table = toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
        refuse(format!("line {line}: {}", error.message()))
    })?;
    let mut flat = Vec::new();
    flatten("", table, &mut flat).map_err(refuse)?;
    Ok(flat)
}

fn flatten(prefix: &str, table: toml::Table, flat: &mut Vec<(String, String)>) -> Result<(), String> {
    for (key, value) in table {
        let key = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
        match value {
            toml::Value::Table(inner) => flatten(&key, inner, flat)?,
            toml::Value::String(text) => flat.push((key, text)),
            toml::Value::Integer(number) => flat.push((key, number.to_string())),
            toml::Value::Boolean(flag) => flat.push((key, flag.to_string())),
            toml::Value::Array(items) if list::find(&key).is_some_and(|setting| setting.kind == Kind::List) => {
                let texts: Option<Vec<_>> = items.iter().map(toml::Value::as_str).collect();
                let texts = texts.ok_or_else(|| format!("{key}: must be a list of texts"))?;
                flat.push((key, texts.join(",")));
            }
            _ => return Err(format!("{key}: must be a text, a whole number, true or false")),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    #[test]
    fn flags_win_over_environment_over_file_over_default() {
        let file = file("listen = \"127.0.0.1:1\"\n[postgres]\npool_size = 7\npool_overflow = 8\n");
        let environment =
            [("KEYSTEAD_POSTGRES_POOL_SIZE".to_owned(), "9".to_owned()), ("HOME".to_owned(), "/".to_owned())];
        let config = load(Some(file.path()), environment, &[("listen", "127.0.0.1:2".to_owned())]).unwrap();
        assert_eq!(config.get("listen"), ("127.0.0.1:2", Source::Flag));
        assert_eq!(config.get("postgres.pool_size"), ("9", Source::Environment));
        assert_eq!(config.get("postgres.pool_overflow"), ("8", Source::File));
        assert_eq!(config.get("tokens.access_seconds"), ("600", Source::Default));
    }

    #[test]
    fn unknown_keys_are_errors_with_a_suggestion() {
        let error = load(Some(file("[postgres]\npool_sise = 7\n").path()), [], &[]).unwrap_err();
        assert!(error.message.contains("Did you mean postgres.pool_size?"), "{error}");
        let error = load(None, [("KEYSTEAD_LISTN".to_owned(), "x".to_owned())], &[]).unwrap_err();
        assert!(error.message.contains("KEYSTEAD_LISTEN"), "{error}");
    }

    #[test]
    fn bad_values_name_their_place_and_secrets_are_not_repeated() {
        let error = load(None, [("KEYSTEAD_POSTGRES_POOL_SIZE".to_owned(), "many".to_owned())], &[]).unwrap_err();
        assert!(
            error.message.contains("KEYSTEAD_POSTGRES_POOL_SIZE") && error.message.contains("1 to 10000"),
            "{error}"
        );
        let error = load(Some(file("database_url = \"postgres://a:topsecret@b\nx = 1").path()), [], &[]).unwrap_err();
        assert!(error.message.contains("line 1") && !error.message.contains("topsecret"), "{error}");
        let config = load(None, [("DATABASE_URL".to_owned(), "postgres://a:topsecret@b/c".to_owned())], &[]).unwrap();
        assert!(!format!("{config:?}").contains("topsecret"));
    }
}
