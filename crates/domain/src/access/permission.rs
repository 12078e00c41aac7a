//! A permission is `resource:action:scope`.

use crate::{Error, OrganizationId, PermissionId, Result, Timestamp};
use serde::{Deserialize, Serialize};

/// Whose resources a permission reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PermissionScope {
    /// Those that the caller owns.
    Own,
    /// Those of the organization in which the role was granted.
    Organization,
    /// Those of every organization; counts only when granted in the platform organization.
    Any,
}
crate::text_enum!(PermissionScope { Own = "own", Organization = "organization", Any = "any" });

/// What a caller does to one of Keystead's own resources. Products may use words of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Make a new one.
    Create,
    /// See it or list it.
    Read,
    /// Change it.
    Update,
    /// Remove or end it.
    Delete,
    /// Ask what somebody may do.
    Evaluate,
    /// Ask who may do something, or on what.
    Search,
}
crate::text_enum!(Action {
    Create = "create",
    Read = "read",
    Update = "update",
    Delete = "delete",
    Evaluate = "evaluate",
    Search = "search",
});

/// A permission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    /// Its identifier.
    pub id: PermissionId,
    /// The platform for built-in ones.
    pub organization_id: OrganizationId,
    /// What it is about, such as `teams`.
    pub resource: String,
    /// What may be done, such as `update`.
    pub action: String,
    /// Whose resources it reaches.
    pub scope: PermissionScope,
    /// What it is for.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Permission {
    /// `resource:action:scope`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}:{}:{}", self.resource, self.action, self.scope)
    }
}

/// The three parts of a permission's name, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPermission {
    /// What it is about.
    pub resource: String,
    /// What may be done.
    pub action: String,
    /// Whose resources it reaches.
    pub scope: PermissionScope,
}

impl NewPermission {
    /// Reads `resource:action:scope`; resource and action are `[a-z][a-z0-9_]*`, up to 40 characters.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Invalid`] on `name`.
    pub fn parse(name: &str) -> Result<Self> {
        let refuse = || {
            Error::invalid(
                "name",
                "must be resource:action:scope, such as reports:read:organization; scope is own, organization or any",
            )
        };
        let mut parts = name.split(':');
        let (Some(resource), Some(action), Some(scope), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(refuse());
        };
        let word = |text: &str| {
            text.len() <= 40
                && text.starts_with(|c: char| c.is_ascii_lowercase())
                && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        if !word(resource) || !word(action) {
            return Err(refuse());
        }
        let scope = PermissionScope::parse(scope).ok_or_else(refuse)?;
        Ok(Self { resource: resource.to_owned(), action: action.to_owned(), scope })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_three_parts() {
        assert_eq!(NewPermission::parse("reports:read:own").unwrap().scope, PermissionScope::Own);
        for bad in ["", "a:b", "a:b:c", "A:b:own", "a:b:own:x", "a b:c:own", "1a:b:own"] {
            assert!(NewPermission::parse(bad).is_err(), "{bad}");
        }
    }
}
