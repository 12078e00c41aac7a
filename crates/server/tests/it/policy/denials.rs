//! Rules take away what roles permit, as long as they count.

use super::{RULES, id_of, join, post, put, rule, rules};
use crate::support::{Person, Server, StoreKind, send};
use keystead_domain::{Clock, SystemClock};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const TEAMS: &str = "/api/v1/teams";

/// So many seconds from now.
fn after(seconds: i64) -> Value {
    json!(SystemClock.now().plus_seconds(seconds).to_string())
}

async fn makes(server: &Server, person: &Person, team: &str) -> StatusCode {
    post(server, person, TEAMS, json!({ "name": team })).await.0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_is_held_for_its_time_only() {
    for kind in [StoreKind::Sqlite, StoreKind::Postgres] {
        let server = Server::start(kind).await;
        let ada = Person::new(&server, "ada").await;
        let grace = join(&server, &ada, "grace", "manager").await;
        let who = id_of(&server, &grace).await.0;
        assert_eq!(makes(&server, &grace, "Red").await, StatusCode::CREATED);
        let denial = rule("p, guest, *, teams:*, create, deny");
        assert_eq!(post(&server, &ada, RULES, json!({ "rules": [denial] })).await.0, StatusCode::CREATED);
        assert_eq!(makes(&server, &grace, "Green").await, StatusCode::CREATED);
        let guest = |from: Value, until: Value| {
            let role = json!({ "ptype": "g", "values": [who, "guest", "*"], "not_before": from, "expires_at": until });
            json!({ "rules": [denial.clone(), role] })
        };
        // Not any more, and not yet.
        for (from, until, name) in [(after(-200), after(-100), "Blue"), (after(100), Value::Null, "Black")] {
            assert_eq!(put(&server, &ada, RULES, guest(from, until)).await.0, StatusCode::OK);
            assert_eq!(makes(&server, &grace, name).await, StatusCode::CREATED);
        }
        // Now, and then no longer, without anybody doing anything.
        assert_eq!(put(&server, &ada, RULES, guest(after(-100), after(4))).await.0, StatusCode::OK);
        let begun = Instant::now();
        assert_eq!(makes(&server, &grace, "White").await, StatusCode::FORBIDDEN);
        while makes(&server, &grace, "White").await == StatusCode::FORBIDDEN {
            assert!(begun.elapsed() < Duration::from_secs(30), "it never ends");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(begun.elapsed() > Duration::from_secs(1));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_put_to_rest_or_removed_counts_at_once_no_longer() {
    let server = Server::start(StoreKind::Postgres).await;
    let ada = Person::new(&server, "ada").await;
    let grace = join(&server, &ada, "grace", "manager").await;
    let who = id_of(&server, &grace).await.0;
    let (_, body) = post(&server, &ada, RULES, rules(&[&format!("p, {who}, *, teams:*, create, deny")])).await;
    let path = format!("{RULES}/{}", body["ids"][0].as_str().unwrap());
    for round in 0..10 {
        assert_eq!(makes(&server, &grace, "Red").await, StatusCode::FORBIDDEN);
        for is_active in [false, true] {
            let url = format!("{}{path}", server.base);
            let read = server.http.get(&url).bearer_auth(&ada.access).send().await.unwrap();
            let version = read.headers()["etag"].clone();
            let request = server.http.patch(&url).bearer_auth(&ada.access).header("If-Match", version);
            let answer = request.json(&json!({ "is_active": is_active })).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK);
            let expected = if is_active { StatusCode::FORBIDDEN } else { StatusCode::CREATED };
            assert_eq!(makes(&server, &grace, &format!("Team {round}")).await, expected);
        }
    }
    let filter = json!({ "filter": { "values": [who] } });
    assert_eq!(post(&server, &ada, "/api/v1/access/rules/delete", filter).await.1["deleted"], 1);
    assert_eq!(makes(&server, &grace, "Free").await, StatusCode::CREATED);
    assert_eq!(send(&server, Method::GET, &path, Some(&ada.access), None).await.0, StatusCode::NOT_FOUND);
}
