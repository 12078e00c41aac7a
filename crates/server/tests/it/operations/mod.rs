//! Every operation of the API, as the server itself describes it, in four matrices: who is not signed in, who comes from
//! another organization, which role may do it, and what it leaves in the audit log.
//!
//! The table of [`cases`] says how to reach each operation. One that the document has and the table has not fails every test
//! here; so does one that its rightful caller cannot reach.

mod cases;
mod catalogue;
mod document;
mod levels;
mod programs;
mod rows;
mod world;

use crate::support::{Server, StoreKind, send};
use cases::{Case, cases};
use document::operations;
use keystead_domain::access::{ADMIN, BuiltInRole, MANAGER, PermissionScope, USER};
use reqwest::StatusCode;
use serde_json::{Value, json};
use world::{Caller, World};

/// The table, after it was held against the document.
async fn table(server: &Server) -> Vec<Case> {
    let cases = cases();
    let described: Vec<_> = operations(server).await.into_iter().map(|operation| operation.name).collect();
    for name in &described {
        assert!(cases.iter().any(|case| case.operation == name), "nothing here reaches {name}");
    }
    for case in &cases {
        assert!(described.iter().any(|name| case.operation == name), "there is no {} any more", case.operation);
    }
    cases
}

#[tokio::test]
async fn nobody_gets_in_without_credentials() {
    let server = Server::start(StoreKind::Sqlite).await;
    table(&server).await;
    let world = World::new(&server).await;
    let foreign = world.signed_by_another_server().await;
    for operation in operations(&server).await {
        let tokens = [None, Some("no token at all"), Some("a.b.c"), Some(&*foreign), Some(&world.ada.expired)];
        let keys = ["ks_", "ks_0123456789AB_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg2QoHtA", &world.ended_key];
        let tokens = tokens.into_iter().chain(keys.into_iter().map(Some));
        for token in tokens {
            let (status, body) =
                send(&server, operation.method.clone(), &operation.with_unknown_ids(), token, Some(json!({}))).await;
            if operation.is_public {
                assert_ne!(body["code"], "unauthenticated", "{}", operation.name);
            } else {
                assert_eq!(status, StatusCode::UNAUTHORIZED, "{} with {token:?}: {body}", operation.name);
                assert_eq!(body["code"], "unauthenticated", "{}", operation.name);
            }
        }
    }
    // Each of these is public for a reason: to see whether the server lives, to sign in, to verify tokens.
    let public: Vec<_> = operations(&server).await.into_iter().filter(|o| o.is_public).map(|o| o.name).collect();
    assert_eq!(
        public,
        [
            "GET /.well-known/authzen-configuration",
            "GET /.well-known/jwks.json",
            "POST /api/v1/accounts",
            "POST /api/v1/sessions",
            "POST /api/v1/sessions/refresh",
            "GET /health/live",
            "GET /health/ready"
        ]
    );
}

#[tokio::test]
async fn strangers_find_nothing_and_change_nothing_on_sqlite() {
    strangers(StoreKind::Sqlite).await;
}
/// With the feature `rls-only` the statements' own conditions are off, and row-level security alone must do this.
#[tokio::test]
async fn strangers_find_nothing_and_change_nothing_on_postgres() {
    strangers(StoreKind::Postgres).await;
}

async fn strangers(kind: StoreKind) {
    let server = Server::start(kind).await;
    let (elsewhere, mut world) = (World::new(&server).await, World::new(&server).await);
    let mut wrong = Vec::new();
    for case in table(&server).await.iter().filter(|case| case.operation.contains('{')) {
        let request = case.request(&world, &server).await;
        let before = rows::of(&server.store).await;
        for stranger in [&elsewhere.ada, &elsewhere.ben, &elsewhere.cat] {
            let (status, body) = request.send(&server, stranger).await;
            let expected = match (case.is_shared, case.only_reads()) {
                (true, true) => StatusCode::OK,
                (true, false) => StatusCode::FORBIDDEN,
                (false, _) => StatusCode::NOT_FOUND,
            };
            if status != expected {
                wrong.push(format!("{} by {}: {status} {body}", case.operation, stranger.name));
            }
        }
        rows::assert_same(&before, &rows::of(&server.store).await, case.operation);
        // The rightful caller reaches it, so the strangers would have.
        let (status, body) = request.send(&server, world.caller(case.by)).await;
        if !status.is_success() {
            wrong.push(format!("{} by its rightful caller: {status} {body}", case.operation));
        }
        if !case.leaves_the_world() {
            world = World::new(&server).await;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn lists_show_nothing_of_another_organization() {
    for kind in [StoreKind::Sqlite, StoreKind::Postgres] {
        let server = Server::start(kind).await;
        let (world, elsewhere) = (World::new(&server).await, World::new(&server).await);
        for case in table(&server).await.iter().filter(|case| case.operation.starts_with("GET /api/")) {
            if case.operation.contains('{') {
                continue;
            }
            let request = case.request(&elsewhere, &server).await;
            let (_, body) = request.send(&server, &elsewhere.ada).await;
            let text = body.to_string();
            for id in world.ids() {
                assert!(!text.contains(&id), "{} shows {id} of another organization", case.operation);
            }
        }
    }
}

#[tokio::test]
async fn ids_of_another_organization_in_a_body_or_a_query_are_not_found() {
    for kind in [StoreKind::Sqlite, StoreKind::Postgres] {
        let server = Server::start(kind).await;
        let (world, elsewhere) = (World::new(&server).await, World::new(&server).await);
        let before = rows::of(&server.store).await;
        for request in cases::with_foreign_ids(&elsewhere, &world) {
            let (status, body) = request.send(&server, &elsewhere.ada).await;
            assert!(
                [StatusCode::NOT_FOUND, StatusCode::UNPROCESSABLE_ENTITY].contains(&status),
                "{request:?}: {status} {body}"
            );
        }
        rows::assert_same(&before, &rows::of(&server.store).await, "ids in bodies");
    }
}

/// The platform's administrators may name any organization; one that is not there has nothing and gets nothing.
#[tokio::test]
async fn nothing_is_done_in_an_organization_that_is_not_there() {
    let nowhere = "01890000-0000-7000-8000-000000000000";
    for kind in [StoreKind::Sqlite, StoreKind::Postgres] {
        let server = Server::start(kind).await;
        let (world, mut wrong) = (World::new(&server).await, Vec::new());
        let everywhere: Vec<_> = operations(&server).await.into_iter().filter(|o| o.names_organization).collect();
        assert!(everywhere.len() > 20, "only {} operations name an organization", everywhere.len());
        let before = rows::of(&server.store).await;
        for case in
            cases().iter().filter(|case| everywhere.iter().any(|o| o.name == case.operation) && !case.prepares())
        {
            let request = case.request(&world, &server).await.in_organization(nowhere);
            let (status, body) = request.send(&server, world.caller(Caller::Platform)).await;
            let is_empty = status == StatusCode::OK && case.only_reads() && !case.operation.contains('{');
            if status != StatusCode::NOT_FOUND && !is_empty {
                wrong.push(format!("{}: {status} {body}", case.operation));
            }
        }
        rows::assert_same(&before, &rows::of(&server.store).await, "an organization that is not there");
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[tokio::test]
async fn each_role_may_do_what_the_table_of_roles_says() {
    let server = Server::start(StoreKind::Sqlite).await;
    let (mut wrong, mut world) = (Vec::new(), World::new(&server).await);
    for case in table(&server).await {
        let Some((resource, action)) = case.needs else { continue };
        for (role, who) in [(&ADMIN, Caller::Admin), (&MANAGER, Caller::Manager), (&USER, Caller::User)] {
            let request = case.request(&world, &server).await;
            let (status, body) = request.send(&server, world.caller(who)).await;
            if case.prepares() || (status.is_success() && !case.only_reads()) {
                world = World::new(&server).await;
            }
            let reaches = |scope| match scope {
                PermissionScope::Organization => !case.of_the_platform,
                PermissionScope::Own => case.own.contains(&who),
                PermissionScope::Any => false,
            };
            let permits = |role: &BuiltInRole| {
                role.permissions
                    .iter()
                    .any(|(kind, actions, scope)| *kind == resource && actions.contains(&action) && reaches(*scope))
            };
            // Whoever is signed in holds the `own` permissions of the role `user`.
            let expected = permits(role) || (case.own.contains(&who) && permits(&USER));
            // Whoever was disabled for it is not even signed in.
            let refused = [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND, StatusCode::UNAUTHORIZED].contains(&status);
            if expected != status.is_success() || expected == refused {
                wrong.push(format!("{} by {} (expected: {expected}): {status} {body}", case.operation, role.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_change_is_recorded_and_no_secret_is() {
    let mut wrong = Vec::new();
    for kind in [StoreKind::Sqlite, StoreKind::Postgres] {
        let server = Server::start(kind).await;
        let mut world = World::new(&server).await;
        for case in table(&server).await {
            let request = case.request(&world, &server).await;
            let caller = world.caller(case.by);
            let correlation = request.correlation();
            let (status, body) = request.send(&server, caller).await;
            let events = world.events_of(&server, &correlation).await;
            // Events of one request may have one time, and then no order.
            let mut types: Vec<_> = events.iter().map(|event| event["event_type"].as_str().unwrap()).collect();
            types.sort_unstable();
            let mut expected = case.events.to_vec();
            expected.sort_unstable();
            if !status.is_success() || types != expected {
                wrong
                    .push(format!("{}: {status} recorded {types:?} and not {:?}: {body}", case.operation, case.events));
            }
            for event in &events {
                if event["outcome"] != "success" || (!case.is_anonymous() && event["user_id"] != json!(caller.id)) {
                    wrong.push(format!("{}: {event}", case.operation));
                }
                let text = event.to_string();
                for secret in request.secrets().iter().chain(&secrets_in(&body)) {
                    assert!(!text.contains(secret), "{} records a secret", case.operation);
                }
            }
            if !case.leaves_the_world() {
                world = World::new(&server).await;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The secrets of an answer.
fn secrets_in(body: &Value) -> Vec<String> {
    let names = ["access_token", "refresh_token", "token", "password"];
    let secrets = names.iter().filter_map(|name| body[name].as_str());
    // Things of the catalogue have keys, too, which are no secrets.
    let key = body["key"].as_str().filter(|key| key.starts_with("ks_"));
    secrets.chain(key).map(str::to_owned).collect()
}
