//! Many at once.

use super::{ENTITIES, RULES, csv, export, post, put, rules};
use crate::support::{Person, Server, StoreKind};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// So many rules as somebody would have: a resource each, and a condition for some.
fn many(count: usize) -> Value {
    let rule = |number: usize| {
        let condition = if number.is_multiple_of(10) { "r.obj.status == \"draft\"" } else { "" };
        let role = format!("role{}", number % 100);
        json!({ "ptype": "p", "values": [role, "*", format!("document:d{number}"), "read", "allow", condition] })
    };
    json!({ "rules": (0..count).map(rule).collect::<Vec<_>>() })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_rules_fit_into_one_request_and_more_do_not() {
    for kind in [StoreKind::Sqlite, StoreKind::Postgres] {
        let server = Server::start(kind).await;
        let ada = Person::new(&server, "ada").await;
        let (status, body) = post(&server, &ada, RULES, many(10_000)).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        let ids = body["ids"].as_array().unwrap().clone();
        assert_eq!(ids.len(), 10_000);
        // The first is what was sent first.
        let first = ada.get(&server, &format!("{RULES}/{}", ids[0].as_str().unwrap())).await.1;
        assert_eq!(first["values"][2], "document:d0");

        let (status, body) = post(&server, &ada, RULES, many(10_001)).await;
        assert_eq!((status, body["code"].as_str()), (StatusCode::PAYLOAD_TOO_LARGE, Some("batch_too_large")), "{body}");
        assert!(body["detail"].as_str().unwrap().contains("at most 10000"), "{body}");

        // One event for all of them, which says how many and shows the first.
        let events = ada.all(&server, "/api/v1/audit-events?event_type=policy_rules.created").await;
        assert_eq!((events.len(), &events[0]["event_data"]["count"]), (1, &json!(10_000)), "{events:?}");
        let shown = events[0].to_string();
        assert!(shown.len() < 5_000 && shown.contains("document:d0"), "{shown}");

        // By filter, and by identifiers.
        let filter = json!({ "filter": { "ptype": "p", "values": ["role7"] } });
        assert_eq!(post(&server, &ada, "/api/v1/access/rules/delete", filter).await.1["deleted"], 100);
        let gone = json!({ "ids": [ids[0], ids[7]] });
        assert_eq!(post(&server, &ada, "/api/v1/access/rules/delete", gone).await.0, StatusCode::NOT_FOUND);
        let nothing = post(&server, &ada, "/api/v1/access/rules/delete", json!({ "filter": {} })).await;
        assert_eq!(nothing.0, StatusCode::UNPROCESSABLE_ENTITY);
        let some = json!({ "ids": [ids[0], ids[1]] });
        assert_eq!(post(&server, &ada, "/api/v1/access/rules/delete", some).await.1["deleted"], 2);
        assert_eq!(export(&server, &ada).await.lines().count(), 9_898);
        // All are replaced at once.
        let (status, body) = put(&server, &ada, RULES, rules(&["g, a, b, *"])).await;
        assert_eq!((status, body), (StatusCode::OK, json!({ "removed": 9_898, "added": 1 })));
        assert_eq!(export(&server, &ada).await, "g,a,b,*\n");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_rules_come_and_go_as_one_text() {
    let server = Server::start(StoreKind::Sqlite).await;
    let ada = Person::new(&server, "ada").await;
    let text: String =
        (0..100_000).map(|number| format!("p,role{},*,document:d{number},read\n", number % 100)).collect();
    let (status, body) = csv(&server, &ada, Method::PUT, &text).await;
    assert_eq!((status, &body["added"]), (StatusCode::OK, &json!(100_000)), "{body}");
    assert_eq!(export(&server, &ada).await, text);
    // One more still is checked with all of them.
    let (status, body) = post(&server, &ada, RULES, rules(&["p, a, *, x"])).await;
    assert_eq!((status, &body["errors"][0]["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("rules[0]")), "{body}");
    assert_eq!(post(&server, &ada, RULES, rules(&["p, a, *, x, read"])).await.0, StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_batch_is_added_once() {
    let server = Server::start(StoreKind::Sqlite).await;
    let ada = Person::new(&server, "ada").await;
    let send = async || {
        let request = server.http.post(format!("{}{RULES}", server.base)).bearer_auth(&ada.access);
        let answer = request.header("Idempotency-Key", "k1").json(&many(50)).send().await.unwrap();
        answer.json::<Value>().await.unwrap()
    };
    assert_eq!(send().await, send().await);
    assert_eq!(ada.all(&server, RULES).await.len(), 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_entities_are_written_and_removed() {
    for kind in [StoreKind::Sqlite, StoreKind::Postgres] {
        let server = Server::start(kind).await;
        let ada = Person::new(&server, "ada").await;
        let entity =
            |number: usize| json!({ "type": "document", "id": format!("d{number}"), "properties": { "n": number } });
        let entities = |from: usize, until: usize| json!({ "entities": (from..until).map(entity).collect::<Vec<_>>() });
        let (status, body) = put(&server, &ada, ENTITIES, entities(0, 10_000)).await;
        assert_eq!((status, body), (StatusCode::OK, json!({ "added": 10_000, "changed": 0 })));
        let (status, body) = put(&server, &ada, ENTITIES, entities(9_990, 10_010)).await;
        assert_eq!((status, body), (StatusCode::OK, json!({ "added": 10, "changed": 10 })));
        let (status, body) = put(&server, &ada, ENTITIES, entities(0, 10_001)).await;
        assert_eq!((status, body["code"].as_str()), (StatusCode::PAYLOAD_TOO_LARGE, Some("batch_too_large")));
        let found = ada.get(&server, &format!("{ENTITIES}/document/d9995")).await.1;
        assert_eq!((&found["properties"]["n"], &found["version"]), (&json!(9_995), &json!(2)));
        let names = |ids: &[&str]| json!({ "entities": ids.iter().map(|id| json!({ "type": "document", "id": id })).collect::<Vec<_>>() });
        let path = "/api/v1/access/entities/delete";
        assert_eq!(post(&server, &ada, path, names(&["d1", "nothing"])).await.0, StatusCode::NOT_FOUND);
        assert_eq!(post(&server, &ada, path, names(&["d1", "d2", "d1"])).await.1["deleted"], 2);
        assert_eq!(ada.all(&server, &format!("{ENTITIES}?type=document")).await.len(), 10_008);
        assert_eq!(ada.all(&server, &format!("{ENTITIES}?type=invoice")).await.len(), 0);
    }
}
