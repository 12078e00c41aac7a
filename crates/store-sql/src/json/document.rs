//! Takes the file's text apart and knows on which line everything stands.

use super::FORMAT;
use keystead_domain::{Error, ErrorKind, Result};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::{borrow::Cow, fmt, path::Path};

/// The text of a file.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    pub(super) path: &'a Path,
}

/// The members of a JSON object in the order of the file.
pub(super) struct Members<'a>(pub(super) Vec<(Key<'a>, &'a RawValue)>);

/// A member's name; where it has no escapes, a part of the file's text.
pub(super) struct Key<'a>(Cow<'a, str>);

/// A file whose frame is in order.
pub(super) struct Document<'a> {
    pub(super) source: Source<'a>,
    /// The migration up to which the schema was applied.
    pub(super) schema_version: i32,
    /// The text of `tables`, and each table in it.
    pub(super) tables: (&'a RawValue, Members<'a>),
}

impl<'a> Document<'a> {
    /// Reads the frame, `{"keystead": {"format": 1, "schema_version": N}, "tables": {…}}`.
    ///
    /// # Errors
    /// `Invalid` with code `store_file_damaged`, the line and what is wrong.
    pub(super) fn parse(source: Source<'a>, newest: i32) -> Result<Self> {
        let whole: &RawValue = serde_json::from_str(source.text).map_err(|error| source.syntax(&error))?;
        let mut top = source.members(whole, "the file")?;
        let header = source.take(&mut top, whole, "keystead")?;
        let mut known = source.members(header, "keystead")?;
        let mut number = |name: &str| {
            let raw = source.take(&mut known, header, name)?;
            let value = raw.get().parse::<i32>().ok().filter(|number| *number >= 0);
            let value = value.ok_or_else(|| source.wrong(raw.get(), format!("{name} must be a whole number")))?;
            Ok::<_, Error>((raw, value))
        };
        let (raw, format) = number("format")?;
        if u32::try_from(format) != Ok(FORMAT) {
            let why =
                format!("the file has format {format}, but this program knows {FORMAT} only: use a newer Keystead");
            return Err(source.wrong(raw.get(), why));
        }
        let (raw, schema_version) = number("schema_version")?;
        if schema_version > newest {
            let why = format!(
                "the file has schema version {schema_version}, but this program knows versions up to {newest}: use a newer Keystead"
            );
            return Err(source.wrong(raw.get(), why));
        }
        source.nothing_else(&known, "keystead")?;
        let raw = source.take(&mut top, whole, "tables")?;
        source.nothing_else(&top, "the file")?;
        Ok(Self { source, schema_version, tables: (raw, source.members(raw, "tables")?) })
    }
}

impl<'a> Source<'a> {
    /// The line on which `part`, a part of the text, begins.
    fn line_of(self, part: &str) -> usize {
        let offset = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len());
        let before = self.text.as_bytes().get(..offset).unwrap_or_default();
        1 + before.iter().filter(|byte| **byte == b'\n').count()
    }
    /// An error about `part` of the text.
    pub(super) fn wrong(self, part: &str, why: impl fmt::Display) -> Error {
        damaged(self.path, self.line_of(part), why)
    }
    fn syntax(self, error: &serde_json::Error) -> Error {
        let text = error.to_string();
        let why = text.rsplit_once(" at line ").map_or(text.as_str(), |(why, _)| why);
        damaged(self.path, error.line(), why)
    }
    /// The members of an object, each named once.
    pub(super) fn members(self, raw: &'a RawValue, what: &str) -> Result<Members<'a>> {
        if !raw.get().starts_with('{') {
            return Err(self.wrong(raw.get(), format!("{what} must be an object")));
        }
        let members: Members<'a> = serde_json::from_str(raw.get()).map_err(|error| self.wrong(raw.get(), error))?;
        let mut seen = std::collections::HashSet::new();
        for (key, value) in &members.0 {
            if !seen.insert(key.name()) {
                return Err(self.wrong(key.place(value), format!("{} is there twice in {what}", key.name())));
            }
        }
        Ok(members)
    }
    /// The items of an array.
    pub(super) fn items(self, raw: &'a RawValue, what: &str) -> Result<Vec<&'a RawValue>> {
        if !raw.get().starts_with('[') {
            return Err(self.wrong(raw.get(), format!("{what} must be a list of rows")));
        }
        serde_json::from_str(raw.get()).map_err(|error| self.wrong(raw.get(), error))
    }
    /// Takes the member `name` out of the `members` of `whole`.
    pub(super) fn take(self, members: &mut Members<'a>, whole: &RawValue, name: &str) -> Result<&'a RawValue> {
        let found = members.0.iter().position(|(key, _)| key.name() == name);
        found
            .map(|index| members.0.remove(index).1)
            .ok_or_else(|| self.wrong(whole.get(), format!("{name} is missing")))
    }
    /// Refuses what was not taken out.
    pub(super) fn nothing_else(self, members: &Members<'a>, what: &str) -> Result<()> {
        match members.0.first() {
            Some((key, value)) => Err(self.wrong(key.place(value), format!("{} is unknown in {what}", key.name()))),
            None => Ok(()),
        }
    }
}

impl<'a> Key<'a> {
    pub(super) fn name(&self) -> &str {
        &self.0
    }
    /// Where it stands: an escaped name has no place of its own, but its value follows it.
    fn place(&self, value: &'a RawValue) -> &'a str {
        match self.0 {
            Cow::Borrowed(name) => name,
            Cow::Owned(_) => value.get(),
        }
    }
}

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl<'de> Visitor<'de> for Name {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(name)))
            }
            fn visit_str<E>(self, name: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(Name)
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(All)
    }
}

/// The file does not say what a store's file must say.
pub(super) fn damaged(path: &Path, line: usize, why: impl fmt::Display) -> Error {
    Error::new(
        ErrorKind::Invalid,
        "store_file_damaged",
        format!("{}, line {line}: {why}. The file was left as it is.", path.display()),
    )
}
