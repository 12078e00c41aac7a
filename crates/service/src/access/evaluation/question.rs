//! What is asked about, as whoever asks names it.

use super::named;
use keystead_access::policy::{Entity, Properties};
use keystead_domain::Result;
use serde_json::{Map, Value};

/// Properties by name.
pub type Attributes = Map<String, Value>;

/// The longest type, identifier or name, in bytes.
pub const MOST_NAME: usize = 1000;

/// A subject or a resource.
#[derive(Clone, Copy, Debug)]
pub struct Thing<'a> {
    /// Its type, such as `user` or `document`.
    pub kind: &'a str,
    /// Its identifier, unique within the type.
    pub id: &'a str,
    /// What is told about it; wins over what is stored.
    pub properties: Option<&'a Attributes>,
}

/// What is to be done.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// Its name, such as `read`.
    pub name: &'a str,
    /// What is told about it.
    pub properties: Option<&'a Attributes>,
}

/// Whether `subject` may do `action` on `resource`.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Who.
    pub subject: Thing<'a>,
    /// What.
    pub action: Act<'a>,
    /// On what.
    pub resource: Thing<'a>,
    /// Under which circumstances: `r.ctx` of rules.
    pub context: Option<&'a Attributes>,
}

impl Question<'_> {
    /// Whether every name can be one.
    ///
    /// # Errors
    /// `Invalid` for a name without end, and for none.
    pub(in crate::access) fn check(&self) -> Result<()> {
        for (field, text) in [
            ("subject.type", self.subject.kind),
            ("subject.id", self.subject.id),
            ("action.name", self.action.name),
            ("resource.type", self.resource.kind),
            ("resource.id", self.resource.id),
        ] {
            named(field, text)?;
        }
        Ok(())
    }
}

pub(super) fn entity<'a>(kind: &'a str, id: &'a str, properties: Option<&'a Attributes>) -> Entity<'a> {
    let entity = Entity::new(kind, id);
    match properties {
        Some(properties) => entity.with(properties),
        None => entity,
    }
}

impl<'a> Thing<'a> {
    pub(in crate::access) fn entity(&self) -> Entity<'a> {
        entity(self.kind, self.id, self.properties)
    }
}

impl<'a> Act<'a> {
    pub(in crate::access) fn entity(&self) -> Entity<'a> {
        entity("", self.name, self.properties)
    }
}

/// Circumstances that were not told are none.
pub(in crate::access) fn circumstances(context: Option<&Attributes>) -> &dyn Properties {
    match context {
        Some(context) => context,
        None => &(),
    }
}
