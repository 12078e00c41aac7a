//! What every request must know about its caller.

use super::{
    Harness,
    ground::{DAY, Ground, HOUR, intricate_json, of_platform, own},
};
use crate::{AccessVersions, CallerRecord};
use keystead_domain::{
    OrganizationId, PLATFORM, Scope, SessionId, Timestamp, UserId,
    access::{ADMIN, USER},
    accounts::{User, UserStatus},
    organizations::{Membership, MembershipStatus, Organization, OrganizationStatus},
    sessions::RevokedReason,
};

/// What was known of the caller before something has changed, and says so in all it says.
fn outdated(now: &CallerRecord) -> Vec<CallerRecord> {
    let roles = vec![ADMIN.id; 3].into();
    let user = |change: fn(&mut User)| {
        let mut user = User { first_name: Some("Old".to_owned()), ..User::clone(&now.user) };
        change(&mut user);
        user.into()
    };
    let old = CallerRecord { membership: None, roles, ..now.clone() };
    let (own, platform) = (now.versions.organization, now.versions.platform);
    vec![
        CallerRecord { versions: AccessVersions { organization: own - 1, platform }, ..old.clone() },
        CallerRecord { versions: AccessVersions { organization: own, platform: platform + 1 }, ..old.clone() },
        CallerRecord { user: user(|user| user.version -= 1), ..old.clone() },
        CallerRecord { user: user(|user| user.failed_login_attempts += 1), ..old.clone() },
        CallerRecord { user: user(|user| user.locked_until = changed(user.locked_until)), ..old.clone() },
        CallerRecord { user: user(|user| user.last_login_at = changed(user.last_login_at)), ..old },
    ]
}

/// Another time than `at`, or one where there is none.
fn changed(at: Option<Timestamp>) -> Option<Timestamp> {
    if at.is_some() { None } else { Some(Timestamp::from_unix_seconds(0)) }
}

async fn load(
    ground: &Ground,
    organization: OrganizationId,
    user: UserId,
    session: SessionId,
    now: Timestamp,
) -> Option<CallerRecord> {
    let store = &ground.store;
    let anew = store.load_caller(organization, user, session, now, None).await.unwrap();
    if let Some(record) = &anew {
        // What is known and still holds changes nothing.
        let known = store.load_caller(organization, user, session, now, Some(record.clone())).await.unwrap();
        assert_eq!(known.as_ref(), Some(record));
        // What no longer holds is not relied on.
        for old in outdated(record) {
            let known = store.load_caller(organization, user, session, now, Some(old)).await.unwrap();
            assert_eq!(known.as_ref(), Some(record));
        }
    }
    // A transaction of that organization finds the same, whoever it is about.
    let scope = Scope::organization(organization);
    let within = ask!(ground, scope, |unit| unit.sessions().caller(organization, user, session, now));
    assert_eq!(within, anew);
    anew
}

pub async fn a_caller_is_loaded_whole(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let now = ground.now();
    let user = User {
        first_name: Some("Bóþ 😀".to_owned()),
        locked_until: Some(now),
        email_verified_at: Some(now),
        last_login_at: Some(now),
        profile_data: intricate_json(),
        preferences: intricate_json(),
        metadata: intricate_json(),
        version: 12,
        ..ground.sample_user("bob")
    };
    ground.add_user(&user).await;
    let (session, family) = ground.sample_session(user.id, two.one);
    ground.add_session(&session, &family).await;
    let nothing = CallerRecord {
        user: user.clone().into(),
        last_activity_at: session.last_activity_at,
        membership: None,
        roles: [].into(),
        versions: ground.versions(two.one).await,
    };
    let now = ground.now();
    assert_eq!(load(&ground, two.one, user.id, session.id, now).await, Some(nothing.clone()));

    ground.join(two.one, user.id).await;
    let own_role = ground.role(two.one, "writer").await;
    ground.give(two.one, user.id, &[own_role, USER.id]).await;
    ground.join(two.other, user.id).await;
    ground.give(two.other, user.id, &[ADMIN.id]).await;
    let raised = [(two.one, 3), (two.other, 5), (PLATFORM, 2)];
    for (organization, times) in raised {
        for _ in 0..times {
            change!(ground, Scope::organization(organization), |unit| unit.roles().raise_version(organization));
        }
    }
    let mut roles = vec![own_role, USER.id];
    roles.sort_unstable();
    let here = CallerRecord {
        membership: Some(MembershipStatus::Active),
        roles: roles.into(),
        versions: ground.versions(two.one).await,
        ..nothing.clone()
    };
    assert_eq!(load(&ground, two.one, user.id, session.id, now).await, Some(here));
    // In another organization of his it is what is held there.
    let there = CallerRecord {
        membership: Some(MembershipStatus::Active),
        roles: [ADMIN.id].into(),
        versions: ground.versions(two.other).await,
        ..nothing
    };
    assert_eq!(load(&ground, two.other, user.id, session.id, now).await, Some(there));
}

pub async fn only_with_an_active_account_and_a_live_session_of_its_own(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let now = ground.now();
    let ada = ground.session(two.ada, two.one).await;
    let eve = ground.session(two.eve, two.other).await;
    assert!(load(&ground, two.one, two.ada, ada, now).await.is_some());
    assert!(load(&ground, two.one, two.ada, eve, now).await.is_none());
    assert!(load(&ground, two.one, two.eve, ada, now).await.is_none());
    assert!(load(&ground, two.one, two.ada, ground.id(), now).await.is_none());
    assert!(load(&ground, two.one, ground.id(), ada, now).await.is_none());
    assert!(load(&ground, two.one, two.ada, ada, now.plus_seconds(2 * HOUR)).await.is_none());

    let (mut session, family) = ground.sample_session(two.ada, two.one);
    session.idle_expires_at = now.plus_seconds(9 * DAY);
    ground.add_session(&session, &family).await;
    assert!(load(&ground, two.one, two.ada, session.id, session.expires_at.plus_millis(-1)).await.is_some());
    assert!(load(&ground, two.one, two.ada, session.id, session.expires_at).await.is_none());

    change!(ground, own(two.eve), |unit| unit.sessions().revoke(two.eve, eve, RevokedReason::SignedOut, now));
    assert!(load(&ground, two.other, two.eve, eve, now).await.is_none());
    for status in [UserStatus::Disabled, UserStatus::Pending] {
        let changed = User { status, ..ground.find_user(two.ada).await };
        change!(ground, of_platform(two.ada), |unit| unit.users().update(PLATFORM, &changed));
        assert!(load(&ground, two.one, two.ada, ada, now).await.is_none(), "{status}");
    }
}

pub async fn a_place_counts_while_it_and_its_organization_last(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let now = ground.now();
    let session = ground.session(two.ada, two.one).await;
    let place = async || load(&ground, two.one, two.ada, session, now).await.unwrap().membership;
    assert_eq!(place().await, Some(MembershipStatus::Active));
    let member = ask!(ground, two.home(), |unit| unit.memberships().find(two.one, two.ada)).unwrap();
    let suspended = Membership { status: MembershipStatus::Suspended, ..member.membership };
    let suspended = change!(ground, two.home(), |unit| unit.memberships().update(two.one, &suspended));
    assert_eq!(place().await, Some(MembershipStatus::Suspended));
    let active = Membership { status: MembershipStatus::Active, ..suspended };
    change!(ground, two.home(), |unit| unit.memberships().update(two.one, &active));
    let open = ask!(ground, two.home(), |unit| unit.organizations().find(two.one, two.one)).unwrap();
    let archived = Organization { status: OrganizationStatus::Archived, ..open };
    let archived = change!(ground, two.home(), |unit| unit.organizations().update(two.one, &archived));
    assert_eq!(place().await, None);
    let open = Organization { status: OrganizationStatus::Active, ..archived };
    change!(ground, two.home(), |unit| unit.organizations().update(two.one, &open));
    assert_eq!(place().await, Some(MembershipStatus::Active));
    change!(ground, two.home(), |unit| unit.memberships().delete(two.one, two.ada));
    assert_eq!(place().await, None);
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    ground.give(two.one, two.ada, &[ADMIN.id]).await;
    let session = ground.session(two.ada, two.one).await;
    let found = load(&ground, two.other, two.ada, session, ground.now()).await.unwrap();
    assert_eq!((found.membership, &*found.roles), (None, &[][..]));
    let unknown = load(&ground, ground.id(), two.ada, session, ground.now()).await.unwrap();
    assert_eq!((unknown.membership, &*unknown.roles), (None, &[][..]));
}
