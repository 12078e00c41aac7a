//! Accounts.

use super::{
    Harness,
    ground::{Ground, hash_of, intricate_json, of_platform, own},
};
use keystead_domain::{
    ErrorKind, PLATFORM, PageRequest, Scope, UserId,
    accounts::{Email, NewUser, PasswordHash, User, UserFilter, UserStatus, Username},
};
use serde_json::json;

const PLATFORM_SCOPE: Scope = Scope::organization(PLATFORM);

pub async fn an_account_is_found_as_it_was_written(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let place = ground.organization("One").await;
    let now = ground.now();
    let full = User {
        username: Username::new("Zoë.Ångström_日本").unwrap(),
        email: Email::new("Zoë+Tag@Beispiel.Example").unwrap(),
        status: UserStatus::Pending,
        tier: "gold".to_owned(),
        first_name: Some("Zoë \"O'Neil\" 😀".to_owned()),
        last_name: Some("Ångström\n%_\\".to_owned()),
        must_change_password: true,
        failed_login_attempts: 3,
        locked_until: Some(now.plus_seconds(60)),
        last_login_at: Some(now.plus_millis(-7)),
        email_verified_at: Some(now.plus_millis(1)),
        profile_data: intricate_json(),
        preferences: json!({ "theme": "dark" }),
        metadata: json!({ "note": null }),
        ..ground.sample_user("zoe")
    };
    // What the rules refuse today was kept by yesterday's: it must not make a list unreadable.
    let old = User {
        username: Username::stored("\u{1fbc} old".to_owned(), "\u{1fb3} old".to_owned()),
        email: Email::stored("x@\u{130}..example".to_owned(), "x@i\u{307}..example".to_owned()),
        ..ground.sample_user("old")
    };
    for user in [full, old, ground.sample_user("plain")] {
        ground.add_user(&user).await;
        ground.join(place, user.id).await;
        assert_eq!(ground.find_user(user.id).await, user);
        for (scope, organization) in [(Scope::organization(place), place), (PLATFORM_SCOPE, PLATFORM)] {
            let found = ask!(ground, scope, |unit| unit.users().find(organization, user.id));
            assert_eq!(found.as_ref(), Some(&user));
        }
    }
    assert_eq!(ask!(ground, PLATFORM_SCOPE, |unit| unit.users().find(PLATFORM, ground.id())), None);
}

pub async fn a_taken_username_or_address_is_a_conflict(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    ground.user("ada").await;
    let same_name = User { username: Username::new("ADA").unwrap(), ..ground.sample_user("bob") };
    let same_address = User { email: Email::new("ADA@Example.Org").unwrap(), ..ground.sample_user("bob") };
    for (user, code) in [(same_name, "username_taken"), (same_address, "email_taken")] {
        let new = NewUser { user: user.clone(), password_hash: PasswordHash::new("x".to_owned()) };
        let error = refused!(ground, own(user.id), |unit| unit.users().insert(&new));
        assert_eq!((error.kind, error.code), (ErrorKind::Conflict, code));

        // The same holds for a change.
        let other = ground.sample_user(&format!("carl-{code}").replace('_', "-"));
        ground.add_user(&other).await;
        let changed = match code {
            "username_taken" => User { username: user.username, ..other.clone() },
            _ => User { email: user.email, ..other.clone() },
        };
        let error = refused!(ground, own(other.id), |unit| unit.users().update(PLATFORM, &changed));
        assert_eq!((error.kind, error.code), (ErrorKind::Conflict, code));
        assert_eq!(ground.find_user(other.id).await, other);
    }
}

pub async fn accounts_are_listed_in_pages(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let place = ground.organization("One").await;
    let elsewhere = ground.organization("Other").await;
    let mut members = Vec::new();
    for number in 0..7 {
        members.push(ground.member(place, &format!("person-{number}")).await);
    }
    let stranger = ground.member(elsewhere, "stranger").await;
    let alone = ground.user("alone").await;
    let filter = UserFilter::default();
    for limit in [1, 3, 7, 8] {
        let scope = Scope::organization(place);
        let found = pages!(ground, scope, limit, |unit, page| unit.users().list(place, &filter, page));
        assert_eq!(found.iter().map(|user| user.id).collect::<Vec<_>>(), members);
        let found = pages!(ground, PLATFORM_SCOPE, limit, |unit, page| unit.users().list(PLATFORM, &filter, page));
        let all: Vec<_> = members.iter().copied().chain([stranger, alone]).collect();
        assert_eq!(found.iter().map(|user| user.id).collect::<Vec<_>>(), all);
    }
    bad_cursors!(ground, Scope::organization(place), |unit, page| unit.users().list(place, &filter, page));
}

async fn found(ground: &Ground, filter: UserFilter) -> Vec<String> {
    let list = pages!(ground, PLATFORM_SCOPE, 2, |unit, page| unit.users().list(PLATFORM, &filter, page));
    list.into_iter().map(|user| user.username.as_str().to_owned()).collect()
}

pub async fn accounts_are_filtered(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let disabled = User { status: UserStatus::Disabled, ..ground.sample_user("annabel") };
    let gold = User { tier: "gold".to_owned(), ..ground.sample_user("Anna") };
    let marks = ground.sample_user("an_na");
    let percent = User { email: Email::new("50%off@example.org").unwrap(), ..ground.sample_user("zed") };
    let unicode = User { email: Email::new("x@example.org").unwrap(), ..ground.sample_user("Ärger") };
    let other = User { email: Email::new("anna.two@example.net").unwrap(), ..ground.sample_user("two") };
    for user in [&disabled, &gold, &marks, &percent, &unicode, &other] {
        ground.add_user(user).await;
    }
    let search = |text: &str| UserFilter { search: Some(text.to_owned()), ..UserFilter::default() };
    assert_eq!(found(&ground, search("ann")).await, ["annabel", "Anna", "two"]);
    assert_eq!(found(&ground, search(" ANNA ")).await, ["annabel", "Anna", "two"]);
    assert_eq!(found(&ground, search("anna@")).await, ["Anna"]);
    assert_eq!(found(&ground, search("anna.")).await, ["two"]);
    assert_eq!(found(&ground, search("ÄR")).await, ["Ärger"]);
    // No character is a wildcard.
    assert_eq!(found(&ground, search("an_")).await, ["an_na"]);
    assert_eq!(found(&ground, search("50%")).await, ["zed"]);
    assert_eq!(found(&ground, search("%")).await, [""; 0]);
    assert_eq!(found(&ground, search("nna")).await, [""; 0]);

    let filter = UserFilter { status: Some(UserStatus::Disabled), ..UserFilter::default() };
    assert_eq!(found(&ground, filter).await, ["annabel"]);
    let filter = UserFilter { tier: Some("gold".to_owned()), ..UserFilter::default() };
    assert_eq!(found(&ground, filter).await, ["Anna"]);
    let filter =
        UserFilter { status: Some(UserStatus::Active), tier: Some("free".to_owned()), search: Some("an".to_owned()) };
    assert_eq!(found(&ground, filter).await, ["an_na", "two"]);
}

pub async fn a_change_raises_the_version_and_a_stale_one_is_refused(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let before = ground.sample_user("ada");
    ground.add_user(&before).await;
    let now = ground.now();
    let changed = User {
        username: Username::new("Lovelace").unwrap(),
        email: Email::new("lovelace@example.org").unwrap(),
        status: UserStatus::Disabled,
        tier: "gold".to_owned(),
        first_name: Some("Ada".to_owned()),
        last_name: Some("Lovelace".to_owned()),
        must_change_password: true,
        password_changed_at: now,
        email_verified_at: Some(now),
        profile_data: intricate_json(),
        preferences: json!({ "a": 1 }),
        metadata: json!({ "b": 2 }),
        updated_at: now,
        ..before.clone()
    };
    let after = change!(ground, of_platform(before.id), |unit| unit.users().update(PLATFORM, &changed));
    assert_eq!(after, User { version: 2, ..changed.clone() });
    assert_eq!(ground.find_user(before.id).await, after);

    let error = refused!(ground, own(before.id), |unit| unit.users().update(PLATFORM, &changed));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    let cleared = User { first_name: None, email_verified_at: None, ..after };
    let cleared = change!(ground, own(before.id), |unit| unit.users().update(PLATFORM, &cleared));
    assert_eq!(ground.find_user(before.id).await, cleared);
}

pub async fn a_change_leaves_what_signing_in_writes(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let now = ground.now();
    let stored = User {
        failed_login_attempts: 4,
        locked_until: Some(now),
        last_login_at: Some(now),
        ..ground.sample_user("ada")
    };
    ground.add_user(&stored).await;
    // Read before the failures, written after them.
    let changed = User { failed_login_attempts: 0, locked_until: None, last_login_at: None, ..stored.clone() };
    change!(ground, own(stored.id), |unit| unit.users().update(PLATFORM, &changed));
    assert_eq!(ground.find_user(stored.id).await, User { version: 2, ..stored });
}

pub async fn a_password_hash_is_replaced(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let before = User { must_change_password: true, ..ground.sample_user("ada") };
    ground.add_user(&before).await;
    let id = before.id;
    let stored = async || ask!(ground, own(id), |unit| unit.users().password_hash(id)).unwrap().expose().to_owned();
    assert_eq!(stored().await, hash_of(&before.username));

    // A silent rehash: the person's duty stays.
    let hash = PasswordHash::new("$2b$12$rehashed".to_owned());
    change!(ground, own(id), |unit| unit.users().set_password_hash(id, &hash, None));
    assert_eq!(stored().await, "$2b$12$rehashed");
    assert_eq!(ground.find_user(id).await, User { version: 2, ..before.clone() });

    let now = ground.now();
    let hash = PasswordHash::new("$2b$12$changed".to_owned());
    change!(ground, own(id), |unit| unit.users().set_password_hash(id, &hash, Some(now)));
    assert_eq!(stored().await, "$2b$12$changed");
    let after = ground.find_user(id).await;
    assert!(!after.must_change_password);
    assert_eq!((after.password_changed_at, after.version), (now, 3));
}

pub async fn a_sign_in_is_noted_without_raising_the_version(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let now = ground.now();
    let before = User { failed_login_attempts: 4, locked_until: Some(now), ..ground.sample_user("ada") };
    ground.add_user(&before).await;
    let after = before.clone().signed_in(now);
    // Of all that is told, it writes what a sign-in changes.
    let told = User { first_name: Some("Mallory".to_owned()), version: 7, ..after.clone() };
    change!(ground, own(before.id), |unit| unit.users().record_sign_in(&told));
    assert_eq!(ground.find_user(after.id).await, after);
}

pub async fn not_from_another_organization(harness: &impl Harness) {
    let ground = Ground::new(harness).await;
    let two = ground.two().await;
    let before = ground.find_user(two.ada).await;
    let changed = User { first_name: Some("Mallory".to_owned()), ..before.clone() };
    let hash = PasswordHash::new("stolen".to_owned());
    for (scope, organization) in two.strangers() {
        assert_eq!(ask!(ground, scope, |unit| unit.users().find(organization, two.ada)), None, "{scope:?}");
        assert_eq!(ask!(ground, scope, |unit| unit.users().find_own(two.ada)), None, "{scope:?}");
        let page = PageRequest::first(200);
        let list = ask!(ground, scope, |unit| unit.users().list(organization, &UserFilter::default(), &page));
        assert!(!list.items.iter().any(|user| user.id == two.ada), "{scope:?}");
        let stolen = ask!(ground, scope, |unit| unit.users().password_hash(two.ada));
        assert!(stolen.is_none(), "{scope:?}");
        let error = refused!(ground, scope, |unit| unit.users().update(organization, &changed));
        assert_eq!(error.kind, ErrorKind::PreconditionFailed, "{scope:?}");
        let error = refused!(ground, scope, |unit| unit.users().set_password_hash(two.ada, &hash, None));
        assert_eq!(error.kind, ErrorKind::NotFound, "{scope:?}");
        let signed_in = before.clone().signed_in(ground.now());
        // Whether it is refused or touches nothing, everything is as it was.
        let _ = attempt!(ground, scope, |unit| unit.users().record_sign_in(&signed_in));
        // Nobody makes an account in somebody else's place.
        let new = NewUser { user: ground.sample_user("new"), password_hash: PasswordHash::new("x".to_owned()) };
        assert_eq!(refused!(ground, scope, |unit| unit.users().insert(&new)).kind, ErrorKind::Internal);
    }
    // The platform sees an account, but writes it only as that person.
    for scope in [PLATFORM_SCOPE, Scope::person(PLATFORM, two.eve), two.home()] {
        if scope.user != Some(two.ada) {
            let error = refused!(ground, scope, |unit| unit.users().update(PLATFORM, &changed));
            assert_eq!(error.kind, ErrorKind::PreconditionFailed);
        }
    }
    assert_eq!(ground.find_user(two.ada).await, before);
    // It is the person's own in whichever organization they work.
    let elsewhere = Scope::person(two.other, two.ada);
    let after = change!(ground, elsewhere, |unit| unit.users().update(two.other, &changed));
    assert_eq!(after.first_name.as_deref(), Some("Mallory"));
    assert_eq!(ground.find_user(two.ada).await, after);
    let eve: UserId = two.eve;
    let colleague = ground.member(two.one, "colleague").await;
    // A colleague is seen, and not written either.
    let scope = Scope::person(two.one, colleague);
    assert!(ask!(ground, scope, |unit| unit.users().find(two.one, two.ada)).is_some());
    assert!(ask!(ground, scope, |unit| unit.users().find(two.one, eve)).is_none());
    let error = refused!(ground, scope, |unit| unit.users().update(two.one, &changed));
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    if !harness.is_kept_by_the_database_alone() {
        assert!(ask!(ground, scope, |unit| unit.users().find_own(two.ada)).is_none());
        assert!(ask!(ground, scope, |unit| unit.users().password_hash(two.ada)).is_none());
    }
}
