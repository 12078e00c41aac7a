//! How names are read: the section `[keystead]`, which Casbin itself ignores.

use super::{ModelError, lines::Entry};
use crate::policy::names_of::is_kind;

/// What a bare name in a rule means, and which domain stands for every one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The type of a subject that a rule names without one; none when it may be of any type. `user` unless said.
    pub subject_type: Option<Box<str>>,
    /// The type of a resource that a rule names without one; none when it may be of any type, which is so unless said.
    pub object_type: Option<Box<str>>,
    /// The domain in which a role is held everywhere, and in which a request is asked that names none.
    pub any_domain: Option<Box<str>>,
}

impl Default for Options {
    fn default() -> Self {
        Self { subject_type: Some("user".into()), object_type: None, any_domain: None }
    }
}

impl Options {
    pub(super) fn read(entries: &[Entry]) -> Result<Self, ModelError> {
        let mut options = Self::default();
        for entry in entries.iter().filter(|entry| entry.section == "keystead") {
            let text = entry.value.text.as_str();
            let kind = || match text {
                "*" => Ok(None),
                _ if is_kind(text) => Ok(Some(text.into())),
                _ => Err(ModelError::new(entry.value.place(0), "a type is letters, digits, `_`, `-` and `.`, or `*`")),
            };
            match entry.key.as_str() {
                "subject_type" => options.subject_type = kind()?,
                "object_type" => options.object_type = kind()?,
                "any_domain" if !text.is_empty() => options.any_domain = Some(text.into()),
                "any_domain" => return Err(ModelError::new(entry.at, "the domain is missing")),
                _ => {
                    let message = "unknown option; there are subject_type, object_type and any_domain";
                    return Err(ModelError::new(entry.at, message));
                }
            }
        }
        Ok(options)
    }
}
