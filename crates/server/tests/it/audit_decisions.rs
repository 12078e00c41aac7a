//! Decisions and denials are recorded where the operator wants that: in batches, whole, and none is lost when the server stops.

use crate::support::{Figures, Person, Server, StoreKind, TestStore, send};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

const SETTING: &str = "KEYSTEAD_AUDIT_RECORD_DECISIONS";
/// The most questions of one request; every second one is denied.
const MANY: usize = 1000;
/// Stands in properties and circumstances, and must stand in no event.
const PERSONAL: &str = "0044 20 7946 0018";

/// An organization with a team and a program that asks about its people.
struct Place {
    ada: Person,
    program: Person,
    id: String,
    team: String,
}

impl Place {
    async fn new(server: &Server) -> Self {
        let ada = Person::new(server, "ada").await;
        let id = text(&ada.get(server, "/api/v1/me").await.1["id"]);
        ada.make_team(server, "Blue").await;
        let team = text(&ada.get(server, "/api/v1/teams").await.1["items"][0]["id"]);
        let account = json!({ "name": "shop", "scopes": ["access:evaluate", "access:search"] });
        let (status, made) =
            send(server, Method::POST, "/api/v1/service-accounts", Some(&ada.access), Some(account)).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        let program = Person { name: "shop".to_owned(), access: text(&made["key"]) };
        Self { ada, program, id, team }
    }

    fn subject(&self) -> Value {
        json!({ "type": "user", "id": self.id, "properties": { "telephone": PERSONAL } })
    }
    fn resource(&self) -> Value {
        json!({ "type": "teams", "id": self.team, "properties": { "telephone": PERSONAL } })
    }

    /// Asks many questions at once.
    async fn ask_many(&self, server: &Server) {
        let action = |number| if number % 2 == 0 { "read" } else { "paint" };
        let questions: Vec<_> = (0..MANY).map(|number| json!({ "action": { "name": action(number) } })).collect();
        let body = json!({ "subject": self.subject(), "resource": self.resource(), "context": { "from": PERSONAL },
            "evaluations": questions });
        let path = "/access/v1/evaluations";
        let (status, answer) = send(server, Method::POST, path, Some(&self.program.access), Some(body)).await;
        assert_eq!((status, answer["evaluations"].as_array().unwrap().len()), (StatusCode::OK, MANY));
    }

    /// Is refused by the guard, twice: what is not permitted, and what is another organization's.
    async fn be_refused(&self, server: &Server) {
        assert_eq!(self.program.get(server, "/api/v1/teams").await.0, StatusCode::NOT_FOUND);
        let elsewhere = "/api/v1/organizations/00000000-0000-7000-8000-000000000007/members";
        assert_eq!(self.ada.get(server, elsewhere).await.0, StatusCode::NOT_FOUND);
    }

    async fn search(&self, server: &Server) {
        let body = json!({ "subject": self.subject(), "resource": self.resource(), "context": { "from": PERSONAL } });
        let path = "/access/v1/search/action";
        let (status, found) = send(server, Method::POST, path, Some(&self.program.access), Some(body)).await;
        assert_eq!(status, StatusCode::OK, "{found}");
    }

    /// What is recorded of a kind, by the guard or for products.
    async fn recorded(&self, server: &Server, kind: &str, by: &str) -> Vec<Value> {
        let mut events = self.ada.all(server, &format!("/api/v1/audit-events?event_type={kind}")).await;
        events.retain(|event| event["event_data"]["by"] == by);
        events
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

async fn counted(server: &Server, by: &str, outcome: &str) -> f64 {
    let labels = format!("by=\"{by}\",outcome=\"{outcome}\"");
    Figures::of(server).await.sum("keystead_decisions_total", &labels)
}

/// One of the denied questions, with everything that is known of it.
fn is_told_whole(place: &Place, event: &Value) {
    assert_eq!((&event["outcome"], &event["resource_type"]), (&json!("denied"), &json!("access")), "{event}");
    assert_eq!((&event["caller_kind"], &event["user_id"]), (&json!("service_account"), &Value::Null));
    assert!(event["service_account_id"].is_string() && event["api_key_id"].is_string(), "{event}");
    assert_eq!((&event["client"]["client_ip"], &event["source"]), (&json!("127.0.0.1"), &json!("http")));
    assert_eq!(event["event_data"]["reason"], "no_permission");
    assert!(event["event_data"]["access_version"].is_i64() && event["event_data"]["platform_version"].is_i64());
    let asked = json!({ "subject": { "type": "user", "id": place.id }, "action": "paint",
        "resource": { "type": "teams", "id": place.team } });
    assert_eq!(event["changes"]["after"], asked);
}

async fn decisions_are_recorded(kind: StoreKind) {
    let store = Arc::new(TestStore::new(kind).await);
    let mut server = Server::start_on(Arc::clone(&store), &[(SETTING, "denials")]).await;
    let place = Place::new(&server).await;
    let grace = Person::new(&server, "grace").await;

    // Denials only, within a second or so; each is counted once, however they are asked.
    let refused = counted(&server, "guard", "denied").await;
    place.be_refused(&server).await;
    assert_eq!(counted(&server, "guard", "denied").await - refused, 2.0);
    place.ask_many(&server).await;
    place.search(&server).await;
    for outcome in ["allowed", "denied"] {
        assert_eq!(counted(&server, "api", outcome).await, MANY as f64 / 2.0, "{outcome}");
    }
    assert_eq!(Figures::of(&server).await.get("keystead_searches_total"), 1.0);
    let mut denied = Vec::new();
    for _ in 0..100 {
        denied = place.recorded(&server, "access.denied", "api").await;
        if denied.len() == MANY / 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(denied.len(), MANY / 2, "{}", server.log());
    denied.iter().for_each(|event| is_told_whole(&place, event));
    let requests: std::collections::HashSet<_> = denied.iter().map(|event| text(&event["correlation_id"])).collect();
    assert_eq!(requests.len(), 1, "they were asked in one request");
    let by_guard = place.recorded(&server, "access.denied", "guard").await;
    let mut told: Vec<_> =
        by_guard.iter().map(|event| (text(&event["resource_type"]), text(&event["event_data"]["reason"]))).collect();
    told.sort_unstable();
    let expected = [("organizations", "another_organization"), ("teams", "no_permission")];
    assert_eq!(told, expected.map(|(kind, reason)| (kind.to_owned(), reason.to_owned())));
    for kind in ["access.allowed", "access.searched"] {
        assert!(place.recorded(&server, kind, "api").await.is_empty(), "{kind}");
    }
    assert!(!json!([denied, by_guard]).to_string().contains(PERSONAL));
    // It is nobody else's business.
    assert_eq!(grace.all(&server, "/api/v1/audit-events?event_type=access.*").await, [] as [Value; 0]);

    // All of them; and what still waits when the server is asked to stop is written first.
    assert_eq!(server.stop(), Some(0), "{}", server.log());
    server.start_again_with(SETTING, "all").await;
    place.ask_many(&server).await;
    place.search(&server).await;
    assert_eq!(server.stop(), Some(0), "{}", server.log());
    server.start_again_with(SETTING, "off").await;
    let allowed = place.recorded(&server, "access.allowed", "api").await;
    assert_eq!((allowed.len(), &allowed[0]["event_data"]["reason"]), (MANY / 2, &json!("role")));
    assert!(allowed[0]["event_data"]["role_id"].is_string(), "{}", allowed[0]);
    let searched = place.recorded(&server, "access.searched", "api").await;
    assert!(searched.len() == 1 && searched[0]["event_data"]["found"].as_u64() > Some(0), "{searched:?}");
    let by_guard = place.recorded(&server, "access.allowed", "guard").await;
    assert!(by_guard.iter().any(|event| event["event_data"]["action"] == "evaluate"), "{by_guard:?}");
    assert_eq!(place.recorded(&server, "access.denied", "api").await.len(), MANY);
    assert!(!json!([allowed, searched]).to_string().contains(PERSONAL));

    // Off, nothing is.
    let before = place.ada.all(&server, "/api/v1/audit-events?event_type=access.*").await.len();
    place.ask_many(&server).await;
    place.be_refused(&server).await;
    place.search(&server).await;
    assert_eq!(server.stop(), Some(0), "{}", server.log());
    server.start_again().await;
    assert_eq!(place.ada.all(&server, "/api/v1/audit-events?event_type=access.*").await.len(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn decisions_are_recorded_on_sqlite() {
    decisions_are_recorded(StoreKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn decisions_are_recorded_on_postgres() {
    decisions_are_recorded(StoreKind::Postgres).await;
}
