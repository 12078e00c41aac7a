//! One decision over HTTP, against a route that decides nothing; and how soon it follows a change.

use crate::{
    Plan,
    place::{Asker, Place, ask, body},
    product::{Listening, app, edge, sqlite, store},
    questions::half_covered,
    report::{Figure, Target},
    rounds::{compare, median, ninety_nine, rate},
    wire::{Wire, request},
};
use axum::{
    Extension, Router,
    extract::State,
    http::{HeaderMap, header},
    response::IntoResponse,
    routing::post,
};
use keystead_domain::{
    RequestContext,
    access::{Action, Resource},
};
use keystead_http::{AppState, router, surrounded};
use keystead_service::{App, access::guard, service_accounts::authenticate_key};
use serde_json::json;
use std::time::Instant;

const CLIENTS: usize = 8;
const PATH: &str = "/access/v1/evaluation";
/// The small organization's rules.
const FEW: u64 = 1_000;
/// As long as the answers of the product.
const BODY: &str = r#"{"decision":true,"context":{"reason":"rule","access_version":10,"platform_version":10,"rule_id":"00000000-0000-0000-0000-000000012345"}}"#;

pub(super) async fn measure(plan: &Plan) -> Vec<Figure> {
    let mut figures = Vec::new();
    for rules in [FEW, plan.rules] {
        figures.push(compared(plan, rules).await);
    }
    figures.push(in_force(plan).await);
    figures
}

async fn compared(plan: &Plan, rules: u64) -> Figure {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite(&folder);
    let store = store(&url).await;
    let app = app(store.clone()).await;
    let state: AppState = edge(app.clone());
    let floor = Router::new().route("/known", post(known)).route("/anybody", post(anybody)).with_state(app);
    let api = Listening::with(router(state.clone())).await;
    let beside = Listening::with(surrounded(&state, floor)).await;
    let place = Place::new(&api.base, &store, rules).await;
    let bodies: Vec<_> = half_covered(&place.shape, 1_000).iter().map(body).collect();
    let (mut of_product, mut of_floor, mut of_bare) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..CLIENTS {
        of_product.push(place.asker(PATH, bodies.clone()).await);
        of_floor.push(place.asker_at(&beside.base, "/known", bodies.clone()).await);
        of_bare.push(place.asker_at(&beside.base, "/anybody", bodies.clone()).await);
    }
    let mut bare = Vec::new();
    let pair = compare(
        plan.rounds,
        plan.turn,
        async |turn| rate!(of_product, turn, ask),
        async |turn| {
            bare.push(rate!(of_bare, turn, ask));
            rate!(of_floor, turn, ask)
        },
    )
    .await;
    let name = format!("POST {PATH}, requests half of which a rule covers, {rules} rules, {CLIENTS} clients");
    let bare = median(&mut bare);
    let floor = format!("the same layers, key and guard, and a fixed body; {bare:.0}/s where nobody looks at the key");
    let figure = Figure::of_rates(name, floor, pair, 0.80);
    Figure {
        product_figure: format!("{}, p99 {:.2} ms", figure.product_figure, slowest(&of_product)),
        floor_figure: format!("{}, p99 {:.2} ms", figure.floor_figure, slowest(&of_floor)),
        ..figure
    }
}

/// The 99th percentile of all answers, in milliseconds.
fn slowest(askers: &[Asker]) -> f64 {
    ninety_nine(&mut askers.iter().flat_map(|asker| asker.times.iter().copied()).collect::<Vec<_>>())
}

/// Whoever is known and permitted to ask gets the same answer.
async fn known(
    State(app): State<App>,
    Extension(context): Extension<RequestContext>,
    headers: HeaderMap,
) -> impl IntoResponse {
    let token = headers[header::AUTHORIZATION].to_str().unwrap().trim_start_matches("Bearer ");
    let caller = authenticate_key(&app, token, context).await.unwrap();
    guard(&caller, Action::Evaluate, &Resource::all("access", caller.organization_id)).unwrap();
    anybody().await
}

async fn anybody() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], BODY)
}

/// How much longer than any other question the first one after a change takes, which the change decides: what is in force is
/// brought up to date when it is asked for.
async fn in_force(plan: &Plan) -> Figure {
    let place = Place::start(plan).await;
    let mut wire = Wire::open(&place.base).await;
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for number in 0..plan.rounds * 4 {
        let (subject, object) = (format!("new{number}"), format!("doc{number}"));
        let question = json!({
            "subject": { "type": "user", "id": subject },
            "action": { "name": "read" },
            "resource": { "type": "document", "id": object },
        });
        let question = request("POST", PATH, Some(&place.key), Some(&question));
        // The first question of all waits until everything is read and compiled.
        wire.call(&question).await;
        let (allowed, time) = asked(&mut wire, &question).await;
        assert!(!allowed);
        before.push(time);
        let rule = json!({ "rules": [{ "ptype": "p", "values": [subject, "*", object, "read"] }] });
        let written = wire.call(&request("POST", "/api/v1/access/rules", Some(&place.access), Some(&rule))).await;
        assert_eq!(written.status, 201, "{}", written.json());
        let (allowed, time) = asked(&mut wire, &question).await;
        assert!(allowed, "an acknowledged rule is in force");
        after.push(time);
    }
    let (first, any) = (median(&mut after), median(&mut before));
    Figure {
        name: format!("one more rule beside {} in force, beyond what a question takes", plan.rules),
        floor: "a question without a change before it".to_owned(),
        product_figure: format!("{first:.2} ms, p99 {:.2} ms", ninety_nine(&mut after)),
        floor_figure: format!("{any:.2} ms"),
        value: first - any,
        unit: " ms",
        target: Target::AtMost(1.0),
    }
}

/// Whether it is allowed, and the milliseconds until that was known.
async fn asked(wire: &mut Wire, question: &[u8]) -> (bool, f64) {
    let begun = Instant::now();
    let answer = wire.call(question).await;
    let time = begun.elapsed().as_secs_f64() * 1_000.0;
    assert_eq!(answer.status, 200, "{}", answer.json());
    (answer.json()["decision"].as_bool().unwrap(), time)
}
