//! Who may, and on what, of ten thousand.

use crate::{
    Plan,
    place::{KNOWN, Place, ask, body},
    questions::half_covered,
    report::{Figure, Target},
    rounds::{median, ninety_nine},
};
use serde_json::{Value, json};

pub(super) async fn measure(plan: &Plan) -> Vec<Figure> {
    let place = Place::start(plan).await;
    let questions = half_covered(&place.shape, plan.tries / 10);
    let mut figures = Vec::new();
    for (what, member) in [("resources", "resource"), ("subjects", "subject")] {
        let search = |question| {
            let mut search: Value = body(question);
            // All that is found is on one page.
            search["page"] = json!({ "limit": KNOWN });
            search[member] = json!({ "type": search[member]["type"] });
            search
        };
        let path = format!("/access/v1/search/{member}");
        let mut asker = place.asker(&path, questions.iter().map(search)).await;
        // The first one waits until everything is read and compiled.
        ask(&mut asker).await;
        asker.times.clear();
        for _ in &questions {
            ask(&mut asker).await;
        }
        let value = median(&mut asker.times);
        let name = format!("POST {path} over {KNOWN} {what}, {} rules", plan.rules);
        let figure = Figure::alone(name, value, " ms", Target::AtMost(50.0));
        let product_figure = format!("{value:.1} ms, p99 {:.1} ms", ninety_nine(&mut asker.times));
        figures.push(Figure { product_figure, ..figure });
    }
    figures
}
