//! Hashes of the other kind are accepted, and silently replaced at the next sign-in.

use crate::support::{ADMIN_PASSWORD, Person, Server, StoreKind, TestStore};
use reqwest::StatusCode;
use sqlx::Connection;
use std::sync::Arc;

/// The kind of hash that the file has for each account, and the account's version.
async fn stored(store: &TestStore, username: &str) -> (String, i64) {
    let mut database = sqlx::SqliteConnection::connect(&store.url).await.unwrap();
    let row = sqlx::query_as("SELECT substr(password_hash, 1, 4), version FROM users WHERE username_key = ?");
    row.bind(username).fetch_one(&mut database).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hash_of_the_other_kind_is_replaced_both_ways() {
    let store = Arc::new(TestStore::new(StoreKind::Sqlite).await);
    let mut server = Server::start_on(Arc::clone(&store), &[("KEYSTEAD_PASSWORDS_BCRYPT_ROUNDS", "10")]).await;
    let first = Person::new(&server, "ada").await;
    assert_eq!(stored(&store, "ada").await.0, "$arg");

    for (algorithm, beginning) in [("bcrypt", "$2b$"), ("argon2id", "$arg")] {
        assert_eq!(server.stop(), Some(0), "{}", server.log());
        server.start_again_with("KEYSTEAD_PASSWORDS_ALGORITHM", algorithm).await;
        let before = stored(&store, "ada").await;
        assert_ne!(before.0, beginning, "only a sign-in replaces it");
        // A wrong password does not, the right one does, and the next sign-in has nothing more to do.
        let wrong = serde_json::json!({ "login": "ada", "password": "not the right password" });
        let answer = server.http.post(format!("{}/api/v1/sessions", server.base)).json(&wrong).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(stored(&store, "ada").await, before);
        let ada = Person::sign_in(&server, "ada", "the long phrase of ada").await;
        let after = stored(&store, "ada").await;
        assert_eq!(after.0, beginning);
        Person::sign_in(&server, "ada", "the long phrase of ada").await;
        assert_eq!(stored(&store, "ada").await, after);
        // It is silent: sessions go on, and the duty to change a password is neither made nor lifted.
        let (status, me) = ada.get(&server, "/api/v1/me").await;
        assert_eq!((status, &me["must_change_password"]), (StatusCode::OK, &false.into()));
        assert_eq!(first.get(&server, "/api/v1/me").await.0, StatusCode::OK);
        let admin = Person::sign_in(&server, "admin", ADMIN_PASSWORD).await;
        assert_eq!(admin.get(&server, "/api/v1/me").await.1["must_change_password"], true);
        assert_eq!(stored(&store, "admin").await.0, beginning);
    }
}
