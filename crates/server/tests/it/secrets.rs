//! Addresses with passwords are never said: not by a command, not in a log, not in an error.

use crate::{
    command::keystead,
    support::{Person, Server, StoreKind, TestStore},
};
use std::sync::Arc;

const PASSWORD: &str = "Zk4-not-to-be-said-7Wp";

/// Neither the password nor the address in one piece.
fn silent(said: &str) {
    assert!(!said.contains(PASSWORD), "{said}");
    assert!(!said.replace("postgres://user@host/database", "").contains("postgres://"), "{said}");
}

const COMMANDS: &[&[&str]] = &[
    &["migrate", "status"],
    &["migrate", "up"],
    &["migrate", "check"],
    &["doctor"],
    &["doctor", "--json"],
    &["config", "show"],
    &["config", "show", "--json"],
    &["config", "check"],
    &["user", "list"],
    &["seed", "system"],
    &["serve"],
];

/// With databases that cannot be reached, in every way that says why.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_are_not_said_when_they_fail() {
    let mut store = TestStore::new(StoreKind::Postgres).await;
    let (_, place) = store.url.rsplit_once('@').unwrap();
    let addresses = [
        // Nobody listens, nobody of that name, no such database, no number, no TLS there, no such parameter.
        format!("postgres://ada:{PASSWORD}@127.0.0.1:1/keystead"),
        format!("postgres://nobody_{PASSWORD}x:{PASSWORD}@{place}")
            .replace(&format!("nobody_{PASSWORD}x"), "nobody_known"),
        format!("postgres://postgres:{PASSWORD}@{place}"),
        format!("postgres://ada:{PASSWORD}@localhost:port/keystead"),
        format!("postgres://nobody_known:{PASSWORD}@{place}?sslmode=verify-full"),
        format!("postgres://nobody_known@{place}?pasword={PASSWORD}"),
    ];
    for address in addresses {
        store.url = address;
        for arguments in COMMANDS {
            let said = keystead(&store, &[("KEYSTEAD_LOG", "trace")], arguments);
            silent(&said.all());
        }
        let copied = keystead(&store, &[("KEYSTEAD_LOG", "trace")], &["store", "copy", &store.url, "memory:"]);
        silent(&copied.all());
    }
}

/// With one that can, at the finest level, in development, where every statement is logged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_and_values_are_not_logged() {
    let database = keystead_testkit::postgres::shared().await.database().await;
    let app = database.url_as("keystead_app", Some(PASSWORD));
    let superuser = database.url();
    let mut store = TestStore::in_database(database);
    assert!(keystead(&store, &[], &["migrate", "up"]).succeeded);
    store.url = app;
    let settings = [
        ("KEYSTEAD_ENVIRONMENT", "development"),
        ("KEYSTEAD_LOG", "trace"),
        ("DATABASE_MIGRATION_URL", superuser.as_str()),
    ];
    let mut server = Server::start_on(Arc::new(store), &settings).await;
    let ada = Person::new(&server, "ada_of_the_log").await;
    assert_eq!(ada.make_team(&server, "Team").await.unwrap().as_u16(), 201);
    let (_, key) = robot(&server, &ada).await;
    server.stop();
    let log = server.log();
    silent(&log);
    for value in ["the long phrase of", ada.access.as_str(), "ada_of_the_log@example.org", "$argon2", &key[16..]] {
        assert!(!log.contains(value), "{value} is in the log");
    }
}

/// A service account made with an `Idempotency-Key`, which has called once: its identifier and its key.
async fn robot(server: &Server, ada: &Person) -> (String, String) {
    let request = server.http.post(format!("{}/api/v1/service-accounts", server.base)).bearer_auth(&ada.access);
    let body = serde_json::json!({ "name": "robot", "scopes": ["teams:create", "teams:read"] });
    let made = request.header("idempotency-key", "once").json(&body).send().await.unwrap();
    assert_eq!(made.status().as_u16(), 201);
    let made: serde_json::Value = made.json().await.unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let (id, key) = (text(&made["id"]), text(&made["key"]));
    let program = Person { name: "robot".to_owned(), access: key.clone() };
    assert_eq!(program.make_team(server, "Robots").await.unwrap().as_u16(), 201);
    let refused = Person { access: key.replacen("_", "-", 2), ..program };
    assert_eq!(refused.make_team(server, "Others").await.unwrap().as_u16(), 401);
    (id, key)
}

/// A key is shown once: neither the store nor the kept answer of the request has it, and its use is written down.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_in_no_file() {
    for kind in [StoreKind::Sqlite, StoreKind::Json] {
        let store = Arc::new(TestStore::new(kind).await);
        let mut server = Server::start_on(Arc::clone(&store), &[("KEYSTEAD_LOG", "debug")]).await;
        let ada = Person::new(&server, "ada").await;
        let (id, key) = robot(&server, &ada).await;
        server.stop();
        let mut looked_at = 0;
        for entry in std::fs::read_dir(store.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            let Ok(bytes) = std::fs::read(&path) else { continue };
            let has = |part: &str| bytes.windows(part.len()).any(|window| window == part.as_bytes());
            assert!(!has(&key[16..]), "{} has a key", path.display());
            looked_at += usize::from(has(&key[..15]));
        }
        assert!(looked_at > 0, "nothing was looked at");
        assert!(!server.log().contains(&key[16..]), "{}", server.log());
        // The use was written when the server stopped.
        server.start_again().await;
        let ada = Person::sign_in(&server, "ada", "the long phrase of ada").await;
        let (_, keys) = ada.get(&server, &format!("/api/v1/service-accounts/{id}/keys")).await;
        assert!(keys["items"][0]["last_used_at"].is_string(), "{keys}");
    }
}

/// Every statement in development, only slow ones elsewhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statements_are_logged_as_the_environment_says() {
    let count = |server: &Server, message: &str| {
        let wanted = format!("\"message\":\"{message}\"");
        server.log().lines().filter(|line| line.contains(&wanted) && line.contains("\"sql\":")).count()
    };
    for (environment, statements) in [("development", true), ("test", false), ("production", false)] {
        let store = Arc::new(TestStore::new(StoreKind::Sqlite).await);
        let settings = [("KEYSTEAD_ENVIRONMENT", environment), ("KEYSTEAD_STORE_SLOW_STATEMENT_MS", "60000")];
        let server = Server::start_on(store, &settings).await;
        Person::new(&server, "ada").await;
        assert_eq!(count(&server, "statement") > 10, statements, "{environment}: {}", server.log());
        assert_eq!(count(&server, "slow statement"), 0, "{environment}");
    }
    // The threshold is the operator's: with one of a millisecond, something is slower; a commit waits for the disk.
    let store = Arc::new(TestStore::new(StoreKind::Sqlite).await);
    let server = Server::start_on(store, &[("KEYSTEAD_STORE_SLOW_STATEMENT_MS", "1")]).await;
    let ada = Person::new(&server, "ada").await;
    for number in 0.. {
        if count(&server, "slow statement") > 0 {
            break;
        }
        assert!(number < 2_000, "nothing takes a millisecond");
        ada.make_team(&server, &format!("team {number}")).await.unwrap();
    }
}
