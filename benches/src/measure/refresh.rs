//! Refreshing over HTTP against pgbench calling the same function.

use crate::{
    Plan,
    pgbench::Script,
    product::{Process, register, sign_in},
    report::Figure,
    rounds::{compare, rate},
    wire::{Wire, request},
};
use keystead_testkit::postgres::{Cluster, Options};
use serde_json::json;
use sqlx::{Connection, PgConnection};

const CLIENTS: usize = 32;

/// What the server sends, with values of the same size. Each client first looks up the session that it is to refresh.
const SCRIPT: &str = "\
\\if :generation = 1
SELECT session_id, user_id FROM public.bench_sessions WHERE client = :client_id \\gset
\\endif
\\set next :generation + 1
SELECT * FROM keystead.rotate_refresh_token(:session_id, :user_id, :generation::int, sha256(:generation::text::bytea), \
sha256(:next::text::bytea), sha256('sealed'), now(), now() - interval '10 seconds', now() + interval '14 days', uuidv7(), 'user', \
sha512('client') || sha512('sealed'), sha256('address'), uuidv7()::text, 'http', '{}', '{}');
\\set generation :next
";

struct Client {
    wire: Wire,
    token: String,
}

pub(super) async fn measure(plan: &Plan) -> Vec<Figure> {
    let folder = tempfile::tempdir().unwrap();
    let cluster =
        tokio::task::spawn_blocking(|| Cluster::start(Options { fsync: true, ..Options::default() })).await.unwrap();
    let database = cluster.server().database().await;
    let url = database.url();
    let server = Process::start(&plan.server, folder.path(), &url, &[]);
    let mut clients = Vec::new();
    for number in 0..CLIENTS {
        let mut wire = Wire::open(&server.base).await;
        let name = format!("person{number}");
        register(&mut wire, &name).await;
        // One session for the product, one for the floor.
        let token = sign_in(&mut wire, &name).await["refresh_token"].as_str().unwrap().to_owned();
        sign_in(&mut wire, &name).await;
        clients.push(Client { wire, token });
    }
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let sessions = "CREATE TABLE public.bench_sessions AS
        SELECT row_number() OVER () - 1 AS client, user_id, max(id::text)::uuid AS session_id FROM keystead.sessions GROUP BY user_id";
    sqlx::raw_sql(sessions).execute(&mut connection).await.unwrap();
    let script = Script {
        cluster: &cluster,
        url: &url,
        clients: CLIENTS,
        options: "",
        variables: &[("generation", "1")],
        sql: SCRIPT,
    };

    let pair = compare(
        plan.rounds,
        plan.turn,
        async |turn| rate!(clients, turn, refresh),
        async |turn| {
            let again = "UPDATE keystead.refresh_tokens SET generation = 1, token_hash = sha256('1')
                WHERE session_id IN (SELECT session_id FROM public.bench_sessions)";
            sqlx::raw_sql(again).execute(&mut connection).await.unwrap();
            tokio::task::block_in_place(|| script.rate(folder.path(), turn))
        },
    )
    .await;
    vec![Figure::of_rates(
        format!("refresh over HTTP, PostgreSQL with fsync, {CLIENTS} clients"),
        "pgbench calling rotate_refresh_token",
        pair,
        0.70,
    )]
}

async fn refresh(client: &mut Client) {
    let body = json!({ "refresh_token": client.token });
    let answer = client.wire.call(&request("POST", "/api/v1/sessions/refresh", None, Some(&body))).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    client.token = answer.json()["refresh_token"].as_str().unwrap().to_owned();
}
