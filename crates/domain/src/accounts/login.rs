//! What a person types to say who they are.

use super::{Email, Username};

/// A username or an address. Text with an `@` is an address, since no username has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Login {
    /// Found by `username_key`.
    Username(Username),
    /// Found by `email_key`.
    Email(Email),
    /// Neither: no account can have it. It still takes a sign-in its full time.
    Impossible,
}

impl Login {
    /// Reads what was typed. It never fails, so that a malformed login answers like an unknown one.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        if text.contains('@') {
            Email::new(text).map_or(Self::Impossible, Self::Email)
        } else {
            Username::new(text).map_or(Self::Impossible, Self::Username)
        }
    }
    /// The key it is found by, prefixed by its kind so that the two kinds never meet.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Username(name) => format!("username:{}", name.key()),
            Self::Email(email) => format!("email:{}", email.key()),
            Self::Impossible => "impossible".to_owned(),
        }
    }
}
