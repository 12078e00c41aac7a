//! A new account with what belongs to it.

use crate::{
    App,
    organizations::{members::join_as_administrator, new_organization},
};
use keystead_domain::{
    Json, Result, Scope,
    accounts::{Email, NewUser, PasswordHash, User, UserStatus, Username},
    optional_bounded,
    organizations::{Organization, OrganizationKind},
};
use keystead_store::UnitOfWork;

/// Who is about to get an account.
pub(crate) struct NewPerson {
    pub(crate) user: User,
    /// The organization made for the person alone.
    pub(crate) organization: Organization,
}

impl NewPerson {
    /// An account with a personal organization of the same name.
    pub(crate) fn new(app: &App, user: User) -> Self {
        let name = user.username.as_str().to_owned();
        let organization = new_organization(app, name, OrganizationKind::Personal);
        Self { user, organization }
    }

    /// Who owns the rows that [`NewPerson::insert`] writes.
    pub(crate) fn scope(&self) -> Scope {
        Scope::person(self.organization.id, self.user.id)
    }

    /// Writes the account, the organization, the membership and the role `admin` in it. The transaction must be in
    /// [`NewPerson::scope`].
    pub(crate) async fn insert(&self, app: &App, unit: &dyn UnitOfWork, password_hash: PasswordHash) -> Result<()> {
        unit.organizations().insert(&self.organization).await?;
        unit.users().insert(&NewUser { user: self.user.clone(), password_hash }).await?;
        join_as_administrator(app, unit, self.organization.id, self.user.id).await
    }
}

/// An account as it begins, active.
pub(crate) fn new_user(
    app: &App,
    username: Username,
    email: Email,
    first_name: Option<&str>,
    last_name: Option<&str>,
) -> Result<User> {
    let now = app.now();
    let empty = || Json::Object(serde_json::Map::new());
    Ok(User {
        id: app.ids.next(),
        username,
        email,
        status: UserStatus::Active,
        tier: "free".to_owned(),
        first_name: optional_bounded("first_name", first_name, 255)?,
        last_name: optional_bounded("last_name", last_name, 255)?,
        must_change_password: false,
        failed_login_attempts: 0,
        locked_until: None,
        last_login_at: None,
        password_changed_at: now,
        email_verified_at: None,
        profile_data: empty(),
        preferences: empty(),
        metadata: empty(),
        created_at: now,
        updated_at: now,
        version: 1,
    })
}
