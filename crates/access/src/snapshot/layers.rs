//! What several say of one thing.

use crate::{
    entities::Things,
    policy::{Attribute, Entity, Properties},
};
use serde_json::{Map, Value};
use std::cell::OnceCell;

/// Properties from several sources: the first that knows one says it.
pub(crate) struct Layers<'a>(pub(crate) [Option<&'a dyn Properties>; 3]);

impl Properties for Layers<'_> {
    fn get(&self, name: &str) -> Option<Attribute<'_>> {
        self.0.iter().flatten().find_map(|layer| layer.get(name))
    }
}

/// The stored properties of an entity, looked up when the first one is asked for: most decisions ask for none.
pub(crate) struct Stored<'a> {
    things: &'a Things<Map<String, Value>>,
    entity: &'a Entity<'a>,
    found: OnceCell<Option<&'a Map<String, Value>>>,
}

impl<'a> Stored<'a> {
    pub(crate) const fn new(things: &'a Things<Map<String, Value>>, entity: &'a Entity<'a>) -> Self {
        Self { things, entity, found: OnceCell::new() }
    }
}

impl Properties for Stored<'_> {
    fn get(&self, name: &str) -> Option<Attribute<'_>> {
        let found = self.found.get_or_init(|| self.things.find(self.entity.kind, self.entity.id));
        found.as_ref()?.get(name).and_then(Attribute::of_json)
    }
}
