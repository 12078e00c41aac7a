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
    server.stop();
    let log = server.log();
    silent(&log);
    for value in ["the long phrase of", ada.access.as_str(), "ada_of_the_log@example.org", "$argon2"] {
        assert!(!log.contains(value), "{value} is in the log");
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
