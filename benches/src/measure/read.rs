//! A read under row-level security against pgbench with the transaction pipelined.

use crate::{
    Plan,
    chance::Chance,
    pgbench::Script,
    product::store,
    report::Figure,
    rounds::{compare, rate},
    seed,
};
use keystead_domain::{OrganizationId, Scope, UserId};
use keystead_store::SharedStore;
use keystead_testkit::postgres::{Cluster, Options};

const CLIENTS: usize = 16;
const PEOPLE: u32 = 10_000;

pub(super) async fn measure(plan: &Plan) -> Vec<Figure> {
    let folder = tempfile::tempdir().unwrap();
    let cluster = tokio::task::spawn_blocking(|| Cluster::start(Options::default())).await.unwrap();
    let database = cluster.server().database().await;
    let url = database.url();
    let store = store(&url).await;
    seed::postgres(&url, PEOPLE).await;
    let sql = format!(
        "\\set n random(0, {})
\\startpipeline
BEGIN READ ONLY;
SELECT set_config('app.organization_id', '00000001-0000-7000-8000-' || lpad(to_hex(:n::int), 12, '0'), true), \
set_config('app.user_id', '00000002-0000-7000-8000-' || lpad(to_hex(:n::int), 12, '0'), true);
SELECT * FROM organizations WHERE id = ('00000001-0000-7000-8000-' || lpad(to_hex(:n::int), 12, '0'))::uuid;
COMMIT;
\\endpipeline
",
        PEOPLE - 1
    );
    let options = "-c role=keystead_app -c search_path=keystead";
    let script = Script { cluster: &cluster, url: &url, clients: CLIENTS, options, variables: &[], sql: &sql };
    let mut clients: Vec<(SharedStore, Chance)> =
        (0..CLIENTS).map(|number| (store.clone(), Chance::new(number as u64))).collect();
    let pair = compare(
        plan.rounds,
        plan.turn,
        async |turn| rate!(clients, turn, read),
        async |turn| tokio::task::block_in_place(|| script.rate(folder.path(), turn)),
    )
    .await;
    store.close().await.unwrap();
    vec![Figure::of_rates(
        format!("one row under row-level security, {CLIENTS} clients"),
        "pgbench, the same transaction pipelined",
        pair,
        0.60,
    )]
}

async fn read((store, chance): &mut (SharedStore, Chance)) {
    let number = u32::try_from(chance.below(PEOPLE.into())).unwrap();
    let organization = OrganizationId::from_uuid(seed::organization(number));
    let scope = Scope::person(organization, UserId::from_uuid(seed::user(number)));
    let unit = store.glance(scope).await.unwrap();
    assert!(unit.organizations().find(organization, organization).await.unwrap().is_some());
}
