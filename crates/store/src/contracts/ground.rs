//! What every contract begins with: a store with the platform and its built-in roles, a clock, identifiers, samples.

use super::Harness;
use crate::SharedStore;
use keystead_domain::{
    Clock, Ids, OrganizationId, PLATFORM, RoleId, Scope, SeededRandom, SessionId, Timestamp, UserId,
    access::{AccessVersions, BUILT_IN_ROLES, Role, RoleAssignment},
    accounts::{Email, Login, NewUser, PasswordHash, User, UserStatus, Username},
    organizations::{
        Isolation, Membership, MembershipStatus, Organization, OrganizationKind, OrganizationStatus, Team,
    },
    sessions::{RefreshFamily, Session},
};
use serde_json::json;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use uuid::Uuid;

/// A clock that goes on by a millisecond whenever it is asked, so that identifiers and times are in the order of their
/// making. Its times have microseconds.
struct Ticking {
    start: Timestamp,
    ticks: AtomicI64,
}

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        self.start.plus_millis(self.ticks.fetch_add(1, Ordering::SeqCst))
    }
}

/// A store under test, with the platform and its built-in roles in it.
pub(super) struct Ground {
    pub(super) store: SharedStore,
    pub(super) ids: Ids,
    clock: Arc<Ticking>,
}

/// Two organizations, each with a member of its own.
#[derive(Clone, Copy)]
pub(super) struct Two {
    pub(super) one: OrganizationId,
    /// A member of the first.
    pub(super) ada: UserId,
    pub(super) other: OrganizationId,
    /// A member of the second.
    pub(super) eve: UserId,
}

impl Two {
    /// The first one's own member.
    pub(super) fn home(&self) -> Scope {
        Scope::person(self.one, self.ada)
    }
    /// From where, and in whose name, rows of the first must not be found.
    pub(super) fn strangers(&self) -> Vec<(Scope, OrganizationId)> {
        let nobody = Scope { organization: None, user: Some(self.eve) };
        vec![
            (Scope::person(self.other, self.eve), self.other),
            (Scope::person(self.other, self.eve), self.one),
            (Scope::organization(self.other), self.one),
            (Scope::organization(self.other), PLATFORM),
            (nobody, self.one),
            (Scope::NONE, self.one),
        ]
    }
    /// The same for rows that not even the platform sees.
    pub(super) fn strangers_and_platform(&self) -> Vec<(Scope, OrganizationId)> {
        let mut all = self.strangers();
        all.extend([(Scope::organization(PLATFORM), PLATFORM), (Scope::organization(PLATFORM), self.one)]);
        all
    }
}

impl Ground {
    pub(super) async fn new(harness: &impl Harness) -> Self {
        let start = Timestamp::parse("2026-11-21T01:02:03.004005Z").unwrap();
        let clock = Arc::new(Ticking { start, ticks: AtomicI64::new(0) });
        let ids = Ids::new(clock.clone(), Arc::new(SeededRandom::new(7)));
        let ground = Self { store: harness.store().await, ids, clock };
        let platform =
            Organization { id: PLATFORM, kind: OrganizationKind::Platform, ..ground.sample_organization("Platform") };
        change!(ground, Scope::organization(PLATFORM), |unit| unit.organizations().insert(&platform));
        for role in BUILT_IN_ROLES {
            let role = Role { id: role.id, is_builtin: true, ..ground.sample_role(PLATFORM, role.name) };
            change!(ground, Scope::organization(PLATFORM), |unit| unit.roles().insert(&role));
        }
        ground
    }

    /// A later time at every call.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }
    /// A greater identifier at every call.
    pub(super) fn id<T: From<Uuid>>(&self) -> T {
        self.ids.next()
    }

    /// The access versions of an organization.
    pub(super) async fn versions(&self, organization: OrganizationId) -> AccessVersions {
        let scope = Scope::organization(organization);
        ask!(self, scope, |unit| unit.access_changes().versions(organization))
    }

    pub(super) fn sample_organization(&self, name: &str) -> Organization {
        let now = self.now();
        Organization {
            id: self.id(),
            name: name.to_owned(),
            kind: OrganizationKind::Shared,
            isolation: Isolation::Shared,
            status: OrganizationStatus::Active,
            metadata: json!({}),
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }
    pub(super) async fn add_organization(&self, organization: &Organization) {
        change!(self, Scope::organization(organization.id), |unit| unit.organizations().insert(organization));
    }
    pub(super) async fn organization(&self, name: &str) -> OrganizationId {
        let organization = self.sample_organization(name);
        self.add_organization(&organization).await;
        organization.id
    }

    pub(super) fn sample_user(&self, name: &str) -> User {
        let now = self.now();
        User {
            id: self.id(),
            username: Username::new(name).unwrap(),
            email: Email::new(&format!("{name}@example.org")).unwrap(),
            status: UserStatus::Active,
            tier: "free".to_owned(),
            first_name: None,
            last_name: None,
            must_change_password: false,
            failed_login_attempts: 0,
            locked_until: None,
            last_login_at: None,
            password_changed_at: now,
            email_verified_at: None,
            profile_data: json!({}),
            preferences: json!({}),
            metadata: json!({}),
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }
    pub(super) async fn add_user(&self, user: &User) {
        let new = NewUser { user: user.clone(), password_hash: PasswordHash::new(hash_of(&user.username)) };
        change!(self, of_platform(user.id), |unit| unit.users().insert(&new));
    }
    pub(super) async fn user(&self, name: &str) -> UserId {
        let user = self.sample_user(name);
        self.add_user(&user).await;
        user.id
    }
    pub(super) async fn find_user(&self, user: UserId) -> User {
        ask!(self, own(user), |unit| unit.users().find_own(user)).unwrap()
    }

    pub(super) fn sample_membership(&self, organization_id: OrganizationId, user_id: UserId) -> Membership {
        let now = self.now();
        Membership {
            id: self.id(),
            organization_id,
            user_id,
            status: MembershipStatus::Active,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }
    pub(super) async fn join(&self, organization: OrganizationId, user: UserId) -> Membership {
        let membership = self.sample_membership(organization, user);
        change!(self, Scope::organization(organization), |unit| unit.memberships().insert(&membership));
        membership
    }
    /// A new person in an organization.
    pub(super) async fn member(&self, organization: OrganizationId, name: &str) -> UserId {
        let user = self.user(name).await;
        self.join(organization, user).await;
        user
    }
    pub(super) async fn two(&self) -> Two {
        let one = self.organization("One").await;
        let other = self.organization("Other").await;
        Two { one, ada: self.member(one, "ada").await, other, eve: self.member(other, "eve").await }
    }

    pub(super) fn sample_role(&self, organization_id: OrganizationId, name: &str) -> Role {
        let now = self.now();
        Role {
            id: self.id(),
            organization_id,
            name: name.to_owned(),
            description: None,
            is_builtin: false,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }
    pub(super) async fn role(&self, organization: OrganizationId, name: &str) -> RoleId {
        let role = self.sample_role(organization, name);
        change!(self, Scope::organization(organization), |unit| unit.roles().insert(&role));
        role.id
    }
    /// Gives a member exactly these roles: those of the platform are built in, the others the organization's own.
    pub(super) async fn give(&self, organization_id: OrganizationId, user_id: UserId, roles: &[RoleId]) {
        let assignments: Vec<_> = roles
            .iter()
            .map(|&role_id| RoleAssignment {
                organization_id,
                user_id,
                role_id,
                role_organization_id: if BUILT_IN_ROLES.iter().any(|role| role.id == role_id) {
                    PLATFORM
                } else {
                    organization_id
                },
                created_at: self.now(),
            })
            .collect();
        let home = Scope::organization(organization_id);
        change!(self, home, |unit| unit.roles().replace_held(organization_id, user_id, &assignments));
    }

    /// The names of the roles that the person of `scope` holds there, as signing in finds them.
    pub(super) async fn held(&self, scope: Scope, username: &str) -> Vec<String> {
        let (login, now) = (Login::parse(username), self.now());
        change!(self, scope, |unit| unit.sign_in_attempts().take_login(scope.user, &login, "", &[], now)).roles
    }

    pub(super) fn sample_team(&self, organization_id: OrganizationId, name: &str) -> Team {
        let now = self.now();
        Team {
            id: self.id(),
            organization_id,
            name: name.to_owned(),
            description: None,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }

    /// A session that runs idle after an hour and ends after a day.
    pub(super) fn sample_session(&self, user_id: UserId, organization_id: OrganizationId) -> (Session, RefreshFamily) {
        let now = self.now();
        let session = Session {
            id: self.id(),
            user_id,
            organization_id,
            profile_id: None,
            client_ip: None,
            user_agent: None,
            device_info: json!({}),
            security_context: json!({}),
            created_at: now,
            last_activity_at: now,
            idle_expires_at: now.plus_seconds(HOUR),
            expires_at: now.plus_seconds(DAY),
            revoked_at: None,
            revoked_reason: None,
        };
        let family = RefreshFamily {
            session_id: session.id,
            user_id,
            generation: 1,
            token_hash: secret(1),
            previous_hash: None,
            successor_sealed: None,
            rotated_at: now,
            expires_at: session.expires_at,
        };
        (session, family)
    }
    pub(super) async fn add_session(&self, session: &Session, family: &RefreshFamily) {
        change!(self, own(session.user_id), |unit| unit.sessions().insert(session, family));
    }
    pub(super) async fn session(&self, user: UserId, organization: OrganizationId) -> SessionId {
        let (session, family) = self.sample_session(user, organization);
        self.add_session(&session, &family).await;
        session.id
    }
}

pub(super) const HOUR: i64 = 3600;
pub(super) const DAY: i64 = 24 * HOUR;

/// A person's own transactions, in no organization.
pub(super) const fn own(user: UserId) -> Scope {
    Scope { organization: None, user: Some(user) }
}

/// The platform, about this person: for what only the platform may change of an account.
pub(super) const fn of_platform(user: UserId) -> Scope {
    Scope { organization: Some(PLATFORM), user: Some(user) }
}

/// The stored password hash of a sample account.
pub(super) fn hash_of(username: &Username) -> String {
    format!("$argon2id$v=19$m=8,t=1,p=1$c2FsdA$hash-of-{}", username.key())
}

/// The hash of the refresh token of a generation.
pub(super) fn secret(generation: u8) -> Vec<u8> {
    vec![generation; 32]
}

/// A JSON value with what stores like to change: numbers, order, unicode, nesting, empty things.
pub(super) fn intricate_json() -> serde_json::Value {
    json!({
        "zebra": 1, "apple": { "b": [1, 2.5, -3, 1e3], "a": null, "": "empty key" },
        "text": "ñandú 日本 😀 \"quoted\" \\ 'single' \u{2028}", "yes": true, "no": false,
        "big": 9_007_199_254_740_993_i64, "list": [[], {}, [{}]],
    })
}
