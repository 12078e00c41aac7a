//! Whether a refused sign-in tells by its time why it was refused.

use crate::{
    Plan,
    product::{PASSWORD, Process, register},
    report::{Figure, Target},
    rounds::median,
    wire::{Wire, request_with},
};
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};
use std::time::Instant;

/// Nobody is locked out by this: each try comes from another network, and the account stands many.
const NO_LOCK: &[(&str, &str)] =
    &[("KEYSTEAD_HTTP_TRUSTED_PROXIES", "127.0.0.1"), ("KEYSTEAD_LOCKOUT_ACCOUNT_ATTEMPTS", "100000")];

pub(super) async fn measure(plan: &Plan) -> Vec<Figure> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keystead.db").display().to_string();
    let server = Process::start(&plan.server, folder.path(), &format!("sqlite:{path}"), NO_LOCK);
    let mut wire = Wire::open(&server.base).await;
    for name in ["ann", "bob"] {
        register(&mut wire, name).await;
    }
    let mut connection = SqliteConnection::connect(&format!("sqlite:{path}")).await.unwrap();
    let lock = "UPDATE users SET locked_until = '2999-01-01T00:00:00+00:00' WHERE username_key = 'bob'";
    sqlx::raw_sql(lock).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();

    let login = |name: &str, password: &str| json!({ "login": name, "password": password });
    let wrong = "another long phrase for measuring";
    let kinds = [
        ("unknown user", login("nobody", wrong)),
        ("wrong password", login("ann", wrong)),
        ("locked account", login("bob", PASSWORD)),
    ];
    let mut times = [const { Vec::new() }; 3];
    for number in 0..plan.tries {
        let address = format!("10.{}.{}.1", number / 250, number % 250);
        for ((_, login), times) in kinds.iter().zip(&mut times) {
            let attempt = request_from(&address, login);
            let begun = Instant::now();
            let status = wire.call(&attempt).await.status;
            times.push(begun.elapsed().as_secs_f64() * 1_000.0);
            assert_eq!(status, 401);
        }
    }
    let medians = times.map(|mut times| median(&mut times));
    let (least, most) = (medians.iter().copied().fold(f64::MAX, f64::min), medians.iter().copied().fold(0.0, f64::max));
    let shown = kinds.iter().zip(medians).map(|((name, _), median)| format!("{name} {median:.2} ms"));
    vec![Figure {
        name: format!("refused sign-ins, medians of {} tries each", plan.tries),
        floor: "the quickest of the three".to_owned(),
        product_figure: shown.collect::<Vec<_>>().join(", "),
        floor_figure: format!("{least:.2} ms"),
        value: most / least,
        unit: "",
        target: Target::AtMost(1.05),
    }]
}

/// An attempt to sign in that a proxy passes on for somebody at `address`.
fn request_from(address: &str, login: &Value) -> Vec<u8> {
    request_with(&format!("x-forwarded-for: {address}\r\n"), "POST", "/api/v1/sessions", None, Some(login))
}
