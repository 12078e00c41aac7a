//! Sign-ins over HTTP against the bare hash.

use crate::{
    Plan, floor,
    product::{PASSWORD, Process, register},
    report::{Figure, Target},
    rounds::{compare, rate},
    wire::{Wire, ask, request},
};
use serde_json::json;

const CLIENTS: usize = 8;

pub(super) async fn measure(plan: &Plan) -> Vec<Figure> {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("keystead.db").display());
    let server = Process::start(&plan.server, folder.path(), &url, &[]);
    let mut clients = Vec::new();
    for number in 0..CLIENTS {
        let mut wire = Wire::open(&server.base).await;
        let name = format!("person{number}");
        register(&mut wire, &name).await;
        let login = json!({ "login": name, "password": PASSWORD });
        clients.push((wire, request("POST", "/api/v1/sessions", None, Some(&login))));
    }
    let pair =
        compare(plan.rounds, plan.turn, async |turn| rate!(clients, turn, ask), async |turn| floor::argon2id(turn))
            .await;
    vec![Figure {
        name: "sign-in over HTTP, SQLite".to_owned(),
        floor: "bare Argon2id, m=19 MiB t=2 p=1, a thread a core".to_owned(),
        product_figure: format!("{:.1}/s", pair.product),
        floor_figure: format!("{:.1}/s", pair.floor),
        value: pair.ratio(),
        unit: "",
        target: Target::AtLeast(0.90),
    }]
}
