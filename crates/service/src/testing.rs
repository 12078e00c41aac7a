//! An app over mocks, and the people of the tests.

use crate::{
    App, ServiceSettings,
    access::{SnapshotRights, decisions::by_rows},
    keys::Keyring,
    service_accounts::{key_grants, keys::fixtures::robot},
};
use keystead_crypto::{
    passwords::{self, HashSettings, PoolSettings},
    sealing::{DataKey, MasterKey, SealContext},
    signing::{Algorithm, SigningKey},
};
use keystead_domain::{
    ApiKeyId, Caller, CallerKind, FixedClock, Grant, Json, KeyId, MembershipId, OrganizationId, PLATFORM,
    RequestContext, SeededRandom, SessionId, Timestamp, UserId,
    access::{
        ADMIN, AccessSnapshot, BuiltInRole, OrganizationRows, Permission, PolicyRows, Role, USER,
        built_in_permission_id,
    },
    accounts::{Email, PasswordHash, ServiceAccount, User, UserStatus, Username},
    audit::AuditEvent,
    keys::{EncryptionKey, SigningKey as StoredKey},
    organizations::{
        Isolation, Member, Membership, MembershipStatus, Organization, OrganizationKind, OrganizationStatus,
    },
    sessions::Session,
};
use keystead_store::{
    AccessVersions, CallerRecord,
    mocks::{Journal, MockStore, MockUnitOfWork},
};
use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex},
};
use uuid::Uuid;

/// When the tests happen.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_unix_seconds(1_800_000_000)
}

pub(crate) fn organization(number: u128) -> OrganizationId {
    OrganizationId::from_uuid(Uuid::from_u128(0x1000 + number))
}

pub(crate) fn user(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(0x2000 + number))
}

pub(crate) fn session(number: u128) -> SessionId {
    SessionId::from_uuid(Uuid::from_u128(0x3000 + number))
}

pub(crate) fn context() -> RequestContext {
    RequestContext {
        client_ip: Some("192.0.2.7".parse().unwrap()),
        user_agent: Some("tests".to_owned()),
        correlation_id: "request-1".to_owned(),
        source: "http",
    }
}

pub(crate) fn anonymous() -> Caller {
    Caller::anonymous(context())
}

/// What a built-in role permits.
pub(crate) fn grant(role: &BuiltInRole) -> Grant {
    let one = |resource: &str, action: &keystead_domain::access::Action, scope| Permission {
        id: built_in_permission_id(resource, *action, scope),
        organization_id: PLATFORM,
        resource: resource.to_owned(),
        action: action.as_str().to_owned(),
        scope,
        description: None,
        created_at: now(),
    };
    let permissions = role
        .permissions
        .iter()
        .flat_map(|(resource, actions, scope)| actions.iter().map(move |action| one(resource, action, *scope)));
    Grant { role_id: role.id, role: role.name.to_owned(), permissions: permissions.collect() }
}

/// The person `number`, with session `number`, holding `roles` in `organization`.
pub(crate) fn caller(organization: OrganizationId, number: u128, roles: &[BuiltInRole]) -> Caller {
    let caller = Caller {
        kind: CallerKind::User,
        user_id: Some(user(number)),
        service_account_id: None,
        api_key_id: None,
        organization_id: organization,
        session_id: Some(session(number)),
        grants: Arc::from([]),
        versions: AccessVersions::default(),
        rights: None,
        context: context(),
    };
    holding(caller, roles.iter().map(grant).collect())
}

/// The same caller with just these grants.
pub(crate) fn holding(caller: Caller, grants: Vec<Grant>) -> Caller {
    let rows = deciding_rows(caller.organization_id, &[(caller.user_id.unwrap(), grants.clone())]);
    let rights = SnapshotRights::new(by_rows(&rows), now(), &caller.context);
    Caller { grants: grants.into(), rights: Some(Arc::new(rights)), ..caller }
}

/// All that decides in an organization whose active members hold these grants.
pub(crate) fn deciding_rows(organization_id: OrganizationId, members: &[(UserId, Vec<Grant>)]) -> AccessSnapshot {
    let now = now();
    let organization = Organization {
        id: organization_id,
        name: "Looms".to_owned(),
        kind: OrganizationKind::Shared,
        status: OrganizationStatus::Active,
        isolation: Isolation::Shared,
        metadata: Json::Null,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let status = MembershipStatus::Active;
    let membership = |(user_id, _): &(UserId, _)| {
        let (id, user_id) = (MembershipId::from_uuid(user_id.as_uuid()), *user_id);
        Membership { id, organization_id, user_id, status, created_at: now, updated_at: now, version: 1 }
    };
    let grants: Vec<_> = members.iter().flat_map(|(_, grants)| grants.clone()).collect();
    let held = |(user, grants): &(UserId, Vec<Grant>)| {
        let user = *user;
        grants.iter().map(move |grant| (user, grant.role_id)).collect::<Vec<_>>()
    };
    let role = |grant: &Grant| Role {
        id: grant.role_id,
        organization_id,
        name: grant.role.clone(),
        is_builtin: false,
        description: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let mut permissions: Vec<_> = grants.iter().flat_map(|grant| grant.permissions.to_vec()).collect();
    permissions.sort_unstable_by_key(|permission| permission.id);
    permissions.dedup_by_key(|permission| permission.id);
    let of_role = |grant: &Grant| {
        let role = grant.role_id;
        grant.permissions.iter().map(move |permission| (role, permission.id)).collect::<Vec<_>>()
    };
    AccessSnapshot {
        organization_id,
        versions: AccessVersions::default(),
        policy: PolicyRows {
            roles: grants.iter().map(role).collect(),
            permissions,
            role_permissions: grants.iter().flat_map(of_role).collect(),
            ..PolicyRows::default()
        },
        organization: OrganizationRows {
            organization: Some(organization),
            memberships: members.iter().map(membership).collect(),
            user_roles: members.iter().flat_map(held).collect(),
            ..OrganizationRows::default()
        },
        platform: None,
    }
}

/// What decides is read in `unit`: the active members of `organization`, who hold these grants.
pub(crate) fn deciding(unit: &mut MockUnitOfWork, organization: OrganizationId, members: &[(UserId, Vec<Grant>)]) {
    let rows = deciding_rows(organization, members);
    unit.access.access_snapshots.expect_load().returning(move |asked, _| {
        assert_eq!(asked, organization);
        Ok(rows.clone())
    });
}

/// The person `number`, a plain member of organization `place`.
pub(crate) fn member(place: u128, number: u128) -> Caller {
    caller(organization(place), number, &[USER])
}

/// The person `number`, an administrator of `organization`.
pub(crate) fn administrator(organization: OrganizationId, number: u128) -> Caller {
    caller(organization, number, &[ADMIN])
}

/// A service account of organization `place`, whose key has these scopes.
pub(crate) fn service_account(place: u128, scopes: &[&str]) -> Caller {
    let (key, account) = (ApiKeyId::from_uuid(Uuid::from_u128(0x5001)), robot());
    let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let mut rows = deciding_rows(organization(place), &[]);
    rows.organization.service_accounts =
        vec![ServiceAccount { organization_id: organization(place), ..account.clone() }];
    let context = context();
    Caller {
        kind: CallerKind::ServiceAccount,
        user_id: None,
        service_account_id: Some(account.id),
        api_key_id: Some(key),
        organization_id: organization(place),
        session_id: None,
        grants: key_grants(key, &scopes, now()),
        versions: AccessVersions::default(),
        rights: Some(Arc::new(SnapshotRights::new(by_rows(&rows), now(), &context))),
        context,
    }
}

/// The account of the person `number`: `person-7`, active.
pub(crate) fn account(number: u128) -> User {
    User {
        id: user(number),
        username: Username::new(&format!("person-{number}")).unwrap(),
        email: Email::new(&format!("person-{number}@example.org")).unwrap(),
        status: UserStatus::Active,
        tier: "free".to_owned(),
        first_name: None,
        last_name: None,
        must_change_password: false,
        failed_login_attempts: 0,
        locked_until: None,
        last_login_at: None,
        password_changed_at: now(),
        email_verified_at: None,
        profile_data: Json::Object(serde_json::Map::new()),
        preferences: Json::Object(serde_json::Map::new()),
        metadata: Json::Object(serde_json::Map::new()),
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

/// Lets `unit` say that `caller` still is who they were: session, membership and roles.
pub(crate) fn known_again(unit: &mut MockUnitOfWork, caller: &Caller) {
    let (number, grants) = (caller.user_id, caller.grants.to_vec());
    let roles = grants.iter().map(|grant| grant.role_id).collect();
    let user = User { id: number.unwrap(), ..account(1) }.into();
    let versions = AccessVersions { organization: 0, platform: 0 };
    let membership = Some(MembershipStatus::Active);
    let record = CallerRecord { user, last_activity_at: now(), membership, roles, versions };
    unit.sessions.expect_caller().once().return_once(|_, _, _, _| Ok(Some(record)));
    deciding(unit, caller.organization_id, &[(number.unwrap(), grants.clone())]);
    unit.roles.expect_grants().once().return_once(|_, _| Ok(grants));
}

/// The session `number` of the person `number`, which lives for another minute.
pub(crate) fn live_session(number: u128) -> Session {
    Session {
        id: session(number),
        user_id: user(number),
        organization_id: organization(1),
        profile_id: None,
        client_ip: None,
        user_agent: None,
        device_info: Json::Null,
        security_context: Json::Null,
        created_at: now(),
        last_activity_at: now(),
        idle_expires_at: now().plus_seconds(60),
        expires_at: now().plus_seconds(60),
        revoked_at: None,
        revoked_reason: None,
    }
}

/// The hash of `password`, made as the tests' apps make them.
pub(crate) fn hashed(password: &str) -> PasswordHash {
    let settings = HashSettings::argon2id(8, 1, 1).unwrap();
    PasswordHash::new(passwords::hash(password.as_bytes(), &settings, &SeededRandom::new(3)).unwrap())
}

/// An app that is being put together over a [`MockStore`].
pub(crate) struct TestApp {
    pub(crate) store: MockStore,
    pub(crate) settings: ServiceSettings,
    pub(crate) clock: Arc<FixedClock>,
}

impl TestApp {
    pub(crate) fn new() -> Self {
        // Hashing for real, with the smallest costs there are; as in `hashed`.
        let hash = HashSettings::argon2id(8, 1, 1).unwrap();
        let passwords = PoolSettings { hash, threads: NonZeroUsize::new(1), ..PoolSettings::default() };
        Self {
            store: MockStore::new(),
            settings: ServiceSettings { passwords, ..ServiceSettings::default() },
            clock: Arc::new(FixedClock::at(now())),
        }
    }

    /// Prepares the next transaction.
    pub(crate) fn unit(&self, unit: MockUnitOfWork) -> &Self {
        self.store.expect_unit(unit);
        self
    }

    /// Prepares the question which role the person `number` holds in the platform: `role`, or no place there.
    pub(crate) fn platform_role(&self, number: u128, role: Option<BuiltInRole>) -> &Self {
        let mut unit = MockUnitOfWork::new();
        unit.memberships.expect_find().returning(move |organization_id, user_id| {
            assert_eq!((organization_id, user_id), (PLATFORM, user(number)));
            let (id, status, now) = (MembershipId::from_uuid(user_id.as_uuid()), MembershipStatus::Active, now());
            let membership =
                Membership { id, organization_id, user_id, status, created_at: now, updated_at: now, version: 1 };
            let roles = role.iter().map(|role| (role.id, role.name.to_owned())).collect();
            Ok(role.map(|_| Member { membership, user: account(number), roles }))
        });
        unit.roles.expect_permissions().returning(move |_, _| {
            let role = role.iter().flat_map(|role| grant(role).permissions.to_vec().into_iter().map(|p| (role.id, p)));
            Ok(role.collect())
        });
        self.unit(unit)
    }

    pub(crate) fn journal(&self) -> Journal {
        self.store.journal()
    }

    /// The app, with keys of its own and one signing key in force.
    pub(crate) fn build(self) -> App {
        let random = Arc::new(SeededRandom::new(1));
        let data_key = |number| DataKey::generate(KeyId::from_uuid(Uuid::from_u128(number)), &*random).unwrap();
        let master = MasterKey::generate(&*random).unwrap();
        let keyring = Keyring::new(master, &data_key(1), data_key(2)).unwrap();
        let app = App::assemble(Arc::new(self.store), self.clock, random.clone(), keyring, self.settings).unwrap();
        app.decisions.without_platform();
        let key = stored_signing_key(&app, now(), now().plus_seconds(1_000_000));
        app.keys.signing().replace(app.keys.master(), vec![key], now()).unwrap();
        app
    }
}

/// A new signing key, as the store keeps it.
pub(crate) fn stored_signing_key(app: &App, active_from: Timestamp, retires_at: Timestamp) -> StoredKey {
    let pair = SigningKey::generate(Algorithm::EdDsa).unwrap();
    let id: KeyId = app.ids.next();
    let place = SealContext::new("signing_keys", "private_sealed", id);
    StoredKey {
        id,
        kid: pair.kid().to_owned(),
        algorithm: "EdDSA".to_owned(),
        public_jwk: pair.public().to_json().unwrap(),
        private_sealed: app.keys.master().seal(&place, &pair.to_pkcs8().unwrap(), &*app.random).unwrap(),
        active_from,
        retires_at,
        expires_at: retires_at.plus_seconds(605),
        created_at: now(),
    }
}

/// What was appended to the audit trail through the units of work that were told to record it.
#[derive(Clone, Default)]
pub(crate) struct Trail(Arc<Mutex<Vec<AuditEvent>>>);

impl Trail {
    /// Lets `unit` append events, which are recorded here, and make data keys.
    pub(crate) fn record(&self, unit: &mut MockUnitOfWork) {
        let trail = self.clone();
        unit.audit.expect_append().returning(move |organization, events| {
            assert!(events.iter().all(|event| event.organization_id == organization));
            trail.0.lock().unwrap().extend_from_slice(events);
            Ok(())
        });
        let candidate = |_, candidate: &EncryptionKey| Ok(candidate.clone());
        unit.keys.expect_ensure_encryption_key().returning(candidate);
    }
    pub(crate) fn events(&self) -> Vec<AuditEvent> {
        self.0.lock().unwrap().clone()
    }
    /// The only event.
    pub(crate) fn only(&self) -> AuditEvent {
        let events = self.events();
        assert_eq!(events.len(), 1, "{events:?}");
        events[0].clone()
    }
}
