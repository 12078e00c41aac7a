//! A file of expected decisions.

use super::names::{subject_of, thing};
use keystead_domain::{Caller, Error, Result};
use keystead_service::{
    App,
    access::{
        evaluation::Attributes,
        explaining::{Asked, AskedThing},
    },
};
use serde::Deserialize;

/// The most decisions that one file expects.
const MOST: usize = 10_000;

/// What a file expects.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    /// The circumstances of every question that has none of its own.
    context: Option<Attributes>,
    /// The decisions.
    expect: Vec<Expectation>,
}

/// One expected decision.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    /// What it is called in the answer.
    name: Option<String>,
    subject: Named,
    action: String,
    resource: Named,
    context: Option<Attributes>,
    allowed: bool,
    /// What is to decide, in the word that an evaluation gives: `rule`, `no_permission` …
    because: Option<String>,
}

/// `type:id`, or the same with properties.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "must be a text such as document:d1, or an object with type, id and properties")]
enum Named {
    Text(String),
    Whole(Whole),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    #[serde(rename = "type")]
    kind: String,
    id: String,
    properties: Option<Attributes>,
}

/// A question with the decision that is expected.
pub(super) struct Question {
    /// The name that the file gives it, else the question.
    pub(super) name: String,
    pub(super) asked: Asked,
    pub(super) allowed: bool,
    pub(super) because: Option<String>,
}

impl Expected {
    /// The questions.
    ///
    /// # Errors
    /// `Invalid`, naming the place in the file.
    pub(super) async fn questions(self, app: &App, caller: &Caller) -> Result<Vec<Question>> {
        if self.expect.is_empty() || self.expect.len() > MOST {
            return Err(Error::invalid("expect", format!("must have 1 to {MOST} expected decisions")));
        }
        let mut all = Vec::with_capacity(self.expect.len());
        for (number, expectation) in self.expect.into_iter().enumerate() {
            let Expectation { name, subject, action, resource, context, allowed, because } = expectation;
            let at = |part: &str, error: Error| Error::invalid(format!("expect[{number}].{part}"), error.message);
            let text = |named: &Named| match named {
                Named::Text(text) => text.clone(),
                Named::Whole(whole) => format!("{}:{}", whole.kind, whole.id),
            };
            let name = name.unwrap_or_else(|| format!("{} {action} {}", text(&subject), text(&resource)));
            let subject = match subject {
                Named::Text(text) => subject_of(app, caller, &text).await.map_err(|error| at("subject", error))?,
                Named::Whole(whole) => whole.into(),
            };
            let resource = match resource {
                Named::Text(text) => thing("RESOURCE", &text).map_err(|error| at("resource", error))?,
                Named::Whole(whole) => whole.into(),
            };
            let context = context.or_else(|| self.context.clone());
            let asked = Asked { subject, action, action_properties: None, resource, context };
            all.push(Question { name, asked, allowed, because });
        }
        Ok(all)
    }
}

impl From<Whole> for AskedThing {
    fn from(whole: Whole) -> Self {
        let Whole { kind, id, properties } = whole;
        Self { kind, id, properties }
    }
}
