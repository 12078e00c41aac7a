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
