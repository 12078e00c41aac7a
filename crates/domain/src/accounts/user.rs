//! The account itself.

use super::{Email, PasswordHash, Username};
use crate::{Json, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// Failures from one network before that network is locked out of the account for a while.
pub const LOCK_AFTER: i32 = 5;

/// Whether an account can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// Registered, but something is still to be confirmed.
    Pending,
    /// In use.
    Active,
    /// Shut by the platform's administrators.
    Disabled,
}

crate::text_enum!(UserStatus { Pending = "pending", Active = "active", Disabled = "disabled" });

/// A person's account. The password hash is not part of it: only sign-in and password change read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// Its identifier.
    pub id: UserId,
    /// A public name, unique without regard to case.
    pub username: Username,
    /// The address, unique without regard to case.
    pub email: Email,
    /// Whether it can be used.
    pub status: UserStatus,
    /// Selects limits; `free` by default.
    pub tier: String,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// The password must be changed before anything else.
    pub must_change_password: bool,
    /// Wrong passwords since the last sign-in, from anywhere.
    pub failed_login_attempts: i32,
    /// Until then, sign-in is refused from networks the person has not signed in from before.
    pub locked_until: Option<Timestamp>,
    /// The last successful sign-in.
    pub last_login_at: Option<Timestamp>,
    /// When the password was last changed.
    pub password_changed_at: Timestamp,
    /// When the address was confirmed; none while it is not.
    pub email_verified_at: Option<Timestamp>,
    /// What the person's product keeps about them.
    pub profile_data: Json,
    /// What the person prefers: language, theme and the like.
    pub preferences: Json,
    /// What administrators note.
    pub metadata: Json,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by every change; the basis of `ETag`.
    pub version: i64,
}

impl User {
    /// Whether sign-in from a network unknown to the account is refused at `now`.
    #[must_use]
    pub fn is_locked(&self, now: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| until > now)
    }

    /// The account after a successful sign-in at `now`: no failed attempts any more, unless they lock the account. Then lock
    /// and count stay, since who signs in from a network that the lock spares must not give the guessers on other networks new
    /// tries.
    #[must_use]
    pub fn signed_in(self, now: Timestamp) -> Self {
        let (failed_login_attempts, locked_until) =
            if self.is_locked(now) { (self.failed_login_attempts, self.locked_until) } else { (0, None) };
        Self { failed_login_attempts, locked_until, last_login_at: Some(now), ..self }
    }
}

/// An account about to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The account.
    pub user: User,
    /// The hash of its first password.
    pub password_hash: PasswordHash,
}

/// Which accounts a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct UserFilter {
    /// Only this status.
    pub status: Option<UserStatus>,
    /// Only this tier.
    pub tier: Option<String>,
    /// Only accounts whose username or address begins with this, without regard to case.
    pub search: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locked_until(until: Option<Timestamp>, now: Timestamp) -> User {
        User {
            id: UserId::from_uuid(uuid::Uuid::from_u128(1)),
            username: Username::new("ada").unwrap(),
            email: Email::new("ada@example.org").unwrap(),
            status: UserStatus::Active,
            tier: "free".to_owned(),
            first_name: None,
            last_name: None,
            must_change_password: true,
            failed_login_attempts: 4,
            locked_until: until,
            last_login_at: None,
            password_changed_at: now,
            email_verified_at: None,
            profile_data: Json::Null,
            preferences: Json::Null,
            metadata: Json::Null,
            created_at: now,
            updated_at: now,
            version: 3,
        }
    }

    #[test]
    fn a_sign_in_forgets_failures_unless_they_lock_the_account() {
        let now = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        let later = Some(now.plus_seconds(1));
        for (until, failures, kept) in [(None, 0, None), (Some(now), 0, None), (later, 4, later)] {
            let before = locked_until(until, now);
            let expected = User {
                failed_login_attempts: failures,
                locked_until: kept,
                last_login_at: Some(now),
                ..before.clone()
            };
            assert_eq!(before.signed_in(now), expected);
        }
    }
}
