//! How soon the program answers, and what it occupies.

use crate::{
    Plan,
    product::{Process, sqlite},
    report::{Figure, Target},
    rounds::median,
};

pub(super) async fn measure(plan: &Plan) -> Vec<Figure> {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite(&folder);
    drop(Process::start(&plan.server, folder.path(), &url, &[]));
    let (mut times, mut sizes) = (Vec::new(), Vec::new());
    for _ in 0..plan.rounds * 3 {
        let (server, milliseconds) = Process::time_to_ready(&plan.server, folder.path(), &url).await;
        times.push(milliseconds);
        sizes.push(server.resident_mib());
    }
    let (time, size) = (median(&mut times), median(&mut sizes));
    vec![
        Figure::alone("from start to ready, existing SQLite file", time, " ms", Target::AtMost(100.0)),
        Figure::alone("resident memory before the first sign-in", size, " MiB", Target::AtMost(40.0)),
    ]
}
