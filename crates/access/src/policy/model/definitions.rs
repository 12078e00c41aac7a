//! What requests, rules and roles look like.

use super::{ModelError, lines::Entry};
use crate::policy::position::Position;

/// Which fields a request has, which values a rule has, and which kinds of roles there are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Definitions {
    requests: Vec<(u8, Vec<String>)>,
    policies: Vec<(u8, Vec<String>)>,
    pub(crate) roles: Vec<RoleDefinition>,
}

/// `g = _, _` or `g = _, _, _`, perhaps with a window of time: `g = _, _, (_, _)`.
#[derive(Clone, Debug)]
pub(crate) struct RoleDefinition {
    pub(crate) name: String,
    /// Whether the third value is a domain.
    pub(crate) with_domain: bool,
    /// Whether two more values say from when and until when the role is held.
    pub(crate) with_window: bool,
}

impl RoleDefinition {
    /// How many values a grouping row has: at least, and at most.
    pub(crate) fn values(&self) -> (usize, usize) {
        let names = if self.with_domain { 3 } else { 2 };
        (names, if self.with_window { names + 2 } else { names })
    }
}

/// The most values a row has: `v0` to `v5`.
pub(crate) const MAX_FIELDS: usize = 6;

/// The number in `p2` (2) or `p` (1); none for another name.
pub(crate) fn numbered(name: &str, letter: char) -> Option<u8> {
    let rest = name.strip_prefix(letter)?;
    if rest.is_empty() {
        return Some(1);
    }
    if rest.starts_with('0') || !rest.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    rest.parse().ok().filter(|number| (2..=99).contains(number))
}

impl Definitions {
    pub(super) fn read(entries: &[Entry]) -> Result<Self, ModelError> {
        let mut definitions = Self::default();
        for entry in entries {
            match entry.section.as_str() {
                "request_definition" => {
                    let number = key(entry, 'r')?;
                    definitions.requests.push((number, fields(entry, 16)?));
                }
                "policy_definition" => {
                    let number = key(entry, 'p')?;
                    definitions.policies.push((number, fields(entry, MAX_FIELDS)?));
                }
                "role_definition" => {
                    key(entry, 'g')?;
                    definitions.roles.push(role(entry)?);
                }
                _ => {}
            }
        }
        for (section, letter, found) in [
            ("request_definition", 'r', definitions.request(1).is_some()),
            ("policy_definition", 'p', definitions.policy(1).is_some()),
        ] {
            if !found {
                return Err(ModelError::new(Position::START, format!("`{letter}` is missing in [{section}]")));
            }
        }
        Ok(definitions)
    }
    pub(crate) fn request(&self, number: u8) -> Option<&[String]> {
        self.requests.iter().find(|(known, _)| *known == number).map(|(_, fields)| fields.as_slice())
    }
    pub(crate) fn policy(&self, number: u8) -> Option<&[String]> {
        self.policies.iter().find(|(known, _)| *known == number).map(|(_, fields)| fields.as_slice())
    }
    pub(crate) fn policy_numbers(&self) -> impl Iterator<Item = u8> {
        self.policies.iter().map(|(number, _)| *number)
    }
    /// The place of a role definition, and whether it has domains.
    pub(crate) fn role(&self, name: &str) -> Option<(u8, bool)> {
        let index = self.roles.iter().position(|role| role.name == name)?;
        Some((u8::try_from(index).ok()?, self.roles[index].with_domain))
    }
}

pub(super) fn key(entry: &Entry, letter: char) -> Result<u8, ModelError> {
    numbered(&entry.key, letter).ok_or_else(|| {
        let message = format!("`{}` does not belong here: names are {letter}, {letter}2, {letter}3 …", entry.key);
        ModelError::new(entry.at, message)
    })
}

/// The names between the commas, with the byte at which each begins.
fn parts(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split(',').map(move |part| {
        let at = start + (part.len() - part.trim_start().len());
        start += part.len() + 1;
        (at, part.trim())
    })
}

fn fields(entry: &Entry, most: usize) -> Result<Vec<String>, ModelError> {
    let mut fields: Vec<String> = Vec::new();
    for (byte, name) in parts(&entry.value.text) {
        let fault = |message: String| Err(ModelError::new(entry.value.place(byte), message));
        let mut letters = name.chars();
        let word = letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
            && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        if !word {
            return fault(format!("`{name}` is not a name of a field"));
        }
        if fields.iter().any(|known| known == name) {
            return fault(format!("the field `{name}` stands twice"));
        }
        if fields.len() == most {
            return fault(format!("more than {most} fields"));
        }
        fields.push(name.to_owned());
    }
    Ok(fields)
}

fn role(entry: &Entry) -> Result<RoleDefinition, ModelError> {
    let plain: String = entry.value.text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let (with_domain, with_window) = match plain.as_str() {
        "_,_" => (false, false),
        "_,_,_" => (true, false),
        "_,_,(_,_)" => (false, true),
        "_,_,_,(_,_)" => (true, true),
        _ => {
            let message = "a role definition is `_, _`, with a domain `_, _, _`, with times `_, _, (_, _)` or both";
            return Err(ModelError::new(entry.value.place(0), message));
        }
    };
    Ok(RoleDefinition { name: entry.key.clone(), with_domain, with_window })
}
