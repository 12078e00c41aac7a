//! A question that is kept while it is answered.

use crate::access::evaluation::{Act, Attributes, Question, Thing};

/// A subject or a resource.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AskedThing {
    /// Its type, such as `user` or `document`.
    pub kind: String,
    /// Its identifier, unique within the type.
    pub id: String,
    /// What is told about it; wins over what is stored.
    pub properties: Option<Attributes>,
}

/// Whether a subject may do something on a resource.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    /// Who.
    pub subject: AskedThing,
    /// What: the name of the action.
    pub action: String,
    /// What is told about the action.
    pub action_properties: Option<Attributes>,
    /// On what.
    pub resource: AskedThing,
    /// Under which circumstances: `r.ctx` of rules.
    pub context: Option<Attributes>,
}

impl AskedThing {
    /// Something of this type, of which nothing more is told.
    pub fn new(kind: impl Into<String>, id: impl Into<String>) -> Self {
        Self { kind: kind.into(), id: id.into(), properties: None }
    }
    fn thing(&self) -> Thing<'_> {
        Thing { kind: &self.kind, id: &self.id, properties: self.properties.as_ref() }
    }
}

impl Asked {
    /// The question.
    #[must_use]
    pub fn question(&self) -> Question<'_> {
        Question {
            subject: self.subject.thing(),
            action: Act { name: &self.action, properties: self.action_properties.as_ref() },
            resource: self.resource.thing(),
            context: self.context.as_ref(),
        }
    }
}
