//! What several say of one thing.

use crate::policy::{Attribute, Properties};

/// Properties from several sources: the first that knows one says it.
pub(crate) struct Layers<'a>(pub(crate) [Option<&'a dyn Properties>; 3]);

impl Properties for Layers<'_> {
    fn get(&self, name: &str) -> Option<Attribute<'_>> {
        self.0.iter().flatten().find_map(|layer| layer.get(name))
    }
}
