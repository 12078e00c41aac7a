//! The same operations with a service account's key: it opens what its scopes say, in its organization, and is no person.

use super::{
    cases::Case,
    rows, table,
    world::{Caller, World},
};
use crate::support::{Server, StoreKind};
use keystead_domain::access::{ADMIN, BuiltInRole, PermissionScope, USER};
use reqwest::StatusCode;
use serde_json::Value;

/// What is about a person although a role must permit it: an invitation says which person invites, and a session is ended here by
/// whose it is.
const FOR_PEOPLE_ONLY: &[&str] = &["POST /api/v1/invitations", "DELETE /api/v1/sessions/{session_id}"];

fn names(role: &BuiltInRole, scope: PermissionScope) -> Vec<String> {
    let reaching = role.permissions.iter().filter(|(.., reaches)| *reaches == scope);
    reaching
        .flat_map(|(resource, actions, scope)| actions.iter().map(move |action| format!("{resource}:{action}:{scope}")))
        .collect()
}

/// What a key must permit for the operation; none where no key suffices.
fn needed(case: &Case) -> Option<String> {
    let (resource, action) = case.needs?;
    let scope = if case.of_the_platform { PermissionScope::Any } else { PermissionScope::Organization };
    let name = format!("{resource}:{action}:{scope}");
    names(&ADMIN, scope).contains(&name).then_some(name).filter(|_| !FOR_PEOPLE_ONLY.contains(&case.operation))
}

/// Everything that the maker of the key could put into it.
fn everything(case: &Case) -> Vec<String> {
    let mut all = names(&ADMIN, PermissionScope::Organization);
    if case.of_the_platform {
        all.extend(names(&ADMIN, PermissionScope::Any));
    }
    all
}

/// What takes more than one permission, because it writes many things at once.
const REPLACES: [&str; 10] = [
    "PUT /api/v1/access/catalogue",
    "PUT /api/v1/access/entities",
    "PUT /api/v1/access/rules",
    "PUT /api/v1/access/rules.csv",
    "PUT /api/v1/features",
    "PUT /api/v1/menu-items",
    "PUT /api/v1/modules",
    "PUT /api/v1/organizations/{organization_id}/modules",
    "PUT /api/v1/sub-menu-items",
    "PUT /api/v1/views",
];

/// What is about everything that decides in an organization.
const OF_EVERYTHING: [&str; 2] = ["GET /api/v1/access/set", "PUT /api/v1/access/set"];

/// What a preview takes beside `access:read`: what saving its changes takes.
const PREVIEWED: [&str; 2] = ["policy_entities:create:organization", "policy_entities:update:organization"];

#[tokio::test]
async fn a_key_opens_what_its_scopes_say_on_sqlite() {
    a_key_opens_what_its_scopes_say(StoreKind::Sqlite).await;
}
/// Transactions of service accounts name no person, so row-level security shows them no personal rows.
#[tokio::test]
async fn a_key_opens_what_its_scopes_say_on_postgres() {
    a_key_opens_what_its_scopes_say(StoreKind::Postgres).await;
}

async fn a_key_opens_what_its_scopes_say(kind: StoreKind) {
    let server = Server::start(kind).await;
    let (mut wrong, mut world, mut opened) = (Vec::new(), World::new(&server).await, 0);
    for case in table(&server).await {
        let Some(needed) = needed(&case) else { continue };
        let by = if case.of_the_platform { Caller::Platform } else { Caller::Admin };
        let request = case.request(&world, &server).await;
        // Whoever gives the role `user`, or acts against somebody who has it, must hold what it permits.
        let mut scopes = names(&USER, PermissionScope::Organization);
        scopes.push(needed.clone());
        if REPLACES.contains(&case.operation) {
            // Some of what there is goes, some is changed, and some is new.
            let (resource, rest) = needed.split_once(':').unwrap();
            let scope = rest.rsplit(':').next().unwrap();
            scopes.extend(["create", "update", "delete"].map(|action| format!("{resource}:{action}:{scope}")));
        }
        if case.operation == "POST /api/v1/access/preview" {
            scopes.extend(PREVIEWED.map(str::to_owned));
        }
        if OF_EVERYTHING.contains(&case.operation) {
            scopes = everything(&case);
        }
        let less: Vec<_> = everything(&case).into_iter().filter(|scope| *scope != needed).collect();
        for (scopes, expected) in [(Vec::new(), false), (less, false), (scopes, true)] {
            let program = world.program(&server, by, &scopes).await;
            let (status, body) = request.send(&server, &program).await;
            let refused = [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&status);
            if status.is_success() != expected || refused == expected {
                wrong.push(format!("{} with {needed} (expected: {expected}): {status} {body}", case.operation));
            }
            if !expected {
                continue;
            }
            opened += 1;
            let events = world.events_of(&server, &request.correlation()).await;
            let types: Vec<_> = events.iter().filter(|event| event["outcome"] == "success").collect();
            if types.len() != case.events.len() {
                wrong.push(format!("{} recorded {events:?}", case.operation));
            }
            for event in events {
                let by = (&event["caller_kind"], &event["user_id"], &event["service_account_id"]);
                if *by.0 != "service_account" || *by.1 != Value::Null || *by.2 != program.id.as_str() {
                    wrong.push(format!("{} recorded {event}", case.operation));
                }
                assert!(!event.to_string().contains(&program.token), "{} records a key", case.operation);
            }
        }
        if !case.leaves_the_world() {
            world = World::new(&server).await;
        }
    }
    assert!(opened > 50, "only {opened} operations were tried");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn what_is_about_a_person_is_refused() {
    let server = Server::start(StoreKind::Sqlite).await;
    let (mut world, mut wrong) = (World::new(&server).await, Vec::new());
    let everything = names(&ADMIN, PermissionScope::Organization);
    let about_people = table(&server).await.into_iter().filter(|case| {
        // Products ask with a key.
        let is_asked = case.operation.starts_with("POST /access/v1/");
        let is_own = case.needs.is_none() && !case.is_anonymous() && !is_asked;
        is_own || FOR_PEOPLE_ONLY.contains(&case.operation) || case.operation == "POST /api/v1/organizations"
    });
    for case in about_people {
        let request = case.request(&world, &server).await;
        let program = world.program(&server, Caller::Admin, &everything).await;
        let before = rows::of(&server.store).await;
        let (status, body) = request.send(&server, &program).await;
        if status != StatusCode::FORBIDDEN || body["code"] != "for_people_only" {
            wrong.push(format!("{}: {status} {body}", case.operation));
        }
        rows::assert_same(&before, &rows::of(&server.store).await, case.operation);
        if case.prepares() {
            world = World::new(&server).await;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_key_of_another_organization_finds_nothing() {
    for kind in [StoreKind::Sqlite, StoreKind::Postgres] {
        let server = Server::start(kind).await;
        let (world, elsewhere) = (World::new(&server).await, World::new(&server).await);
        let stranger = elsewhere.program(&server, Caller::Admin, &names(&ADMIN, PermissionScope::Organization)).await;
        let (before, mut wrong) = (rows::of(&server.store).await, Vec::new());
        for case in table(&server)
            .await
            .iter()
            .filter(|case| case.operation.contains('{') && !case.prepares() && !case.is_shared)
        {
            let request = case.request(&world, &server).await;
            let (status, body) = request.send(&server, &stranger).await;
            let is_own = case.needs.is_none() || case.own.contains(&Caller::User);
            let expected = if is_own && body["code"] == "for_people_only" { status } else { StatusCode::NOT_FOUND };
            if status != expected {
                wrong.push(format!("{}: {status} {body}", case.operation));
            }
        }
        rows::assert_same(&before, &rows::of(&server.store).await, "a key of another organization");
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[tokio::test]
async fn products_ask_with_a_key_that_permits_it() {
    let server = Server::start(StoreKind::Sqlite).await;
    let (world, mut wrong) = (World::new(&server).await, Vec::new());
    let names = ["access:evaluate:organization", "access:search:organization"].map(str::to_owned);
    let mut asked = 0;
    for case in table(&server).await.iter().filter(|case| case.operation.starts_with("POST /access/v1/")) {
        asked += 1;
        let searches = case.operation.contains("/search/");
        let request = case.request(&world, &server).await;
        for (scopes, expected) in
            [(vec![], false), (vec![names[0].clone()], !searches), (vec![names[1].clone()], searches)]
        {
            let program = world.program(&server, Caller::Admin, &scopes).await;
            let (status, body) = request.send(&server, &program).await;
            if (status == StatusCode::OK) != expected {
                wrong.push(format!("{} with {scopes:?}: {status} {body}", case.operation));
            }
        }
    }
    assert_eq!(asked, 5);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
