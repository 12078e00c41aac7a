//! Sign-ins over HTTP against the bare hash.

use crate::{
    Plan, floor,
    product::{PASSWORD, Process, register, sqlite},
    report::Figure,
    rounds::{compare, rate},
    wire::{Wire, ask, request},
};
use serde_json::json;

const CLIENTS: usize = 8;

pub(super) async fn measure(plan: &Plan) -> Vec<Figure> {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite(&folder);
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
    vec![Figure::of_rates("sign-in over HTTP, SQLite", "bare Argon2id, m=19 MiB t=2 p=1, a thread a core", pair, 0.90)]
}
