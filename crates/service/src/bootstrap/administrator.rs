//! The first administrator.

use crate::{
    App, accounts::new_user, audit::Event, organizations::members::join_as_administrator, passwords::generate_password,
};
use keystead_domain::{
    Caller, PLATFORM, Result, Scope,
    accounts::{Email, NewUser, Password, PasswordHash, User, Username},
};
use keystead_store::UnitOfWork;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

/// The name under which it is noted that there was a first administrator: who removes it later gets no second one.
const SEED: &str = "first_administrator";

/// The first administrator, who runs the platform.
#[derive(Clone, Debug)]
pub struct FirstAdministrator {
    /// The account, `admin`.
    pub user: User,
    /// The password that the program made. It is nowhere else.
    pub password: Option<SecretString>,
}

/// Whether the first administrator is still to be made.
pub(super) async fn wanted(unit: &dyn UnitOfWork, environment: &str) -> Result<bool> {
    let applied = unit.seeds().applied().await?;
    let noted = applied.iter().any(|(name, place, _)| name == SEED && place == environment);
    Ok(!noted && unit.memberships().count_administrators(PLATFORM).await? == 0)
}

/// An administrator who is ready to be written.
pub(super) struct Candidate {
    user: User,
    hash: PasswordHash,
    made: Option<SecretString>,
}

impl Candidate {
    pub(super) async fn prepare(app: &App, given: Option<Password>) -> Result<Self> {
        let (password, made) = match given {
            Some(password) => (password, None),
            None => {
                let made = generate_password(&*app.random);
                (Password::chosen(made.expose_secret().to_owned())?, Some(made))
            }
        };
        let (username, email) = (Username::new("admin")?, Email::new("admin@localhost")?);
        let user = User { must_change_password: true, ..new_user(app, username, email, None, None)? };
        Ok(Self { user, hash: app.passwords.hash(password).await?, made })
    }

    /// Writes the account and makes it an administrator of the platform, unless another node was faster.
    pub(super) async fn insert(
        self,
        app: &App,
        caller: &Caller,
        unit: &mut dyn UnitOfWork,
        environment: &str,
        events: &mut Vec<Event>,
    ) -> Result<Option<FirstAdministrator>> {
        let first = unit.seeds().note(SEED, environment, app.now()).await?;
        if !first || unit.memberships().count_administrators(PLATFORM).await? > 0 {
            return Ok(None);
        }
        let Self { user, hash, made } = self;
        unit.enter(Scope::person(PLATFORM, user.id)).await?;
        unit.users().insert(&NewUser { user: user.clone(), password_hash: hash }).await?;
        join_as_administrator(app, unit, PLATFORM, user.id).await?;
        events.push(
            Event::new(caller, "user.created", "users")
                .resource(user.id)
                .subject(user.id)
                .data(json!({ "role": "admin" }))
                .before_after(json!({}), json!({ "username": user.username, "email": user.email })),
        );
        Ok(Some(FirstAdministrator { user, password: made }))
    }
}
