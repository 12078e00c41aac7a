//! The server is killed in the middle of writes: what was acknowledged is there, and nothing is there by half.

use crate::support::{Chance, Person, Server, StoreKind, TestStore, times};
use keystead_testkit::postgres::{Cluster, Options};
use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

const WRITERS: usize = 4;

/// What the writers know to be acknowledged.
type Acknowledged = HashSet<String>;

/// Writes until the server dies. Returns what it acknowledged.
async fn write_until_killed(server: &Arc<Server>, person: &Person, round: u32, wait: Duration) -> Acknowledged {
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (server, person, stop) = (Arc::clone(server), person.clone(), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut acknowledged = Acknowledged::new();
                for number in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let name = format!("team {round} {writer} {number}");
                    match person.make_team(&server, &name).await {
                        Some(status) if status.as_u16() == 201 => {
                            acknowledged.insert(name);
                        }
                        _ => break,
                    }
                }
                acknowledged
            })
        })
        .collect();
    tokio::time::sleep(wait).await;
    // The standard library's kill is SIGKILL.
    let killed = std::process::Command::new("kill").args(["-9", &server.id().to_string()]).status().unwrap();
    assert!(killed.success());
    stop.store(true, Ordering::Relaxed);
    let mut all = Acknowledged::new();
    for writer in writers {
        all.extend(writer.await.unwrap());
    }
    all
}

/// Every team has its audit event and every such event its team: they were committed together.
async fn assert_whole(server: &Server, person: &Person) -> HashSet<String> {
    let teams = person.all(server, "/api/v1/teams").await;
    let ids: HashSet<_> = teams.iter().map(|team| team["id"].as_str().unwrap().to_owned()).collect();
    let events = person.all(server, "/api/v1/audit-events?event_type=team.created").await;
    let told: HashSet<_> = events.iter().map(|event| event["resource_id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, told, "a change and its audit event were not committed together");
    teams.iter().map(|team| team["name"].as_str().unwrap().to_owned()).collect()
}

async fn kill_often(store: Arc<TestStore>, rounds: u32, settings: &[(&str, &str)], loses_nothing: bool) {
    let mut server = Server::start_on(store, settings).await;
    let person = Person::new(&server, "ada").await;
    let mut chance = Chance::new(u64::from(rounds));
    if !loses_nothing {
        // The account itself must be in the file before the first kill.
        tokio::time::sleep(Duration::from_millis(2_500)).await;
    }
    let mut acknowledged = Acknowledged::new();
    for round in 0..rounds {
        let shared = Arc::new(server);
        acknowledged
            .extend(write_until_killed(&shared, &person, round, Duration::from_millis(30 + chance.below(300))).await);
        server = Arc::into_inner(shared).unwrap();
        server.kill();
        server.start_again().await;
        let names = assert_whole(&server, &person).await;
        if loses_nothing {
            let lost: Vec<_> = acknowledged.difference(&names).collect();
            assert!(lost.is_empty(), "acknowledged and lost in round {round}: {lost:?}");
        }
    }
    assert!(!acknowledged.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_on_sqlite() {
    let store = Arc::new(TestStore::new(StoreKind::Sqlite).await);
    kill_often(store, times(8, 50), &[], true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_on_json() {
    let store = Arc::new(TestStore::new(StoreKind::Json).await);
    kill_often(store, times(8, 50), &[], false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_on_postgres_that_waits_for_the_disk() {
    let cluster = Cluster::start(Options { fsync: true, ..Options::default() });
    let database = cluster.server().database().await;
    let store = Arc::new(TestStore::in_database(database));
    kill_often(store, times(8, 50), &[], true).await;
}
