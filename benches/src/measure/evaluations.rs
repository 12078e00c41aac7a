//! Many decisions with one request.

use crate::{
    Plan,
    place::{Place, ask, body},
    questions::half_covered,
    report::{Figure, Target},
    rounds::{median, rate},
};
use serde_json::{Value, json};

const CLIENTS: usize = 4;
const EACH: usize = 100;
const PATH: &str = "/access/v1/evaluations";

pub(super) async fn measure(plan: &Plan) -> Vec<Figure> {
    let place = Place::start(plan).await;
    let questions = half_covered(&place.shape, 64 * EACH);
    let of_one: Vec<Value> = questions
        .chunks(EACH)
        .map(|chunk| {
            let mut request = body(&chunk[0]);
            let parts = chunk.iter().map(|asked| json!({ "resource": body(asked)["resource"] }));
            request["evaluations"] = parts.collect();
            request
        })
        .collect();
    let of_many: Vec<Value> = questions
        .chunks(EACH)
        .map(|chunk| json!({ "evaluations": chunk.iter().map(body).collect::<Value>() }))
        .collect();
    let mut figures = Vec::new();
    for (what, bodies) in [
        ("resources of one subject a request, few covered by a rule", of_one),
        ("different questions a request, half covered by a rule", of_many),
    ] {
        let mut clients = Vec::new();
        for _ in 0..CLIENTS {
            let mut client = place.asker(PATH, bodies.clone()).await;
            ask(&mut client).await;
            clients.push(client);
        }
        let mut rates = Vec::new();
        for _ in 0..plan.rounds {
            rates.push(rate!(clients, plan.turn, ask) * EACH as f64);
        }
        let name = format!("decisions by POST {PATH}, {EACH} {what}, {} rules", plan.rules);
        figures.push(Figure::alone(name, median(&mut rates), "/s", Target::AtLeast(300_000.0)));
    }
    figures
}
