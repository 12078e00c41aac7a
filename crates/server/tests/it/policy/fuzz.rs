//! Anything as a policy and as a question: an answer or a refusal that says what is wrong, never a fault of the server; and what
//! is refused leaves nothing behind.

use super::{ENTITIES, MODEL, RULES, bad_input::kept, csv, model, post, put, put_model, rules};
use crate::support::{Chance, Person, Server, StoreKind, times};
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value, json};

/// Pieces of the languages, so that random texts get past the first words.
const PIECES: [&str; 44] = [
    "r.sub",
    "r.obj",
    "r.act",
    "p.sub",
    "p.obj",
    "p.act",
    "r.sub.age",
    "r.ctx.x",
    "g",
    "(",
    ")",
    "[",
    "]",
    ",",
    " && ",
    " || ",
    "!",
    " == ",
    " != ",
    " < ",
    " in ",
    "+",
    "*",
    "/",
    "%",
    "\"a\"",
    "'",
    "\\",
    "1",
    "2.5",
    "true",
    "keyMatch",
    "keyMatch2",
    "regexMatch",
    "ipMatch",
    "globMatch",
    "eval",
    " ",
    "\n",
    "#",
    "[matchers]\n",
    "m = ",
    "é",
    "\u{0}",
];

fn pick<'a>(chance: &mut Chance, all: &[&'a str]) -> &'a str {
    all[usize::try_from(chance.below(all.len() as u64)).unwrap()]
}

fn soup(chance: &mut Chance, most: u64) -> String {
    (0..chance.below(most)).map(|_| pick(chance, &PIECES)).collect()
}

fn bytes(chance: &mut Chance, most: u64) -> Vec<u8> {
    (0..chance.below(most)).map(|_| u8::try_from(chance.below(256)).unwrap()).collect()
}

/// A matcher of the grammar.
fn matcher(chance: &mut Chance, depth: u32) -> String {
    let texts = ["r.sub", "r.obj", "r.act", "p.sub", "p.obj", "'x'", "r.sub.name", "r.obj.name"];
    let numbers = ["1", "2.5", "r.sub.age", "r.obj.size", "(r.sub.age + 1)", "r.sub.age % 0"];
    match if depth == 0 { 3 + chance.below(4) } else { chance.below(7) } {
        0 => format!("{} && {}", matcher(chance, depth - 1), matcher(chance, depth - 1)),
        1 => format!("({} || {})", matcher(chance, depth - 1), matcher(chance, depth - 1)),
        2 => format!("!({})", matcher(chance, depth - 1)),
        3 => format!("{} < {}", pick(chance, &numbers), pick(chance, &numbers)),
        4 => format!(
            "{}({}, p.obj)",
            pick(chance, &["keyMatch", "keyMatch2", "globMatch", "regexMatch"]),
            pick(chance, &texts)
        ),
        5 => format!("{} in ({}, 'x')", pick(chance, &texts), pick(chance, &texts)),
        _ => format!("{} {} {}", pick(chance, &texts), pick(chance, &["==", "!="]), pick(chance, &texts)),
    }
}

fn anything(chance: &mut Chance, depth: u32) -> Value {
    match if depth == 0 { chance.below(5) } else { chance.below(7) } {
        0 => Value::Null,
        1 => json!(chance.below(2) == 0),
        2 => json!(chance.below(1_000_000) as f64 / 7.0),
        3 => json!(soup(chance, 4)),
        4 => json!(String::from_utf8_lossy(&bytes(chance, 12))),
        5 => (0..chance.below(4)).map(|_| anything(chance, depth - 1)).collect(),
        _ => Value::Object(properties(chance, depth - 1)),
    }
}

fn properties(chance: &mut Chance, depth: u32) -> Map<String, Value> {
    let names = ["age", "size", "name", "owner", "team", "status", "", "é"];
    (0..chance.below(4)).map(|_| (pick(chance, &names).to_owned(), anything(chance, depth))).collect()
}

fn thing(chance: &mut Chance) -> Value {
    let kind = pick(chance, &["user", "document", "document", "feature", "é", ""]);
    let id = if chance.below(4) == 0 { anything(chance, 0) } else { json!(format!("x{}", soup(chance, 3))) };
    json!({ "type": kind, "id": id, "properties": properties(chance, 3) })
}

async fn raw(server: &Server, person: &Person, method: Method, path: &str, body: Vec<u8>) -> (StatusCode, Value) {
    let request = server.http.request(method, format!("{}{path}", server.base)).bearer_auth(&person.access);
    let request = request.header("if-match", "*").header("content-type", "application/json");
    let answer = request.body(body).send().await.unwrap();
    let status = answer.status();
    (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default())
}

/// Sends one of them. Returns the answer, and whether it would have written.
async fn send_one(server: &Server, ada: &Person, me: &Value, chance: &mut Chance) -> ((StatusCode, Value), bool) {
    let answer = match chance.below(9) {
        0 => put_model(server, ada, &model(&soup(chance, 30).replace('\n', " "))).await,
        1 => put_model(server, ada, &format!("{}{}", model("r.sub == p.sub"), soup(chance, 30))).await,
        2 => put_model(server, ada, &String::from_utf8_lossy(&bytes(chance, 300))).await,
        3 => {
            // Nothing is in its way, so that some of them come into force.
            assert_eq!(put(server, ada, RULES, rules(&[])).await.0, StatusCode::OK);
            put_model(server, ada, &model(&matcher(chance, 3))).await
        }
        4 => {
            let count = if chance.below(2) == 0 { 3 } else { chance.below(9) };
            let values: Vec<_> = (0..count).map(|_| soup(chance, 4)).collect();
            let ptype = pick(chance, &["p", "p", "g", "x", ""]);
            post(server, ada, RULES, json!({ "rules": [{ "ptype": ptype, "values": values }] })).await
        }
        5 => csv(server, ada, Method::POST, &format!("p, {}\n{}", soup(chance, 6), soup(chance, 9))).await,
        6 => put(server, ada, ENTITIES, json!({ "entities": [thing(chance)] })).await,
        7 => {
            let path = pick(chance, &[MODEL, RULES, ENTITIES]);
            raw(server, ada, Method::PUT, path, bytes(chance, 60)).await
        }
        _ => {
            let subject = if chance.below(4) == 0 { thing(chance) } else { me.clone() };
            let body = json!({
                "subject": subject, "resource": thing(chance), "context": properties(chance, 3),
                "action": { "name": format!("do{}", soup(chance, 3)), "properties": properties(chance, 1) },
            });
            let path = pick(chance, &["/access/v1/evaluation", "/access/v1/search/action"]);
            return (post(server, ada, path, body).await, false);
        }
    };
    (answer, true)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anything_is_answered_or_refused() {
    let server = Server::start(StoreKind::Memory).await;
    let ada = Person::new(&server, "ada").await;
    let id = super::id_of(&server, &ada).await.0;
    let (mut written, mut decided, mut refused) = (0, 0, 0);
    for seed in 0..u64::from(times(250, 50_000)) {
        let mut chance = Chance::new(seed);
        let me = json!({ "type": "user", "id": id, "properties": properties(&mut chance, 3) });
        let before = kept(&server, &ada).await;
        let ((status, body), is_write) = send_one(&server, &ada, &me, &mut chance).await;
        match status.as_u16() {
            200 | 201 if is_write => written += 1,
            200 => decided += 1,
            400..500 => {
                assert!(body["code"].is_string() && body["status"] == json!(status.as_u16()), "seed {seed}: {body}");
                if body["code"] == "malformed_model" {
                    let message = body["errors"][0]["message"].as_str().unwrap();
                    assert!(message.starts_with("line ") && message.contains(", column "), "seed {seed}: {body}");
                }
                let after = kept(&server, &ada).await;
                // Making room for a model was a write of its own.
                assert!(after == before || after.0 == before.0 && after.1.is_empty(), "seed {seed}: {body}");
                refused += 1;
            }
            _ => panic!("seed {seed}: {status} {body}\n{}", server.log()),
        }
    }
    println!("{written} written, {decided} decided, {refused} refused");
    assert!(written > 20 && decided > 5 && refused > 50, "{written} {decided} {refused}");
    assert!(!server.log().contains("panicked"), "{}", server.log());
}
