//! Finding a login, and counting failed sign-ins.

use super::{
    Harness,
    ground::{DAY, Ground, hash_of, own},
};
use crate::{FailedAttempt, LockPolicy, LoginState};
use keystead_domain::{
    OrganizationId, Scope, Timestamp, UserId,
    accounts::{Login, User, UserStatus},
    organizations::{Membership, MembershipStatus, Organization, OrganizationStatus},
};

const POLICY: LockPolicy = LockPolicy { network_attempts: 3, account_attempts: 5, lock_seconds: 600 };
const UNKNOWN: &str = "unknown:0123";

fn network(number: u8) -> Vec<u8> {
    vec![number; 32]
}

fn key(user: UserId) -> String {
    format!("user:{user}")
}

/// What is found before anyone is signed in, which is also what the person's own transaction finds.
async fn find(ground: &Ground, login: &str, from: u8, now: Timestamp) -> LoginState {
    let (login, network) = (Login::parse(login), network(from));
    let found = ground.store.find_login(&login, UNKNOWN, &network, now).await.unwrap();
    let user = found.account.as_ref().map(|account| account.user_id);
    let scope = Scope { organization: None, user };
    let taken = change!(ground, scope, |unit| unit.sign_in_attempts().take_login(user, &login, UNKNOWN, &network, now));
    assert_eq!(format!("{:?}", taken.state), format!("{found:?}"));
    let hash = |state: &LoginState| state.account.as_ref().map(|account| account.password_hash.expose().to_owned());
    assert_eq!(hash(&taken.state), hash(&found));
    let account = match user {
        Some(user) => Some(ground.find_user(user).await),
        None => None,
    };
    assert_eq!(taken.user, account);
    assert_eq!(taken.roles, [""; 0], "roles are held in an organization");
    found
}

/// A failed sign-in from a network; returns whether it locked something.
async fn fail(ground: &Ground, user: Option<UserId>, from: u8, now: Timestamp) -> bool {
    let account_key = user.map_or_else(|| UNKNOWN.to_owned(), key);
    let attempt = FailedAttempt { account_key, user, network_hash: network(from), now, policy: POLICY };
    let scope = Scope { organization: None, user };
    change!(ground, scope, |unit| unit.sign_in_attempts().record_failure(&attempt))
}

async fn succeed(ground: &Ground, user: UserId, from: u8, now: Timestamp) {
    let after = ground.find_user(user).await.signed_in(now);
    change!(ground, own(user), |unit| unit.users().record_sign_in(&after));
    change!(ground, own(user), |unit| unit.sign_in_attempts().record_success(&key(user), &network(from), now));
}

pub async fn a_login_is_found_by_username_and_by_address(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let now = ground.now();
    let user =
        User { status: UserStatus::Disabled, locked_until: Some(now.plus_seconds(5)), ..ground.sample_user("Ada") };
    ground.add_user(&user).await;
    for login in ["ada", "ADA", "ada@EXAMPLE.org", " ada@example.org "] {
        let state = find(&ground, login, 1, now).await;
        assert!(!state.network_known);
        assert_eq!(state.network_locked_until, None);
        let account = state.account.unwrap();
        assert_eq!((account.user_id, account.status), (user.id, UserStatus::Disabled));
        assert_eq!(account.locked_until, user.locked_until);
        assert_eq!(account.password_hash.expose(), hash_of(&user.username));
        assert_eq!(account.organization_id, None);
    }
    for login in ["ad", "adam", "ada@example.net", "", "a b", "@", "ada\0"] {
        assert!(find(&ground, login, 1, now).await.account.is_none(), "{login:?}");
    }
}

async fn place(ground: &Ground) -> Option<OrganizationId> {
    find(ground, "ada", 1, ground.now()).await.account.unwrap().organization_id
}

pub async fn a_new_session_works_where_the_last_one_did(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let ada = ground.user("ada").await;
    let mut places = Vec::new();
    for name in ["First", "Second", "Third"] {
        places.push(ground.organization(name).await);
    }
    let [first, second, third] = places[..] else { unreachable!() };
    assert_eq!(place(&ground).await, None);
    // The oldest membership, whatever the organization's age.
    let oldest = ground.join(second, ada).await;
    ground.join(first, ada).await;
    ground.join(third, ada).await;
    assert_eq!(place(&ground).await, Some(second));
    ground.session(ada, first).await;
    ground.session(ada, third).await;
    assert_eq!(place(&ground).await, Some(third));
    // Where the person cannot work, no session begins.
    let member = ask!(ground, Scope::organization(third), |unit| unit.memberships().find(third, ada)).unwrap();
    let suspended = Membership { status: MembershipStatus::Suspended, ..member.membership };
    change!(ground, Scope::organization(third), |unit| unit.memberships().update(third, &suspended));
    assert_eq!(place(&ground).await, Some(first));
    let open = ask!(ground, Scope::organization(first), |unit| unit.organizations().find(first, first)).unwrap();
    let archived = Organization { status: OrganizationStatus::Archived, ..open };
    change!(ground, Scope::organization(first), |unit| unit.organizations().update(first, &archived));
    assert_eq!(place(&ground).await, Some(second));
    let suspended = Membership { status: MembershipStatus::Suspended, ..oldest };
    change!(ground, Scope::organization(second), |unit| unit.memberships().update(second, &suspended));
    assert_eq!(place(&ground).await, None);
}

pub async fn failures_lock_the_network_out(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let ada = ground.user("ada").await;
    let (bob, now) = (ground.user("bob").await, ground.now());
    assert!(!fail(&ground, Some(ada), 1, now).await);
    assert!(!fail(&ground, Some(ada), 1, now).await);
    assert_eq!(find(&ground, "ada", 1, now).await.network_locked_until, None);
    assert!(fail(&ground, Some(ada), 1, now).await);
    let ends = now.plus_seconds(POLICY.lock_seconds);
    assert_eq!(find(&ground, "ada", 1, now).await.network_locked_until, Some(ends));
    assert_eq!(find(&ground, "ada@example.org", 1, now).await.network_locked_until, Some(ends));
    // Neither another network nor another account is.
    let state = find(&ground, "ada", 2, now).await;
    assert_eq!((state.network_locked_until, state.account.unwrap().locked_until), (None, None));
    assert_eq!(find(&ground, "bob", 1, now).await.network_locked_until, None);
    assert_eq!(ground.find_user(ada).await.failed_login_attempts, 3);
    assert_eq!(ground.find_user(bob).await.failed_login_attempts, 0);
    // One more while it is locked is no new lock.
    assert!(!fail(&ground, Some(ada), 1, now.plus_seconds(1)).await);
    assert_eq!(ground.find_user(ada).await.version, 1);
}

pub async fn failures_from_many_networks_lock_the_account(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let ada = ground.user("ada").await;
    let now = ground.now();
    for from in 1..=4 {
        assert!(!fail(&ground, Some(ada), from, now).await);
    }
    assert_eq!(ground.find_user(ada).await.locked_until, None);
    assert!(fail(&ground, Some(ada), 5, now).await);
    let ends = Some(now.plus_seconds(POLICY.lock_seconds));
    let account = ground.find_user(ada).await;
    assert_eq!((account.failed_login_attempts, account.locked_until, account.version), (5, ends, 1));
    let state = find(&ground, "ada", 9, now).await;
    assert_eq!((state.network_locked_until, state.account.unwrap().locked_until), (None, ends));
    // Signing in from a network that the lock spares does not lift it for the others.
    succeed(&ground, ada, 7, now).await;
    let account = ground.find_user(ada).await;
    assert_eq!((account.failed_login_attempts, account.locked_until), (5, ends));
    // When it has ended, it does.
    succeed(&ground, ada, 7, now.plus_seconds(POLICY.lock_seconds)).await;
    let account = ground.find_user(ada).await;
    assert_eq!((account.failed_login_attempts, account.locked_until), (0, None));
}

pub async fn of_tries_at_the_same_moment_each_sees_those_before(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let ada = ground.user("ada").await;
    let now = ground.now();
    // All have waited for their hashes together: whatever their order, no more than lock the network are judged.
    let tries: Vec<_> = (0..8)
        .map(|_| {
            let store = ground.store.clone();
            tokio::spawn(async move {
                let unit = store.begin(own(ada)).await.unwrap();
                let (login, from) = (Login::parse("ada"), network(1));
                let taken = unit.sign_in_attempts().take_login(Some(ada), &login, UNKNOWN, &from, now).await.unwrap();
                let attempt =
                    FailedAttempt { account_key: key(ada), user: Some(ada), network_hash: from, now, policy: POLICY };
                unit.sign_in_attempts().record_failure(&attempt).await.unwrap();
                unit.commit().await.unwrap();
                taken.state.network_locked_until.is_none()
            })
        })
        .collect();
    let mut judged = 0;
    for task in tries {
        judged += i32::from(task.await.unwrap());
    }
    assert_eq!(judged, POLICY.network_attempts);
}

pub async fn old_failures_do_not_count(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let ada = ground.user("ada").await;
    let start = ground.now();
    for from in 1..=4 {
        fail(&ground, Some(ada), from, start).await;
    }
    fail(&ground, Some(ada), 1, start).await;
    assert_eq!(ground.find_user(ada).await.failed_login_attempts, 5);
    let later = start.plus_seconds(POLICY.lock_seconds + 1);
    assert!(!fail(&ground, Some(ada), 1, later).await);
    assert_eq!(ground.find_user(ada).await.failed_login_attempts, 1);
    // The network's two failures are forgotten as well: it takes two more.
    assert!(!fail(&ground, Some(ada), 1, later).await);
    assert!(fail(&ground, Some(ada), 1, later).await);
    // A lock that has ended is followed by a new count.
    let ended = later.plus_seconds(POLICY.lock_seconds + 1);
    assert!(!fail(&ground, Some(ada), 1, ended).await);
    assert!(!fail(&ground, Some(ada), 1, ended).await);
    assert!(fail(&ground, Some(ada), 1, ended).await);
}

pub async fn failures_on_no_account_count_as_well(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let now = ground.now();
    assert!(!fail(&ground, None, 1, now).await);
    assert!(!fail(&ground, None, 1, now).await);
    assert!(fail(&ground, None, 1, now).await);
    let state = find(&ground, "nobody", 1, now).await;
    assert!(state.account.is_none() && !state.network_known);
    assert_eq!(state.network_locked_until, Some(now.plus_seconds(POLICY.lock_seconds)));
    assert_eq!(find(&ground, "nobody", 2, now).await.network_locked_until, None);
}

pub async fn a_success_forgets_failures_and_knows_the_network(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let ada = ground.user("ada").await;
    let now = ground.now();
    for _ in 0..3 {
        fail(&ground, Some(ada), 1, now).await;
    }
    fail(&ground, Some(ada), 2, now).await;
    succeed(&ground, ada, 1, now).await;
    let state = find(&ground, "ada", 1, now).await;
    assert!(state.network_known);
    assert_eq!(state.network_locked_until, None);
    let account = ground.find_user(ada).await;
    assert_eq!((account.failed_login_attempts, account.last_login_at), (0, Some(now)));
    assert!(!find(&ground, "ada", 2, now).await.network_known);
    // Failures after it begin anew, and the network stays known.
    assert!(!fail(&ground, Some(ada), 1, now).await);
    assert!(find(&ground, "ada", 1, now.plus_seconds(30 * DAY)).await.network_known);
    // In the end it is forgotten.
    assert!(!find(&ground, "ada", 1, now.plus_seconds(91 * DAY)).await.network_known);
}

pub async fn every_lock_of_an_account_can_be_lifted(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let ada = ground.user("ada").await;
    let (bob, now) = (ground.user("bob").await, ground.now());
    succeed(&ground, ada, 7, now).await;
    for user in [ada, bob] {
        for _ in 0..3 {
            fail(&ground, Some(user), 1, now).await;
        }
        for from in 2..=4 {
            fail(&ground, Some(user), from, now).await;
        }
    }
    change!(ground, own(ada), |unit| unit.sign_in_attempts().clear(&key(ada)));
    let account = ground.find_user(ada).await;
    assert_eq!((account.failed_login_attempts, account.locked_until, account.version), (0, None, 1));
    assert_eq!(find(&ground, "ada", 1, now).await.network_locked_until, None);
    assert!(find(&ground, "ada", 7, now).await.network_known);
    assert!(!fail(&ground, Some(ada), 1, now).await);
    // Nobody else's is.
    assert!(ground.find_user(bob).await.locked_until.is_some());
    assert!(find(&ground, "bob", 1, now).await.network_locked_until.is_some());
    // A key without account is no error.
    for unknown in [UNKNOWN, "user:", "user:x"] {
        change!(ground, Scope::NONE, |unit| unit.sign_in_attempts().clear(unknown));
    }
}

pub async fn failures_at_the_same_moment_all_count(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let ada = ground.user("ada").await;
    let now = ground.now();
    let tasks: Vec<_> = (0..8)
        .map(|number| {
            let store = ground.store.clone();
            tokio::spawn(async move {
                // Signing in at the same moment writes the same rows.
                if number % 4 == 3 {
                    let unit = store.begin(own(ada)).await.unwrap();
                    let (login, from) = (Login::parse("ada"), network(1));
                    let taken = unit.sign_in_attempts().take_login(Some(ada), &login, UNKNOWN, &from, now);
                    let user = taken.await.unwrap().user.unwrap();
                    unit.users().record_sign_in(&user.signed_in(now)).await.unwrap();
                    unit.sign_in_attempts().record_success(&key(ada), &network(1), now).await.unwrap();
                    unit.commit().await.unwrap();
                    return;
                }
                let unit = store.begin(own(ada)).await.unwrap();
                let attempt = FailedAttempt {
                    account_key: key(ada),
                    user: Some(ada),
                    network_hash: network(1),
                    now,
                    policy: LockPolicy { network_attempts: 100, account_attempts: 100, ..POLICY },
                };
                unit.sign_in_attempts().record_failure(&attempt).await.unwrap();
                unit.commit().await.unwrap();
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let bob = ground.user("bob").await;
    let failures: Vec<_> = (0..8)
        .map(|from| {
            let store = ground.store.clone();
            tokio::spawn(async move {
                let unit = store.begin(own(bob)).await.unwrap();
                let attempt = FailedAttempt {
                    account_key: key(bob),
                    user: Some(bob),
                    network_hash: network(from),
                    now,
                    policy: LockPolicy { network_attempts: 100, account_attempts: 8, ..POLICY },
                };
                let locked = unit.sign_in_attempts().record_failure(&attempt).await.unwrap();
                unit.commit().await.unwrap();
                locked
            })
        })
        .collect();
    let mut locks = 0;
    for failure in failures {
        locks += u32::from(failure.await.unwrap());
    }
    assert_eq!(locks, 1);
    assert_eq!(ground.find_user(bob).await.failed_login_attempts, 8);
}
