//! Writing people and an organization of theirs.

use crate::{
    App, Environment,
    access::{Resource, guard},
    accounts::{NewPerson, new_user},
    audit::{self, Event},
    organizations::members::join,
};
use keystead_domain::{
    Caller, Error, ErrorKind, OrganizationId, PLATFORM, PermissionId, Result, RoleId, Scope, UserId,
    access::{Action, NewPermission, Permission, Role},
    accounts::{Email, Password, PasswordHash, User, Username},
    organizations::{Organization, Team, TeamMember},
};
use keystead_store::UnitOfWork;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

/// What a seed made.
#[derive(Debug, Default)]
pub struct Seeded {
    /// The people; none when the seed had been applied before.
    pub people: Vec<SeededPerson>,
}

/// A person of a seed.
#[derive(Debug)]
pub struct SeededPerson {
    /// The username.
    pub username: String,
    /// The password. The store has only its hash.
    pub password: SecretString,
}

/// A person who is about to be written, with an organization of their own.
pub(super) struct Person {
    pub(super) new: NewPerson,
    password: SecretString,
    hash: PasswordHash,
}

impl Person {
    pub(super) async fn prepare(app: &App, username: &str, password: SecretString) -> Result<Self> {
        let email = Email::new(&format!("{username}@example.org"))?;
        let user = new_user(app, Username::new(username)?, email, None, None)?;
        let user = User { email_verified_at: Some(app.now()), ..user };
        let hash = app.passwords.hash(Password::chosen(password.expose_secret().to_owned())?).await?;
        Ok(Self { new: NewPerson::new(app, user), password, hash })
    }

    pub(super) const fn id(&self) -> UserId {
        self.new.user.id
    }

    fn username(&self) -> &str {
        self.new.user.username.as_str()
    }
}

/// An organization that is about to be written, with everything in it.
pub(super) struct Place {
    pub(super) organization: Organization,
    /// Its members and the roles they hold.
    pub(super) members: Vec<(UserId, Vec<(RoleId, OrganizationId)>)>,
    pub(super) permissions: Vec<Permission>,
    pub(super) roles: Vec<(Role, Vec<PermissionId>)>,
    /// Its teams and who is in them.
    pub(super) teams: Vec<(Team, Vec<UserId>)>,
}

/// Refuses production, and everybody but the operator.
pub(super) fn guard_seed(app: &App, caller: &Caller) -> Result<()> {
    guard(caller, Action::Create, &Resource::installation("seeds"))?;
    if app.settings.environment == Environment::Production {
        let message = "This seed is for development and tests: it makes accounts that others can guess.";
        return Err(Error::new(ErrorKind::Forbidden, "not_in_production", message));
    }
    Ok(())
}

/// Whether the seed is still to be applied. Asked first, since hashing passwords takes its time.
pub(super) async fn is_new(app: &App, seed: &str) -> Result<bool> {
    let unit = app.store.read(Scope::organization(PLATFORM)).await?;
    let environment = app.settings.environment.as_str();
    let applied = unit.seeds().applied().await?;
    Ok(!applied.iter().any(|(name, place, _)| name == seed && place == environment))
}

/// Writes `people` and `places` in one transaction, unless the seed has been applied meanwhile.
pub(super) async fn apply(
    app: &App,
    caller: &Caller,
    seed: &'static str,
    people: Vec<Person>,
    places: Vec<Place>,
) -> Result<Seeded> {
    let mut unit = app.store.begin(Scope::organization(PLATFORM)).await?;
    unit.seeds().lock().await?;
    if !unit.seeds().note(seed, app.settings.environment.as_str(), app.now()).await? {
        return Ok(Seeded::default());
    }
    for person in &people {
        unit.enter(person.new.scope()).await?;
        person.new.insert(app, &*unit, person.hash.clone()).await?;
    }
    for place in &places {
        unit.enter(Scope::organization(place.organization.id)).await?;
        write(app, &*unit, place).await?;
        let event = Event::new(caller, "seed.applied", "organizations")
            .resource(place.organization.id)
            .data(json!({ "seed": seed }));
        audit::append(&*unit, app, place.organization.id, vec![event]).await?;
    }
    unit.commit().await?;
    let shown = |person: Person| SeededPerson { username: person.username().to_owned(), password: person.password };
    Ok(Seeded { people: people.into_iter().map(shown).collect() })
}

async fn write(app: &App, unit: &dyn UnitOfWork, place: &Place) -> Result<()> {
    let (organization, now) = (place.organization.id, app.now());
    unit.organizations().insert(&place.organization).await?;
    if !place.permissions.is_empty() {
        unit.permissions().insert(organization, &place.permissions).await?;
    }
    for (role, permissions) in &place.roles {
        unit.roles().insert(role).await?;
        unit.roles().replace_permissions(organization, role.id, permissions, now).await?;
        unit.roles().raise_version(organization).await?;
    }
    for (user, roles) in &place.members {
        join(app, unit, organization, *user, roles).await?;
    }
    for (team, members) in &place.teams {
        unit.teams().insert(team).await?;
        for user in members {
            let member = TeamMember {
                organization_id: organization,
                team_id: team.id,
                user_id: *user,
                username: String::new(),
                created_at: now,
            };
            unit.teams().add_member(organization, &member).await?;
        }
    }
    Ok(())
}

/// A permission `name` of `organization`.
pub(super) fn permission(
    app: &App,
    organization_id: OrganizationId,
    name: &str,
    description: &str,
) -> Result<Permission> {
    let NewPermission { resource, action, scope } = NewPermission::parse(name)?;
    let description = Some(description.to_owned());
    Ok(Permission { id: app.ids.next(), organization_id, resource, action, scope, description, created_at: app.now() })
}

/// A role `name` of `organization`.
pub(super) fn role(app: &App, organization_id: OrganizationId, name: &str, description: &str) -> Role {
    let now = app.now();
    Role {
        id: app.ids.next(),
        organization_id,
        name: name.to_owned(),
        description: Some(description.to_owned()),
        is_builtin: false,
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

/// A team `name` of `organization`.
pub(super) fn team(app: &App, organization_id: OrganizationId, name: &str, description: &str) -> Team {
    let now = app.now();
    Team {
        id: app.ids.next(),
        organization_id,
        name: name.to_owned(),
        description: Some(description.to_owned()),
        created_at: now,
        updated_at: now,
        version: 1,
    }
}
