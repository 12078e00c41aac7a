//! The OpenID AuthZEN Authorization API 1.0, section by section, as a person's token can ask it.

use crate::support::{Person, Server, StoreKind, send};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

struct Asker {
    server: Server,
    ada: Person,
    id: String,
    team: String,
}

impl Asker {
    async fn new() -> Self {
        let server = Server::start(StoreKind::Memory).await;
        let ada = Person::new(&server, "ada").await;
        let id = ada.get(&server, "/api/v1/me").await.1["id"].as_str().unwrap().to_owned();
        ada.make_team(&server, "Blue").await;
        let team = ada.get(&server, "/api/v1/teams").await.1["items"][0]["id"].as_str().unwrap().to_owned();
        Self { server, ada, id, team }
    }
    async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        send(&self.server, Method::POST, &format!("/access/v1/{path}"), Some(&self.ada.access), Some(body)).await
    }
    fn myself(&self) -> Value {
        json!({ "type": "user", "id": self.id })
    }
    fn team(&self) -> Value {
        json!({ "type": "teams", "id": self.team })
    }
    fn question(&self, action: &str) -> Value {
        json!({ "subject": self.myself(), "action": { "name": action }, "resource": self.team() })
    }
}

/// Sections 5.5 and 6: one question, one decision, and 200 for a denial, too.
#[tokio::test]
async fn a_decision_is_a_boolean_with_a_context() {
    let asker = Asker::new().await;
    let (status, allowed) = asker.post("evaluation", asker.question("update")).await;
    assert_eq!((status, &allowed["decision"]), (StatusCode::OK, &json!(true)), "{allowed}");
    assert_eq!(allowed["context"]["reason"], "role");
    assert!(allowed["context"]["role_id"].is_string() && allowed["context"]["access_version"].is_i64());
    let (status, denied) = asker.post("evaluation", asker.question("paint")).await;
    assert_eq!((status, &denied["decision"]), (StatusCode::OK, &json!(false)));
    assert_eq!(denied["context"]["reason"], "no_permission");
}

/// Members that the specification does not know are passed over; those that it requires are required.
#[tokio::test]
async fn what_is_missing_or_malformed_is_400() {
    let asker = Asker::new().await;
    let mut extended = asker.question("read");
    extended["future"] = json!({ "member": 1 });
    extended["subject"]["future"] = json!(true);
    assert_eq!(asker.post("evaluation", extended).await.0, StatusCode::OK);
    for member in ["subject", "action", "resource"] {
        let mut partial = asker.question("read");
        partial.as_object_mut().unwrap().remove(member);
        let (status, problem) = asker.post("evaluation", partial).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "without {member}: {problem}");
    }
    for (pointer, value) in [
        ("/subject/type", json!(1)),
        ("/subject/id", json!("")),
        ("/action/name", json!(null)),
        ("/resource/id", json!("x".repeat(1001))),
        ("/context", json!("no object")),
    ] {
        let mut wrong = asker.question("read");
        wrong["context"] = json!({});
        *wrong.pointer_mut(pointer).unwrap() = value;
        assert_eq!(asker.post("evaluation", wrong).await.0, StatusCode::BAD_REQUEST, "{pointer}");
    }
}

/// Section 10: JSON over HTTP, and the request's identifier comes back.
#[tokio::test]
async fn the_transport_is_as_the_binding_says() {
    let asker = Asker::new().await;
    let url = format!("{}/access/v1/evaluation", asker.server.base);
    let ask = || asker.server.http.post(&url).bearer_auth(&asker.ada.access).header("x-request-id", "pep-7");
    let answer = ask().json(&asker.question("read")).send().await.unwrap();
    assert_eq!(answer.headers()["x-request-id"], "pep-7");
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/json");
    assert!(answer.headers().contains_key("keystead-access-version"));
    let broken = ask().header(header::CONTENT_TYPE, "application/json").body("{").send().await.unwrap();
    assert_eq!(
        (broken.status(), &broken.headers()["x-request-id"]),
        (StatusCode::BAD_REQUEST, &"pep-7".parse().unwrap())
    );
    let nobody = asker.server.http.post(&url).json(&asker.question("read")).send().await.unwrap();
    assert_eq!(nobody.status(), StatusCode::UNAUTHORIZED);
    assert!(nobody.headers().contains_key(header::WWW_AUTHENTICATE));
}

/// Section 7: what a question does not say, the request says; without questions the request is one.
#[tokio::test]
async fn many_questions_share_what_the_request_says() {
    let asker = Asker::new().await;
    let (_, answer) = asker
        .post(
            "evaluations",
            json!({
                "subject": asker.myself(), "action": { "name": "update" }, "resource": asker.team(),
                "evaluations": [{}, { "action": { "name": "paint" } }, { "resource": { "type": "users", "id": asker.id } }],
            }),
        )
        .await;
    let decisions: Vec<_> = answer["evaluations"].as_array().unwrap().iter().map(|one| &one["decision"]).collect();
    assert_eq!(decisions, [&json!(true), &json!(false), &json!(true)], "{answer}");
    for none in [json!([]), Value::Null] {
        let mut single = asker.question("update");
        if !none.is_null() {
            single["evaluations"] = none;
        }
        let (status, answer) = asker.post("evaluations", single).await;
        assert_eq!((status, &answer["decision"]), (StatusCode::OK, &json!(true)), "{answer}");
    }
    // A default is taken whole or not at all: this subject has no identifier.
    let half = json!({ "subject": asker.myself(), "action": { "name": "read" }, "resource": asker.team(),
        "evaluations": [{ "subject": { "type": "user" } }] });
    assert_eq!(asker.post("evaluations", half).await.0, StatusCode::BAD_REQUEST);
}

/// Section 7.1.2: the three semantics, and nothing after the answer that ends them.
#[tokio::test]
async fn the_semantics_end_where_they_say() {
    let asker = Asker::new().await;
    let ask = async |semantic: &str, actions: &[&str]| {
        let evaluations: Vec<_> = actions.iter().map(|name| json!({ "action": { "name": name } })).collect();
        let body = json!({ "subject": asker.myself(), "resource": asker.team(), "evaluations": evaluations,
            "options": { "evaluations_semantic": semantic } });
        let (status, answer) = asker.post("evaluations", body).await;
        let decisions = answer["evaluations"].as_array().map(Vec::as_slice).unwrap_or_default();
        (status, decisions.iter().map(|one| one["decision"].as_bool().unwrap()).collect::<Vec<_>>())
    };
    let actions = ["read", "paint", "update"];
    assert_eq!(ask("execute_all", &actions).await.1, [true, false, true]);
    assert_eq!(ask("deny_on_first_deny", &actions).await.1, [true, false]);
    assert_eq!(ask("permit_on_first_permit", &actions).await.1, [true]);
    assert_eq!(ask("permit_on_first_permit", &["paint", "read", "paint"]).await.1, [false, true]);
    assert_eq!(ask("as_you_like", &actions).await.0, StatusCode::BAD_REQUEST);
}

/// Section 7.2.1: one that cannot be answered is denied and says why; the others are answered.
#[tokio::test]
async fn an_unanswerable_question_is_denied_among_the_others() {
    let asker = Asker::new().await;
    let somebody = json!({ "type": "user", "id": "somebody-else" });
    let body = json!({ "action": { "name": "read" }, "resource": asker.team(),
        "evaluations": [{ "subject": asker.myself() }, {}, { "subject": somebody }] });
    let (status, answer) = asker.post("evaluations", body).await;
    assert_eq!(status, StatusCode::OK);
    let of =
        |place: usize| (&answer["evaluations"][place]["decision"], &answer["evaluations"][place]["context"]["error"]);
    assert_eq!(of(0).0, &json!(true));
    assert_eq!((of(1).0, of(1).1), (&json!(false), &json!({ "status": 400, "message": "subject: is missing" })));
    assert_eq!((of(2).0, &of(2).1["status"]), (&json!(false), &json!(403)), "{answer}");
}

/// A person's token asks about that person only.
#[tokio::test]
async fn nobody_asks_about_others_with_a_token_of_their_own() {
    let asker = Asker::new().await;
    let ben = Person::new(&asker.server, "ben").await;
    let ben = ben.get(&asker.server, "/api/v1/me").await.1["id"].as_str().unwrap().to_owned();
    for (kind, id) in [("user", &*ben), ("service_account", &*asker.id), ("user", &*asker.id.to_uppercase())] {
        let subject = json!({ "type": kind, "id": id });
        for (path, body) in [
            ("evaluation", json!({ "subject": subject, "action": { "name": "read" }, "resource": asker.team() })),
            (
                "search/resource",
                json!({ "subject": subject, "action": { "name": "read" }, "resource": { "type": "teams" } }),
            ),
            ("search/action", json!({ "subject": subject, "resource": asker.team() })),
        ] {
            let (status, problem) = asker.post(path, body).await;
            assert_eq!(
                (status, &problem["code"]),
                (StatusCode::FORBIDDEN, &json!("only_about_oneself")),
                "{path} {id}"
            );
        }
    }
}

/// Section 8: what is found is what would be allowed, page by page, and `next_token` is empty at the end.
#[tokio::test]
async fn searches_find_what_would_be_allowed() {
    let asker = Asker::new().await;
    for name in ["Green", "Red", "Grey"] {
        asker.ada.make_team(&asker.server, name).await;
    }
    let search = json!({ "subject": asker.myself(), "action": { "name": "update" }, "resource": { "type": "teams" } });
    let (status, all) = asker.post("search/resource", search.clone()).await;
    assert_eq!((status, all["results"].as_array().unwrap().len()), (StatusCode::OK, 4), "{all}");
    assert_eq!((&all["page"]["next_token"], &all["page"]["count"]), (&json!(""), &json!(4)));
    for found in all["results"].as_array().unwrap() {
        let question = json!({ "subject": asker.myself(), "action": { "name": "update" }, "resource": found });
        assert_eq!(asker.post("evaluation", question).await.1["decision"], json!(true));
    }
    let (mut token, mut seen) = (String::new(), Vec::new());
    loop {
        let mut page = search.clone();
        page["page"] = json!({ "limit": 3, "token": token });
        let (status, found) = asker.post("search/resource", page).await;
        assert_eq!(status, StatusCode::OK, "{found}");
        seen.extend(found["results"].as_array().unwrap().clone());
        token = found["page"]["next_token"].as_str().unwrap().to_owned();
        if token.is_empty() {
            break;
        }
        // A token belongs to its search.
        let mut other = search.clone();
        other["action"]["name"] = json!("read");
        other["page"] = json!({ "token": token });
        assert_eq!(asker.post("search/resource", other).await.0, StatusCode::BAD_REQUEST);
    }
    assert_eq!(&seen, all["results"].as_array().unwrap());

    let (_, actions) =
        asker.post("search/action", json!({ "subject": asker.myself(), "resource": asker.team() })).await;
    let names: Vec<_> =
        actions["results"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    for needed in ["read", "update", "delete"] {
        assert!(names.contains(&needed), "{names:?}");
    }
    let subjects = json!({ "subject": { "type": "user" }, "action": { "name": "read" }, "resource": asker.team() });
    let (_, found) = asker.post("search/subject", subjects).await;
    assert_eq!(found["results"], json!([asker.myself()]));
}

/// A decision is never older than a write that was told, and says so when there has been no such version.
#[tokio::test]
async fn what_decides_is_at_least_what_was_asked_for() {
    let asker = Asker::new().await;
    let url = format!("{}/access/v1/evaluation", asker.server.base);
    let ask = async |at_least: &str| {
        let ask = asker.server.http.post(&url).bearer_auth(&asker.ada.access).header("keystead-at-least", at_least);
        let answer = ask.json(&asker.question("read")).send().await.unwrap();
        let version = answer.headers().get("keystead-access-version").map(|value| value.to_str().unwrap().to_owned());
        (answer.status(), version)
    };
    let (status, version) = ask("0").await;
    assert_eq!(status, StatusCode::OK);
    let version: i64 = version.unwrap().parse().unwrap();
    assert_eq!(ask(&version.to_string()).await.0, StatusCode::OK);
    assert_eq!(ask(&(version + 1).to_string()).await.0, StatusCode::PRECONDITION_FAILED);
    assert_eq!(ask("soon").await.0, StatusCode::BAD_REQUEST);
}

/// Section 9: where it is asked.
#[tokio::test]
async fn the_metadata_name_every_endpoint() {
    let asker = Asker::new().await;
    let (status, metadata) = send(&asker.server, Method::GET, "/.well-known/authzen-configuration", None, None).await;
    assert_eq!(status, StatusCode::OK);
    let base = metadata["policy_decision_point"].as_str().unwrap();
    for (name, path) in [
        ("access_evaluation_endpoint", "evaluation"),
        ("access_evaluations_endpoint", "evaluations"),
        ("search_subject_endpoint", "search/subject"),
        ("search_resource_endpoint", "search/resource"),
        ("search_action_endpoint", "search/action"),
    ] {
        assert_eq!(metadata[name], json!(format!("{base}/access/v1/{path}")));
    }
}
