//! Whatever an administrator of an organization writes: nobody may do more with what is Keystead's own, and nothing outside.

use super::{ENTITIES, RULES, id_of, join, model, post, put, put_model, rules};
use crate::support::{ADMIN_PASSWORD, Person, Server, StoreKind, send};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// Everything that somebody may not do who is a plain member here and nobody elsewhere.
async fn refused(server: &Server, person: &Person, elsewhere: &str, other: &str) -> Vec<(String, u16)> {
    let requests = [
        (Method::POST, "/api/v1/teams".to_owned(), json!({ "name": "Weavers" })),
        (Method::POST, "/api/v1/roles".to_owned(), json!({ "name": "all", "permissions": [] })),
        (Method::POST, "/api/v1/invitations".to_owned(), json!({ "email": "x@example.org" })),
        (Method::GET, "/api/v1/jobs".to_owned(), Value::Null),
        (Method::POST, RULES.to_owned(), rules(&["p, a, *, x, read"])),
        (Method::PUT, ENTITIES.to_owned(), json!({ "entities": [] })),
        (Method::GET, "/api/v1/access/model".to_owned(), Value::Null),
        (Method::GET, "/api/v1/invitations".to_owned(), Value::Null),
        (Method::GET, "/api/v1/users".to_owned(), Value::Null),
        (Method::GET, format!("/api/v1/organizations/{elsewhere}"), Value::Null),
        (Method::GET, format!("/api/v1/organizations/{elsewhere}/members"), Value::Null),
        (Method::GET, format!("/api/v1/users/{other}"), Value::Null),
        (Method::GET, format!("/api/v1/audit-events?organization_id={elsewhere}"), Value::Null),
    ];
    let mut all = Vec::new();
    for (method, path, body) in requests {
        let body = Some(body).filter(|body| !body.is_null());
        let (status, _) = send(server, method.clone(), &path, Some(&person.access), body).await;
        all.push((format!("{method} {path}"), status.as_u16()));
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_rule_matcher_model_or_entity_gives_what_nobody_has_granted() {
    let server = Server::start(StoreKind::Sqlite).await;
    let ada = Person::new(&server, "ada").await;
    let eve = Person::new(&server, "eve").await;
    let ((ada_id, here), (eve_id, elsewhere)) = (id_of(&server, &ada).await, id_of(&server, &eve).await);
    let grace = join(&server, &ada, "grace", "user").await;
    let grace_id = id_of(&server, &grace).await.0;

    let before = refused(&server, &grace, &elsewhere, &eve_id).await;
    assert!(before.iter().all(|(_, status)| [403, 404].contains(status)), "{before:?}");
    let of_ada = async || {
        let mut all = refused(&server, &ada, &elsewhere, &eve_id).await;
        // What she may as administrator she may do as often as she likes; what is outside is what counts.
        all.drain(..9);
        all
    };
    let outside = of_ada().await;
    assert!(outside.iter().all(|(_, status)| [403, 404].contains(status)), "{outside:?}");

    // Rules by which everybody may do everything everywhere.
    let everything = [&ada_id, &grace_id, &format!("user:{grace_id}"), "*"]
        .map(|who| format!("p, {who}, *, *, *"))
        .into_iter()
        .chain([format!("p, {grace_id}, {elsewhere}, *, *"), format!("g, {grace_id}, {ada_id}, *")])
        .collect::<Vec<_>>();
    let lines: Vec<&str> = everything.iter().map(String::as_str).collect();
    let (status, body) = post(&server, &ada, RULES, rules(&lines)).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    // Entities that say that everything is grace's.
    let mine = json!({ "owner": grace_id, "organization": here, "organization_id": here, "role": "admin" });
    let things = [("users", &eve_id), ("organizations", &elsewhere), ("user", &grace_id), ("members", &grace_id)];
    let entities = things.map(|(kind, id)| json!({ "type": kind, "id": id, "properties": mine }));
    assert_eq!(put(&server, &ada, ENTITIES, json!({ "entities": entities })).await.0, StatusCode::OK);
    assert_eq!(refused(&server, &grace, &elsewhere, &eve_id).await, before);
    assert_eq!(of_ada().await, outside);

    // Models that allow whatever is asked.
    for matcher in ["1 == 1", "r.sub == r.sub || r.obj.owner == r.sub", "2 > 1 || r.ctx.root == true"] {
        assert_eq!(put(&server, &ada, RULES, rules(&[])).await.0, StatusCode::OK);
        let (status, body) = put_model(&server, &ada, &model(matcher)).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        assert_eq!(post(&server, &ada, RULES, rules(&["p, a, b, c"])).await.0, StatusCode::CREATED);
        assert_eq!(refused(&server, &grace, &elsewhere, &eve_id).await, before, "{matcher}");
        assert_eq!(of_ada().await, outside, "{matcher}");
    }
}

/// The platform's rules speak everywhere, so a permission that only reaches the platform's own things does not write them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_platforms_rules_are_written_by_those_who_reach_everything() {
    let server = Server::start(StoreKind::Sqlite).await;
    let first = Person::sign_in(&server, "admin", ADMIN_PASSWORD).await;
    let changed = "the administrator's own long phrase";
    let change = json!({ "current_password": ADMIN_PASSWORD, "new_password": changed });
    assert_eq!(post(&server, &first, "/api/v1/me/password", change).await.0, StatusCode::NO_CONTENT);
    let root = Person::sign_in(&server, "admin", changed).await;
    let narrow = json!({
        "name": "policy-editor",
        "permissions": ["policy_rules:create:organization", "policy_rules:read:organization"],
    });
    assert_eq!(post(&server, &root, "/api/v1/roles", narrow).await.0, StatusCode::CREATED);
    let mallory = join(&server, &root, "mallory", "policy-editor").await;
    let mallory_id = id_of(&server, &mallory).await.0;
    assert_eq!(mallory.get(&server, RULES).await.0, StatusCode::OK);
    let refused_before = mallory.get(&server, "/api/v1/users").await.0;
    assert_eq!(refused_before, StatusCode::FORBIDDEN);
    let mine = rules(&[&format!("p, {mallory_id}, *, *, *")]);
    assert_eq!(post(&server, &mallory, RULES, mine.clone()).await.0, StatusCode::FORBIDDEN);
    assert_eq!(post(&server, &root, RULES, mine).await.0, StatusCode::CREATED);
    // And even so they allow nothing on what is Keystead's own.
    assert_eq!(mallory.get(&server, "/api/v1/users").await.0, refused_before);
    // Organizations do not see them as theirs.
    let ada = Person::new(&server, "ada").await;
    assert!(ada.all(&server, RULES).await.is_empty());
    let own = root.all(&server, RULES).await[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(ada.get(&server, &format!("{RULES}/{own}")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(post(&server, &ada, &format!("{RULES}/delete"), json!({ "ids": [own] })).await.0, StatusCode::NOT_FOUND);
}

/// The rules of organizations without a model of their own are read by the platform's: it cannot become one that they do not fit.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_platforms_model_must_fit_the_rules_of_those_who_inherit_it() {
    let server = Server::start(StoreKind::Sqlite).await;
    let first = Person::sign_in(&server, "admin", ADMIN_PASSWORD).await;
    let changed = "the administrator's own long phrase";
    let change = json!({ "current_password": ADMIN_PASSWORD, "new_password": changed });
    assert_eq!(post(&server, &first, "/api/v1/me/password", change).await.0, StatusCode::NO_CONTENT);
    let root = Person::sign_in(&server, "admin", changed).await;
    let ada = Person::new(&server, "ada").await;
    let organization = id_of(&server, &ada).await.1;
    assert_eq!(post(&server, &ada, RULES, rules(&["p, secret, *, x, read"])).await.0, StatusCode::CREATED);
    let three = model("r.sub == p.sub");
    let (status, body) = put_model(&server, &root, &three).await;
    assert_eq!((status, body["code"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("rules_do_not_fit")), "{body}");
    let detail = body["detail"].as_str().unwrap();
    assert!(detail.contains(&organization) && !detail.contains("secret"), "{detail}");
    // Nor does it say who has which role: what holds in one domain would hold in all, and close a circle.
    let links = rules(&["g, secret-one, secret-two, d1", "g, secret-two, secret-one, d2"]);
    assert_eq!(post(&server, &ada, RULES, links).await.0, StatusCode::CREATED);
    let own = ada.get(&server, "/api/v1/access/model").await.1["text"].as_str().unwrap().to_owned();
    let (status, body) = put_model(&server, &root, &own.replace("any_domain = *", "any_domain = d1")).await;
    assert_eq!((status, body["code"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("rules_do_not_fit")), "{body}");
    let detail = body["detail"].as_str().unwrap();
    assert!(detail.contains(&organization) && !detail.contains("secret"), "{detail}");
    // Once it has its own model, the platform's is none of its business.
    assert_eq!(put_model(&server, &ada, &own).await.0, StatusCode::OK);
    assert_eq!(put_model(&server, &root, &three).await.0, StatusCode::OK);
    let eve = Person::new(&server, "eve").await;
    let model = eve.get(&server, "/api/v1/access/model").await.1;
    assert_eq!((model["origin"].as_str(), model["version"].as_i64()), (Some("platform"), Some(0)));
    assert_eq!(post(&server, &eve, RULES, rules(&["p, a, x, read"])).await.0, StatusCode::CREATED);
}
