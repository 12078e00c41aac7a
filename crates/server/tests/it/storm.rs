//! Requests dropped at random moments: nobody sees another's rows, nothing acknowledged is lost, no connection is stuck.

use crate::support::{Chance, Person, Server, StoreKind, TestStore, times};
use serde_json::json;
use std::{sync::Arc, time::Duration};
use tokio::{io::AsyncWriteExt, net::TcpStream};

const PEOPLE: usize = 8;

async fn storm(kind: StoreKind) {
    // A small pool makes a connection that was given back dirty meet the next person at once.
    let settings = [("KEYSTEAD_POSTGRES_POOL_SIZE", "4"), ("KEYSTEAD_POSTGRES_POOL_OVERFLOW", "2")];
    let server = Arc::new(Server::start_on(Arc::new(TestStore::new(kind).await), &settings).await);
    let dropped_each = times(2_000, 20_000) as usize / PEOPLE;
    let mut tasks = Vec::new();
    for number in 0..PEOPLE {
        let person = Person::new(&server, &format!("person{number}")).await;
        tasks.push(tokio::spawn(one_person(Arc::clone(&server), person, number as u64, dropped_each)));
    }
    for task in tasks {
        let (person, acknowledged) = task.await.unwrap();
        let teams = person.all(&server, "/api/v1/teams").await;
        let names: Vec<_> = teams.iter().map(|team| team["name"].as_str().unwrap()).collect();
        for name in &acknowledged {
            assert!(names.contains(&name.as_str()), "{name} was acknowledged and is lost");
        }
        assert!(names.iter().all(|name| name.starts_with(&format!("{} ", person.name))), "foreign rows: {names:?}");
    }
    assert_nothing_is_stuck(&server).await;
}

/// Drops requests, and between them looks at what is its own.
async fn one_person(server: Arc<Server>, person: Person, seed: u64, count: usize) -> (Person, Vec<String>) {
    let mut chance = Chance::new(seed);
    let mut acknowledged = Vec::new();
    for turn in 0..count {
        drop_one(&server, &person, turn, &mut chance).await;
        if turn % 20 == 0 {
            let (status, me) = person.get(&server, "/api/v1/me").await;
            assert_eq!((status.as_u16(), me["username"].as_str()), (200, Some(person.name.as_str())), "{me}");
            let name = format!("{} kept {turn}", person.name);
            let status = person.make_team(&server, &name).await.unwrap();
            assert_eq!(status.as_u16(), 201);
            acknowledged.push(name);
        }
    }
    (person, acknowledged)
}

async fn drop_one(server: &Server, person: &Person, turn: usize, chance: &mut Chance) {
    let (method, path, body) = match chance.below(3) {
        0 => ("GET", "/api/v1/me", String::new()),
        1 => ("GET", "/api/v1/teams", String::new()),
        _ => ("POST", "/api/v1/teams", json!({ "name": format!("{} dropped {turn}", person.name) }).to_string()),
    };
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        person.access,
        body.len()
    );
    let mut stream = TcpStream::connect(server.base.trim_start_matches("http://")).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    // From before the request is read to after its answer is written.
    tokio::time::sleep(Duration::from_micros(chance.below(4_000))).await;
}

async fn assert_nothing_is_stuck(server: &Server) {
    let mut last = String::new();
    for _ in 0..100 {
        let answer = server.http.get(format!("{}/health/ready", server.base)).send().await.unwrap();
        let is_ready = answer.status().is_success();
        last = answer.text().await.unwrap();
        let health: serde_json::Value = serde_json::from_str(&last).unwrap();
        if is_ready && health["pool"]["open"] == health["pool"]["idle"] {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("connections are still in use: {last}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn storm_on_sqlite() {
    storm(StoreKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn storm_on_postgres() {
    storm(StoreKind::Postgres).await;
}
