//! Who can hold roles and user levels, and be the owner of things.

use keystead_domain::{ServiceAccountId, UserId};
use uuid::{Uuid, fmt::Hyphenated};

/// A person or a service account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// A person: the subject `user:<identifier>`.
    User(UserId),
    /// A service account: the subject `service_account:<identifier>`.
    ServiceAccount(ServiceAccountId),
}

impl Holder {
    /// The type of persons among subjects.
    pub const USER: &'static str = "user";
    /// The type of service accounts among subjects.
    pub const SERVICE_ACCOUNT: &'static str = "service_account";

    /// The holder that a subject of this type with this identifier is; none for every other subject.
    ///
    /// Only the usual form of an identifier counts (hyphens, small letters). Else one person would have several names,
    /// and what a rule denies to one of them could be asked for by another.
    #[must_use]
    pub fn of(kind: &str, id: &str) -> Option<Self> {
        match kind {
            Self::USER => canonical(id).map(|id| Self::User(id.into())),
            Self::SERVICE_ACCOUNT => canonical(id).map(|id| Self::ServiceAccount(id.into())),
            _ => None,
        }
    }
    /// Reads `user:<identifier>`, `service_account:<identifier>`, or the bare identifier of a person.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once(':').unwrap_or((Self::USER, text));
        Self::of(kind, id)
    }
    /// Its type among subjects.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::User(_) => Self::USER,
            Self::ServiceAccount(_) => Self::SERVICE_ACCOUNT,
        }
    }
    /// Its identifier.
    #[must_use]
    pub const fn id(self) -> Uuid {
        match self {
            Self::User(id) => id.as_uuid(),
            Self::ServiceAccount(id) => id.as_uuid(),
        }
    }
}

/// An identifier in its usual form: of this length there is only that with hyphens.
pub(crate) fn canonical(text: &str) -> Option<Uuid> {
    let is_usual = text.len() == Hyphenated::LENGTH && !text.bytes().any(|byte| byte.is_ascii_uppercase());
    if is_usual { Uuid::try_parse(text).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_one_name() {
        let id = Uuid::from_u128(0xabc);
        let usual = id.hyphenated().to_string();
        assert_eq!(Holder::of("user", &usual), Some(Holder::User(id.into())));
        assert_eq!(Holder::parse(&format!("user:{usual}")), Some(Holder::User(id.into())));
        assert_eq!(Holder::parse(&usual), Some(Holder::User(id.into())));
        for other in
            [usual.to_uppercase(), id.simple().to_string(), format!("{{{usual}}}"), format!("urn:uuid:{usual}")]
        {
            assert_eq!(Holder::of("user", &other), None, "{other}");
            assert_eq!(Holder::parse(&other), None, "{other}");
        }
        assert_eq!(Holder::of("document", &usual), None);
    }
}
