//! What no organization can keep.

use super::{ENTITIES, MODEL, RULES, csv, export, model, post, put, put_model, refusal, rule, rules};
use crate::support::{Person, Server, StoreKind};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

pub(super) async fn kept(server: &Server, person: &Person) -> (Value, String, Vec<Value>) {
    let model = person.get(server, MODEL).await.1;
    (model, export(server, person).await, person.all(server, ENTITIES).await)
}

async fn start() -> (Server, Person, (Value, String, Vec<Value>)) {
    let server = Server::start(StoreKind::Sqlite).await;
    let ada = Person::new(&server, "ada").await;
    let (status, body) =
        post(&server, &ada, RULES, rules(&["p, clerk, *, document:*, read", "g, bob, clerk, *"])).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    let before = kept(&server, &ada).await;
    (server, ada, before)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn malformed_models_and_patterns_are_refused_with_line_and_column() {
    let (server, ada, before) = start().await;
    let long = "!".repeat(100);
    for (text, message) in [
        (String::new(), "line 1, column 1: "),
        ("[matchers]\n  nothing".to_owned(), "line 2, column 3: "),
        (model("r.sub == "), "line 8, column 13: expected a term"),
        (model("r.sub == p.what"), "line 8, column 14: `p` has no field `what`"),
        (model("r.sub == p.sub && system(\"rm\")"), "line 8, column 23: unknown function `system`"),
        (model("regexMatch(r.obj, \"(\")"), "line 8, column 23: "),
        (model("regexMatch(r.obj, \"(a{100}){100}{100}\")"), "line 8, column 23: "),
        (model("regexMatch(r.obj, r.act)"), "line 8, column 23: "),
        (model(&format!("{long}true")), "line 8, column "),
        ("#".repeat(70_000), "line 1, column 1: a model text has at most 65536 bytes"),
    ] {
        // The last one is larger than a body may be.
        let answer = put_model(&server, &ada, &text).await;
        if text.len() > 60_000 {
            assert_eq!(answer.0, StatusCode::PAYLOAD_TOO_LARGE);
            continue;
        }
        let (status, code, field, said) = refusal(&answer);
        assert_eq!((status, &*code, &*field), (422, "malformed_model", "text"), "{answer:?}");
        assert!(said.starts_with(message), "{said}, wanted {message}");
    }
    assert_eq!(kept(&server, &ada).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_that_a_kept_rule_does_not_fit_is_refused_with_the_rule() {
    let (server, ada, before) = start().await;
    let answer = put_model(&server, &ada, &model("r.sub == p.sub")).await;
    let (status, code, field, said) = refusal(&answer);
    assert_eq!((status, &*code, &*field), (422, "rules_do_not_fit", "text"), "{answer:?}");
    assert!(said.contains("(p, clerk, *, document:*, read): `p` takes 3 values, not 4"), "{said}");
    assert!(answer.1["errors"][1]["message"].as_str().unwrap().contains("no definition `g`"), "{answer:?}");
    assert_eq!(kept(&server, &ada).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_that_do_not_fit_are_refused_with_their_places() {
    let (server, ada, before) = start().await;
    let good = "p, clerk, *, invoice:*, read";
    let control = json!({ "ptype": "p", "values": ["a", "*", "x\u{7}", "read"] });
    for (bad, field, message) in [
        (rule("p, a, *"), "rules[1]", "`p` takes 4 to 6 values, not 2"),
        (rule("p, a, *, x, read, perhaps"), "rules[1].values[4]", "column 1: an effect is"),
        (rule("p, a, *, x, read, allow, r.sub.age >"), "rules[1].values[5]", "column 12: expected a term"),
        (rule("p, a, *, x, read, allow, true && what()"), "rules[1].values[5]", "column 9: unknown function `what`"),
        (rule("x, a, b"), "rules[1]", "the model has no definition `x`"),
        (rule("g, clerk, bob, *"), "rules[1]", "cyclic roles: clerk → bob → clerk"),
        (rule("g, bob, bob, *"), "rules[1].values[1]", "column 1: cyclic roles: bob → bob"),
        (rule("p, a, b, c, d, e, f, g"), "rules[1].values", "a rule has 1 to 6 values, not 7"),
        (
            rule(&format!("p, {}, *, x, read", "a".repeat(257))),
            "rules[1].values[0]",
            "must have at most 256 characters",
        ),
        (control, "rules[1].values[2]", "column 2: must not contain control characters"),
        (json!({ "ptype": "toolongaptype", "values": ["a"] }), "rules[1].ptype", "must have 1 to 10 characters"),
    ] {
        let body = json!({ "rules": [rule(good), bad] });
        for method in [Method::POST, Method::PUT] {
            // Replacing all, what is kept is not in the way.
            if method == Method::PUT && message.starts_with("cyclic roles: clerk") {
                continue;
            }
            let answer = crate::support::send(&server, method, RULES, Some(&ada.access), Some(body.clone())).await;
            let (status, code, at, said) = refusal(&answer);
            assert_eq!((status, &*code, &*at), (422, "rules_refused", field), "{answer:?}");
            assert!(said.starts_with(message), "{said}, wanted {message}");
        }
    }
    assert_eq!(kept(&server, &ada).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn catastrophic_patterns_are_refused_or_harmless() {
    let server = Server::start(StoreKind::Sqlite).await;
    let ada = Person::new(&server, "ada").await;
    let (status, body) = put_model(&server, &ada, &model("r.sub == p.sub && regexMatch(r.obj, p.obj)")).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    for pattern in ["(", "(?=a)", "a{9999}{9999}", "(a{100}){100}{100}"] {
        let answer = post(&server, &ada, RULES, rules(&[&format!("p, a, {pattern}, read")])).await;
        let (status, code, field, _) = refusal(&answer);
        assert_eq!((status, &*code, &*field), (422, "rules_refused", "rules[0].values[1]"), "{pattern}: {answer:?}");
    }
    assert_eq!(export(&server, &ada).await, "");
    // Linear, whatever is asked: so it may be kept.
    assert_eq!(post(&server, &ada, RULES, rules(&["p, a, ^(a+)+$, read"])).await.0, StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_csv_that_cannot_be_read_is_refused_with_its_line() {
    let (server, ada, before) = start().await;
    for (text, code, field, message) in [
        ("p, a, *, x, read\np, \"b", "malformed_csv", "line 2", "column 4: the quoted text has no end"),
        ("# rules\np, \"a\" b, c", "malformed_csv", "line 2", "column 8: expected a comma"),
        ("p, a, *, x, read\n\np, a, *", "rules_refused", "line 3", "`p` takes 4 to 6 values, not 2"),
        ("p, a, *, x, read, allow, what()", "rules_refused", "line 1, values[5]", "column 1: unknown function"),
        ("g, a, b, *\ng, b, a, *", "rules_refused", "line 1", "cyclic roles: "),
        ("p, a, *, x\u{7}, read", "rules_refused", "line 1, values[2]", "column 2: must not contain control"),
        ("p", "malformed_csv", "line 1", "column 1: a line has a kind and at least one value"),
    ] {
        for method in [Method::POST, Method::PUT] {
            let answer = csv(&server, &ada, method.clone(), text).await;
            let (status, said_code, at, said) = refusal(&answer);
            assert_eq!((status, &*said_code), (422, code), "{method} {text}: {answer:?}");
            assert!(said.starts_with(message), "{method} {text}: {said}, wanted {message}");
            // Of a circle any of its lines is named.
            assert!(at == field || message.starts_with("cyclic"), "{method} {text}: {at}");
        }
    }
    // No text, and another kind of body.
    let url = format!("{}{RULES}.csv", server.base);
    let request = server.http.put(&url).bearer_auth(&ada.access).header("Content-Type", "text/csv");
    let answer = request.body(b"p, a\n\xff".to_vec()).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert!(answer.text().await.unwrap().contains("line 2: The text is not UTF-8."));
    let answer = server.http.put(&url).bearer_auth(&ada.access).json(&rules(&[])).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(kept(&server, &ada).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entities_that_cannot_be_are_refused_with_their_places() {
    let (server, ada, before) = start().await;
    let good = json!({ "type": "document", "id": "d1" });
    let large = "x".repeat(9_000);
    for (bad, field) in [
        (json!({ "type": "a b", "id": "d2" }), "entities[1].type"),
        (json!({ "type": "document", "id": "" }), "entities[1].id"),
        (json!({ "type": "document", "id": "d1" }), "entities[1].id"),
        (json!({ "type": "document", "id": "d2", "properties": { "text": large } }), "entities[1].properties"),
        (json!({ "type": "document", "id": "d2", "properties": [] }), "entities[1].properties"),
    ] {
        let answer = put(&server, &ada, ENTITIES, json!({ "entities": [good, bad] })).await;
        let (status, _, at, _) = refusal(&answer);
        assert_eq!((status, &*at), (422, field), "{answer:?}");
    }
    assert_eq!(kept(&server, &ada).await, before);
    // What could never be there is not there.
    for path in ["document/d%00", "document/nothing", "a%20b/d1"] {
        assert_eq!(ada.get(&server, &format!("{ENTITIES}/{path}")).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}
