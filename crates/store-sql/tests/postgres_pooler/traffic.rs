//! Many organizations at once through few connections, callers who give up among them.

use super::{CONNECTIONS, Pooled};
use keystead_domain::{
    Ids, OrganizationId, PageRequest, Scope, SeededRandom,
    organizations::{Isolation, Organization, OrganizationKind, OrganizationStatus, Team},
};
use keystead_store::{SharedStore, contracts::Harness};
use keystead_store_sql::{SqlStore, StoreTarget};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

const ORGANIZATIONS: usize = 12;
const WORKERS: usize = 24;
const ROUNDS: usize = 40;

fn organization(ids: &Ids, number: usize) -> Organization {
    let now = super::harness::clock().now();
    Organization {
        id: ids.next(),
        name: format!("Organization {number}"),
        kind: OrganizationKind::Shared,
        isolation: Isolation::Shared,
        status: OrganizationStatus::Active,
        metadata: serde_json::json!({}),
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

fn team(ids: &Ids, place: OrganizationId, name: String) -> Team {
    let now = super::harness::clock().now();
    Team {
        id: ids.next(),
        organization_id: place,
        name,
        description: None,
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

/// One worker's traffic in its organization. Returns the names of the teams whose making was acknowledged.
async fn work(store: SharedStore, ids: Arc<Ids>, place: OrganizationId, worker: usize) -> Vec<String> {
    let scope = Scope::organization(place);
    let mut made = Vec::new();
    for round in 0..ROUNDS {
        if round % 4 == 0 {
            let name = format!("team {worker} {round}");
            let unit = store.begin(scope).await.unwrap();
            unit.teams().insert(&team(&ids, place, name.clone())).await.unwrap();
            unit.commit().await.unwrap();
            made.push(name);
        } else if round % 4 == 1 {
            // A caller who hangs up in the middle.
            let unfinished = async {
                let unit = store.begin(scope).await?;
                unit.teams().insert(&team(&ids, place, format!("unfinished {worker} {round}"))).await?;
                let page = unit.teams().list(place, &PageRequest::first(50)).await;
                drop(unit);
                page
            };
            let micros = u64::try_from((worker * 37 + round * 211) % 3_000).unwrap();
            let _ = tokio::time::timeout(Duration::from_micros(micros), unfinished).await;
        } else {
            let unit = store.read(scope).await.unwrap();
            let page = unit.teams().list(place, &PageRequest::first(200)).await.unwrap();
            let own = unit.organizations().find(place, place).await.unwrap();
            unit.commit().await.unwrap();
            assert_eq!(own.map(|found| found.id), Some(place), "another organization's row");
            assert!(page.items.iter().all(|team| team.organization_id == place), "another organization's rows");
            assert!(made.iter().all(|name| page.items.iter().any(|team| team.name == *name)), "a lost team");
        }
    }
    made
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_sees_anothers_rows_and_nothing_is_lost() {
    let pooled = Pooled::new().await;
    let store = pooled.store().await;
    let ids = Arc::new(Ids::new(super::harness::clock(), Arc::new(SeededRandom::new(3))));
    let mut places = Vec::new();
    for number in 0..ORGANIZATIONS {
        let organization = organization(&ids, number);
        let unit = store.begin(Scope::organization(organization.id)).await.unwrap();
        unit.organizations().insert(&organization).await.unwrap();
        unit.commit().await.unwrap();
        places.push(organization.id);
    }
    let workers: Vec<_> = (0..WORKERS)
        .map(|worker| tokio::spawn(work(store.clone(), ids.clone(), places[worker % ORGANIZATIONS], worker)))
        .collect();
    let mut made = 0;
    for worker in workers {
        made += worker.await.unwrap().len();
    }
    let mut there = 0;
    for place in places {
        let unit = store.read(Scope::organization(place)).await.unwrap();
        let teams = unit.teams().list(place, &PageRequest::first(200)).await.unwrap().items;
        unit.commit().await.unwrap();
        // What was cut off is there as a whole or not at all; here nobody committed it.
        assert!(teams.iter().all(|team| !team.name.starts_with("unfinished")));
        there += teams.len();
    }
    assert_eq!(there, made);
    // All of that went through a handful of connections, and none of them is stuck in a transaction.
    let mut superuser = pooled.database.connect().await;
    let begin = Instant::now();
    loop {
        let (open, busy): (i64, i64) = sqlx::query_as(
            "SELECT count(*), count(*) FILTER (WHERE state <> 'idle') FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .fetch_one(&mut superuser)
        .await
        .unwrap();
        assert!(open <= i64::from(CONNECTIONS), "{open}");
        if busy == 0 {
            return;
        }
        // Those of the callers who hung up last are still being rolled back.
        assert!(begin.elapsed() < Duration::from_secs(5), "{busy} stuck");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// What the setting is for: a statement's name means another statement on another of the pooler's connections.
#[tokio::test]
async fn named_statements_answer_for_each_other_without_it() {
    let pooled = Pooled::new().await;
    let url = pooled.settings().target;
    let StoreTarget::Postgres(options) = url else { panic!("PostgreSQL") };
    let options = (*options).extra_float_digits(None);
    let mut one = PgConnection::connect_with(&options).await.unwrap();
    let mut other = PgConnection::connect_with(&options).await.unwrap();
    let mut busy = PgConnection::connect_with(&options).await.unwrap();
    let ask = async |connection: &mut PgConnection, answer: &str| {
        let sql = format!("SELECT '{answer}'::text");
        sqlx::query_scalar::<_, String>(AssertSqlSafe(sql)).fetch_one(connection).await
    };
    assert_eq!(ask(&mut one, "one").await.unwrap(), "one");
    // The first connection of the server is taken, so the same name is given on the second.
    sqlx::raw_sql("BEGIN").execute(&mut busy).await.unwrap();
    assert_eq!(ask(&mut other, "other").await.unwrap(), "other");
    let answer = ask(&mut one, "one").await;
    // Later releases keep names apart by themselves, if they are told to.
    if pooled.pooler.version() < (1, 21) {
        assert_eq!(answer.unwrap(), "other", "the wrong row");
    }
    // And with settings of a session the store is not let in at all, rather than left without its time limits.
    let mut settings = pooled.settings();
    settings.postgres.pooler = false;
    if pooled.pooler.version() < (1, 20) {
        assert!(SqlStore::connect(&settings).await.is_err());
    }
}
