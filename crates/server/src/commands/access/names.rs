//! Subjects and resources as they are typed, and whom a bare name means.

use crate::{cli::access::QuestionWords, commands::user};
use keystead_domain::{Caller, Error, PLATFORM, Result};
use keystead_service::{
    App,
    access::{
        evaluation::Attributes,
        explaining::{Asked, AskedThing},
    },
};

/// The question that the words ask.
pub(super) async fn asked(app: &App, caller: &Caller, words: QuestionWords) -> Result<Asked> {
    let QuestionWords { subject, action, resource, context, subject_properties, resource_properties } = words;
    let mut subject = subject_of(app, caller, &subject).await?;
    subject.properties = object("--subject-properties", subject_properties)?;
    let mut resource = thing("RESOURCE", &resource)?;
    resource.properties = object("--resource-properties", resource_properties)?;
    Ok(Asked { subject, action, action_properties: None, resource, context: object("--context", context)? })
}

/// `type:id`, or the person with this username, address or identifier.
pub(super) async fn subject_of(app: &App, caller: &Caller, text: &str) -> Result<AskedThing> {
    if text.contains(':') {
        return thing("SUBJECT", text);
    }
    // Accounts are of the whole installation.
    let everywhere = Caller { organization_id: PLATFORM, ..caller.clone() };
    let person = user::find(app, &everywhere, text).await.map_err(|error| {
        Error::invalid(
            "SUBJECT",
            format!("{text}: {} Write type:id for anybody else than a person with an account.", error.message),
        )
    })?;
    Ok(AskedThing::new("user", person.to_string()))
}

/// `type:id`.
pub(super) fn thing(what: &'static str, text: &str) -> Result<AskedThing> {
    match text.split_once(':') {
        Some((kind, id)) if !kind.is_empty() && !id.is_empty() => Ok(AskedThing::new(kind, id)),
        _ => Err(Error::invalid(what, format!("{text:?} must be type:id, such as document:d1"))),
    }
}

fn object(flag: &'static str, text: Option<String>) -> Result<Option<Attributes>> {
    let read = |text: String| {
        serde_json::from_str(&text).map_err(|error| {
            Error::invalid(flag, format!("must be a JSON object, such as '{{\"status\": \"draft\"}}': {error}"))
        })
    };
    text.map(read).transpose()
}
