//! What an entity is checked for.

use crate::access::policy::refused::{MOST_NAMED, several};
use keystead_domain::{Error, ErrorKind, FieldError, Json, Result, access::PolicyEntity, bounded_json};
use std::collections::HashSet;

/// So many entities an organization has at the most.
pub const MOST_ENTITIES: usize = 200_000;
/// So many bytes their properties have together, as JSON, at the most.
pub const MOST_ENTITY_BYTES: usize = 32 * 1024 * 1024;
/// So many entities are written or removed with one request at the most.
pub const MOST_ENTITIES_AT_ONCE: usize = 10_000;
/// So many bytes the properties of one entity have, as JSON, at the most.
pub const MOST_PROPERTY_BYTES: usize = 8 * 1024;

/// How many characters an identifier has at the most.
const LONGEST_ID: usize = 256;
/// How many bytes a type has at the most.
pub(super) const LONGEST_TYPE: usize = 64;

/// What names an entity.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EntityName {
    /// What it is: a letter or `_`, then letters, digits, `_`, `-` and `.`.
    pub kind: String,
    /// Its own identifier, unique among those of its type.
    pub id: String,
}

/// An entity as somebody wants it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEntity {
    /// Its name.
    pub name: EntityName,
    /// What conditions may ask about it.
    pub properties: Json,
}

/// Checks each by itself, and that none stands twice.
///
/// # Errors
/// `TooLarge` with code `batch_too_large`; `Invalid` with code `entities_refused`, naming each by its place in the list.
pub(super) fn check(entities: &[NewEntity]) -> Result<()> {
    ensure_batch(entities.len())?;
    let (mut seen, mut wrong) = (HashSet::new(), Vec::new());
    for (index, entity) in entities.iter().enumerate() {
        let one = check_one(entity).and_then(|()| {
            if seen.insert(&entity.name) { Ok(()) } else { Err(("id", "stands in the list twice".to_owned())) }
        });
        if let Err((part, message)) = one {
            wrong.push(FieldError { field: format!("entities[{index}].{part}"), message });
        }
        if wrong.len() == MOST_NAMED {
            break;
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(several("entities_refused", wrong)) }
}

fn check_one(entity: &NewEntity) -> Result<(), (&'static str, String)> {
    if !is_type(&entity.name.kind) {
        let message = format!(
            "must begin with a letter or _, go on with letters, digits, _, - and ., and have at most {LONGEST_TYPE} bytes"
        );
        return Err(("type", message));
    }
    let id = &entity.name.id;
    if id.is_empty() || id.chars().count() > LONGEST_ID || id.chars().any(char::is_control) {
        return Err(("id", format!("must have 1 to {LONGEST_ID} characters, none of them a control character")));
    }
    bounded_json("properties", entity.properties.clone(), MOST_PROPERTY_BYTES)
        .map(drop)
        .map_err(|error| ("properties", error.fields.into_iter().next().map_or(error.message, |field| field.message)))
}

/// What the engine takes for a type.
fn is_type(text: &str) -> bool {
    let mut bytes = text.bytes();
    text.len() <= LONGEST_TYPE
        && bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

/// # Errors
/// `TooLarge` with code `batch_too_large`.
pub(super) fn ensure_batch(count: usize) -> Result<()> {
    if count <= MOST_ENTITIES_AT_ONCE {
        return Ok(());
    }
    let message = format!(
        "These are {count} entities, and at most {MOST_ENTITIES_AT_ONCE} are taken at once: send them in parts."
    );
    Err(Error::new(ErrorKind::TooLarge, "batch_too_large", message))
}

/// Whether there is room for all that there will be.
///
/// # Errors
/// `Conflict` with code `too_many_entities`.
pub(super) fn ensure_room<'a>(all: impl Iterator<Item = &'a PolicyEntity>) -> Result<()> {
    let (mut count, mut bytes) = (0, 0);
    for entity in all {
        (count, bytes) = (count + 1, bytes + entity.properties.to_string().len());
    }
    if count <= MOST_ENTITIES && bytes <= MOST_ENTITY_BYTES {
        return Ok(());
    }
    let message = format!(
        "An organization has at most {MOST_ENTITIES} entities with {MOST_ENTITY_BYTES} bytes of properties together: remove some first."
    );
    Err(Error::conflict("too_many_entities", message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(kind: &str, id: &str, properties: Json) -> Option<String> {
        let name = EntityName { kind: kind.to_owned(), id: id.to_owned() };
        check(&[NewEntity { name, properties }]).err().map(|error| error.fields[0].field.clone())
    }

    #[test]
    fn what_no_decision_could_ask_for_is_refused() {
        assert_eq!(refused("document", "a/b: ü", json!({})), None);
        for kind in ["", "9", "a b", "a:b", &"x".repeat(65)] {
            assert_eq!(refused(kind, "d1", json!({})).as_deref(), Some("entities[0].type"), "{kind}");
        }
        for id in ["", "a\u{0}b", &"é".repeat(257)] {
            assert_eq!(refused("document", id, json!({})).as_deref(), Some("entities[0].id"), "{id}");
        }
        let large = json!({ "text": "x".repeat(MOST_PROPERTY_BYTES) });
        for properties in [json!([]), json!(null), large, json!({ "a": "b\u{0}" })] {
            assert_eq!(refused("document", "d1", properties).as_deref(), Some("entities[0].properties"));
        }
    }

    #[test]
    fn none_stands_twice() {
        let one = |id: &str| {
            let name = EntityName { kind: "document".to_owned(), id: id.to_owned() };
            NewEntity { name, properties: json!({}) }
        };
        assert!(check(&[one("a"), one("b")]).is_ok());
        assert_eq!(check(&[one("a"), one("b"), one("a")]).unwrap_err().fields[0].field, "entities[2].id");
        assert_eq!(check(&vec![one("a"); MOST_ENTITIES_AT_ONCE + 1]).unwrap_err().code, "batch_too_large");
    }
}
