//! The database goes away, or its disk is full: requests are refused meanwhile, and everything goes on afterwards by itself.

use crate::support::{Person, Server, StoreKind, TestStore, send};
use keystead_testkit::postgres::{Cluster, Options};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use std::{
    collections::HashSet,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// How long a server may need to notice that its database is back.
const BACK_WITHIN: Duration = Duration::from_secs(20);

/// Every team has its audit event and every such event its team. Returns the teams' names.
async fn whole(server: &Server, person: &Person) -> HashSet<String> {
    let teams = person.all(server, "/api/v1/teams").await;
    let ids: HashSet<_> = teams.iter().map(|team| team["id"].as_str().unwrap().to_owned()).collect();
    let events = person.all(server, "/api/v1/audit-events?event_type=team.created").await;
    let told: HashSet<_> = events.iter().map(|event| event["resource_id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, told, "a change and its audit event were not committed together");
    teams.iter().map(|team| team["name"].as_str().unwrap().to_owned()).collect()
}

/// Makes a team. Returns the answer's status, media type and body.
async fn make(server: &Server, person: &Person, name: &str) -> (StatusCode, String, Value) {
    let request = server.http.post(format!("{}/api/v1/teams", server.base)).bearer_auth(&person.access);
    let answer = request.json(&json!({ "name": name })).send().await.unwrap();
    let media = answer.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
    (answer.status(), media, answer.json().await.unwrap())
}

async fn until_made(server: &Server, person: &Person, name: &str) {
    let begin = Instant::now();
    loop {
        let (status, _, body) = make(server, person, name).await;
        match status {
            // The answer to an earlier try may have been lost with the connection.
            StatusCode::CREATED | StatusCode::CONFLICT => return,
            _ => assert!(begin.elapsed() < BACK_WITHIN, "{status} {body}\n{}", server.log()),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Writes until told to stop. Returns what was acknowledged and how often it was refused.
async fn write(server: Arc<Server>, person: Person, writer: usize, stop: Arc<AtomicBool>) -> (HashSet<String>, u32) {
    let (mut acknowledged, mut refused) = (HashSet::new(), 0);
    for number in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let name = format!("team {writer} {number}");
        let (status, media, body) = make(&server, &person, &name).await;
        if status == StatusCode::CREATED {
            acknowledged.insert(name);
        } else {
            // Never a fault of the server: it says when to try again.
            assert!(
                [StatusCode::SERVICE_UNAVAILABLE, StatusCode::GATEWAY_TIMEOUT].contains(&status),
                "{status} {body}\n{}",
                server.log()
            );
            assert_eq!(media, "application/problem+json");
            refused += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    (acknowledged, refused)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_restarts_in_the_middle_of_traffic() {
    let mut cluster = Cluster::start(Options { fsync: true, ..Options::default() });
    let database = cluster.server().database().await;
    let server = Arc::new(Server::start_on(Arc::new(TestStore::in_database(database)), &[]).await);
    let person = Person::new(&server, "ada").await;
    let (mut acknowledged, mut refused) = (HashSet::new(), 0);
    for round in 0..3 {
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..4)
            .map(|writer| tokio::spawn(write(server.clone(), person.clone(), round * 10 + writer, stop.clone())))
            .collect();
        tokio::time::sleep(Duration::from_millis(300)).await;
        cluster = tokio::task::spawn_blocking(move || {
            if round == 1 {
                cluster.crash();
            } else {
                cluster.stop();
            }
            // Away for a while, so that requests meet nobody.
            std::thread::sleep(Duration::from_millis(500));
            cluster.restart();
            cluster
        })
        .await
        .unwrap();
        until_made(&server, &person, &format!("back {round}")).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        stop.store(true, Ordering::Relaxed);
        for writer in writers {
            let (made, times) = writer.await.unwrap();
            acknowledged.extend(made);
            refused += times;
        }
        let names = whole(&server, &person).await;
        let lost: Vec<_> = acknowledged.difference(&names).collect();
        assert!(lost.is_empty(), "acknowledged and lost in round {round}: {lost:?}");
    }
    assert!(acknowledged.len() > 20 && refused > 0, "{} made, {refused} refused", acknowledged.len());
    let (status, body) = send(&server, Method::GET, "/health/ready", None, None).await;
    assert_eq!(status, StatusCode::OK, "{body}");
}

/// Lets no file of the process grow beyond `bytes`, as a disk would that is full.
fn limit_files(process: u32, bytes: &str) {
    let done = Command::new("prlimit").args(["--pid", &process.to_string(), &format!("--fsize={bytes}:")]).status();
    assert!(done.expect("prlimit, of util-linux").success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_on_a_full_disk_refuses_and_goes_on_when_there_is_room() {
    let server = Server::start(StoreKind::Sqlite).await;
    let person = Person::new(&server, "ada").await;
    let mut acknowledged = HashSet::new();
    for number in 0..20 {
        assert_eq!(make(&server, &person, &format!("before {number}")).await.0, StatusCode::CREATED);
        acknowledged.insert(format!("before {number}"));
    }
    limit_files(server.id(), "200000");
    let (mut refusals, mut last) = (0, Value::Null);
    for number in 0..400 {
        let name = format!("during {number}");
        let (status, media, body) = make(&server, &person, &name).await;
        if status == StatusCode::CREATED {
            acknowledged.insert(name);
            continue;
        }
        assert_eq!((status, media.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "application/problem+json"), "{body}");
        (refusals, last) = (refusals + 1, body);
        if refusals == 20 {
            break;
        }
    }
    assert_eq!(refusals, 20, "the disk was never full");
    let code = last["code"].as_str().or(last["type"].as_str()).unwrap();
    assert!(code.contains("storage_f"), "{last}");
    // Reading goes on, and what was refused is not there.
    let names = whole(&server, &person).await;
    assert_eq!(names, acknowledged);

    limit_files(server.id(), "unlimited");
    until_made(&server, &person, "after").await;
    acknowledged.insert("after".to_owned());
    assert_eq!(whole(&server, &person).await, acknowledged);
    // And all of that is in the file.
    let mut server = server;
    server.kill();
    server.start_again().await;
    assert_eq!(whole(&server, &person).await, acknowledged);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_json_file_that_cannot_be_saved_stays_and_is_told() {
    let server = Server::start(StoreKind::Json).await;
    let person = Person::new(&server, "ada").await;
    let file = server.store.folder.path().join("keystead.json");
    let saved = |part: &str| std::fs::read_to_string(&file).unwrap().contains(part);
    let until = async |what: &str, done: &dyn Fn() -> bool| {
        let begin = Instant::now();
        while !done() {
            assert!(begin.elapsed() < BACK_WITHIN, "never: {what}\n{}", server.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    until("the account is saved", &|| saved("\"ada\"")).await;
    // Root may write anywhere; but nobody can put a file where a folder is.
    let obstacle = server.store.folder.path().join("keystead.json.tmp");
    std::fs::create_dir(&obstacle).unwrap();
    let old = std::fs::read(&file).unwrap();
    assert_eq!(make(&server, &person, "unsaved").await.0, StatusCode::CREATED);
    until("it is told", &|| server.log().contains("cannot be saved")).await;
    let (status, body) = send(&server, Method::GET, "/health/ready", None, None).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{body}");
    assert_eq!(std::fs::read(&file).unwrap(), old, "the old file is left as it was");
    std::fs::remove_dir(&obstacle).unwrap();
    until("it is saved", &|| saved("\"unsaved\"")).await;
    let (status, body) = send(&server, Method::GET, "/health/ready", None, None).await;
    assert_eq!(status, StatusCode::OK, "{body}");
}
