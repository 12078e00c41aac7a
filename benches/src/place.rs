//! An organization with many policy rules, and a program that asks about it.

use crate::{
    Plan,
    product::{Process, register, sign_in, sqlite, store},
    questions::Question,
    rules::{KIND, Shape},
    wire::{Wire, request},
};
use keystead_domain::{OrganizationId, Scope, Timestamp, access::PolicyEntity};
use keystead_store::SharedStore;
use serde_json::{Value, json};
use std::{str::FromStr, time::Instant};
use tempfile::TempDir;
use uuid::Uuid;

/// How many of the resources, and of the users, are known by name.
pub(crate) const KNOWN: u64 = 10_000;

/// The organization.
pub(crate) struct Place {
    /// Where its server listens.
    pub(crate) base: String,
    /// Its administrator's access token.
    pub(crate) access: String,
    /// The key of its service account.
    pub(crate) key: String,
    pub(crate) shape: Shape,
    /// The server and its store's folder, where both are for this place alone. The server ends before its folder does.
    _own: Option<(Process, TempDir)>,
}

impl Place {
    /// Starts a server of its own on a SQLite file, with as many rules as are planned.
    pub(crate) async fn start(plan: &Plan) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = sqlite(&folder);
        let server = Process::start(&plan.server, folder.path(), &url, &[]);
        let place = Self::new(&server.base, &store(&url).await, plan.rules).await;
        Self { _own: Some((server, folder)), ..place }
    }

    /// Registers it where a server listens at `base`, and fills it in that server's store.
    pub(crate) async fn new(base: &str, store: &SharedStore, rules: u64) -> Self {
        let mut wire = Wire::open(base).await;
        register(&mut wire, "ann").await;
        let session = sign_in(&mut wire, "ann").await;
        let access = text(&session["access_token"]);
        let me = wire.call(&request("GET", "/api/v1/me", Some(&access), None)).await.json();
        let program = json!({ "name": "shop", "scopes": ["access:evaluate", "access:search"] });
        let made = wire.call(&request("POST", "/api/v1/service-accounts", Some(&access), Some(&program))).await;
        assert_eq!(made.status, 201, "{}", made.json());
        let key = text(&made.json()["key"]);
        let organization = OrganizationId::from_uuid(Uuid::from_str(&text(&me["organization_id"])).unwrap());
        let shape = Shape::of(organization, rules);
        let unit = store.begin(Scope::organization(organization)).await.unwrap();
        unit.access_changes().raise(organization, &[]).await.unwrap();
        unit.rules().insert(organization, &shape.all()).await.unwrap();
        unit.policy_entities().insert(organization, &entities(organization)).await.unwrap();
        unit.commit().await.unwrap();
        Self { base: base.to_owned(), access, key, shape, _own: None }
    }

    /// Asks its server one question after the other.
    pub(crate) async fn asker(&self, path: &str, bodies: impl IntoIterator<Item = Value>) -> Asker {
        self.asker_at(&self.base, path, bodies).await
    }

    /// The same where something else listens.
    pub(crate) async fn asker_at(&self, base: &str, path: &str, bodies: impl IntoIterator<Item = Value>) -> Asker {
        let requests = bodies.into_iter().map(|body| request("POST", path, Some(&self.key), Some(&body))).collect();
        Asker { wire: Wire::open(base).await, requests, next: 0, times: Vec::new() }
    }
}

/// Whoever asks different things in turn.
pub(crate) struct Asker {
    pub(crate) wire: Wire,
    requests: Vec<Vec<u8>>,
    next: usize,
    /// What each answer has taken, in milliseconds.
    pub(crate) times: Vec<f64>,
}

/// Asks once and expects 200.
pub(crate) async fn ask(asker: &mut Asker) {
    let begun = Instant::now();
    let answer = asker.wire.call(&asker.requests[asker.next]).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    asker.times.push(begun.elapsed().as_secs_f64() * 1_000.0);
    asker.next = (asker.next + 1) % asker.requests.len();
}

/// The question as it is sent.
pub(crate) fn body(question: &Question) -> Value {
    json!({
        "subject": { "type": "user", "id": question.user },
        "action": { "name": question.action },
        "resource": { "type": KIND, "id": question.object, "properties": question.properties() },
    })
}

/// What is known by name: of each kind the first ones.
fn entities(organization: OrganizationId) -> Vec<PolicyEntity> {
    let then = Timestamp::from_unix_seconds(1_600_000_000);
    let entity = |number: u64, entity_type: &str, entity_id: String| PolicyEntity {
        id: Uuid::from_u128(u128::from(number) + 1).into(),
        organization_id: organization,
        entity_type: entity_type.to_owned(),
        entity_id,
        properties: json!({ "status": if number.is_multiple_of(2) { "draft" } else { "final" } }),
        created_at: then,
        updated_at: then,
        version: 1,
    };
    let resources = (0..KNOWN).map(|number| entity(number, KIND, format!("doc{number}")));
    let users = (0..KNOWN).map(|number| entity(KNOWN + number, "user", format!("u{number}")));
    resources.chain(users).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
