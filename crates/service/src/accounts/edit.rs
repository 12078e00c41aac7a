//! Changes of an account's fields, by the person or by an administrator.

use keystead_domain::{
    Json, Result,
    accounts::{Email, User, Username},
    bounded, bounded_json, optional_bounded,
};

/// The largest JSON value of an account, in bytes.
const MAX_JSON: usize = 32 * 1024;

/// What is to change; none leaves a field as it is.
#[derive(Default)]
pub(super) struct Edit {
    pub(super) username: Option<String>,
    pub(super) email: Option<String>,
    /// An inner none removes the name.
    pub(super) first_name: Option<Option<String>>,
    /// An inner none removes the name.
    pub(super) last_name: Option<Option<String>>,
    pub(super) preferences: Option<Json>,
    pub(super) profile_data: Option<Json>,
    pub(super) tier: Option<String>,
    pub(super) metadata: Option<Json>,
}

impl Edit {
    /// The account with the changes made, each checked.
    pub(super) fn apply(self, user: &User) -> Result<User> {
        let mut user = user.clone();
        if let Some(username) = self.username {
            user.username = Username::new(&username)?;
        }
        if let Some(email) = self.email {
            let email = Email::new(&email)?;
            if email.key() != user.email.key() {
                // What was confirmed was the other address.
                user.email_verified_at = None;
            }
            user.email = email;
        }
        if let Some(name) = self.first_name {
            user.first_name = optional_bounded("first_name", name.as_deref(), 255)?;
        }
        if let Some(name) = self.last_name {
            user.last_name = optional_bounded("last_name", name.as_deref(), 255)?;
        }
        if let Some(preferences) = self.preferences {
            user.preferences = bounded_json("preferences", preferences, MAX_JSON)?;
        }
        if let Some(profile_data) = self.profile_data {
            user.profile_data = bounded_json("profile_data", profile_data, MAX_JSON)?;
        }
        if let Some(tier) = self.tier {
            user.tier = bounded("tier", &tier, 20)?;
        }
        if let Some(metadata) = self.metadata {
            user.metadata = bounded_json("metadata", metadata, MAX_JSON)?;
        }
        Ok(user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{account, now};
    use serde_json::json;

    #[test]
    fn only_what_is_named_changes() {
        let mut user = account(1);
        user.first_name = Some("Ada".to_owned());
        user.email_verified_at = Some(now());
        let edit = Edit { first_name: Some(None), preferences: Some(json!({ "theme": "dark" })), ..Edit::default() };
        let edited = edit.apply(&user).unwrap();
        assert_eq!((edited.first_name, edited.preferences), (None, json!({ "theme": "dark" })));
        assert_eq!((edited.username, edited.email_verified_at), (user.username, Some(now())));
    }

    #[test]
    fn another_address_is_not_confirmed() {
        let mut user = account(1);
        user.email_verified_at = Some(now());
        let change = |email: &str| Edit { email: Some(email.to_owned()), ..Edit::default() }.apply(&user).unwrap();
        assert_eq!(change("PERSON-1@example.org").email_verified_at, Some(now()));
        assert_eq!(change("other@example.org").email_verified_at, None);
    }

    #[test]
    fn bad_values_name_their_field() {
        let field = |edit: Edit| edit.apply(&account(1)).unwrap_err().fields[0].field.clone();
        assert_eq!(field(Edit { username: Some("a@b".to_owned()), ..Edit::default() }), "username");
        assert_eq!(field(Edit { preferences: Some(json!([])), ..Edit::default() }), "preferences");
        assert_eq!(field(Edit { tier: Some("x".repeat(21)), ..Edit::default() }), "tier");
    }
}
