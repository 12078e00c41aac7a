//! Two servers on one PostgreSQL: whatever was acknowledged by one decides at both, while their connections are cut at random;
//! and when the database is gone, nobody is let in.
//!
//! No server waits to be told of changes, so there is no connection that only listens: any of them is cut.

use super::{
    place::{Answer, Place},
    switches::{Switch, ask_all, switches},
};
use crate::support::{Chance, Server, TestStore, times};
use keystead_testkit::postgres::{Cluster, Options};
use reqwest::StatusCode;
use sqlx::{Connection, PgConnection};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// How long it may take on a slow machine until enough was written.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the writer of a switch knows of it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Known {
    on: bool,
    /// A write has begun and is not acknowledged.
    is_changing: bool,
    writes: u64,
}

struct World {
    servers: [Server; 2],
    place: Place,
    switches: Vec<Switch>,
    known: Vec<Mutex<Known>>,
    stop: AtomicBool,
    /// How often something was refused, and how many questions were answered for a version and without one.
    refused: AtomicU64,
    asked_for_a_version: AtomicU64,
    asked: AtomicU64,
    /// The longest time from an acknowledgement to an answer on the other server, in microseconds.
    longest: AtomicU64,
}

impl World {
    fn known(&self, number: usize) -> Known {
        *self.known[number].lock().unwrap()
    }
    /// The decision; none when the request was refused because the database was away, which is never an allowance.
    fn decision(&self, answer: &Answer) -> Option<bool> {
        if answer.status == StatusCode::OK {
            return Some(answer.body["decision"].as_bool().unwrap());
        }
        self.refused(answer);
        None
    }
    fn refused(&self, answer: &Answer) {
        let away = [StatusCode::SERVICE_UNAVAILABLE, StatusCode::GATEWAY_TIMEOUT];
        assert!(away.contains(&answer.status), "{answer:?}");
        self.refused.fetch_add(1, Ordering::Relaxed);
    }
    fn writes(&self) -> Vec<u64> {
        (0..self.switches.len()).map(|number| self.known(number).writes).collect()
    }
    /// On a slow machine little happens in a few seconds.
    fn has_seen_enough(&self) -> bool {
        self.writes().iter().all(|count| *count >= 4) && self.asked_for_a_version.load(Ordering::Relaxed) >= 20
    }
    fn runs(&self) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }

    /// Switches until it is acknowledged. Returns the version that the acknowledgement told.
    async fn write(&self, number: usize, on: bool, server: &Server) -> Option<i64> {
        loop {
            let answer = self.switches[number].set(server, &self.place, on).await;
            match answer.status {
                status if status.is_success() => return answer.version,
                // What was refused may have been done all the same, and so have raised the version.
                StatusCode::PRECONDITION_FAILED | StatusCode::CONFLICT => {}
                _ => self.refused(&answer),
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The first answer of `server` to what is begun after now.
    async fn first_answer(&self, number: usize, server: &Server, at_least: Option<i64>) -> (bool, i64) {
        loop {
            let answer = self.switches[number].ask(server, &self.place.program, at_least).await;
            if let Some(decision) = self.decision(&answer) {
                return (decision, answer.version.unwrap());
            }
        }
    }
}

/// Switches one of them on and off, and asks after each acknowledgement.
async fn writer(world: Arc<World>, number: usize) {
    let mut chance = Chance::new(number as u64);
    let name = world.switches[number].name;
    while world.runs() {
        let [here, other] = if chance.below(2) == 0 { [0, 1] } else { [1, 0] }.map(|number| &world.servers[number]);
        let before = world.known(number);
        let on = !before.on;
        *world.known[number].lock().unwrap() = Known { is_changing: true, ..before };
        let version = world.write(number, on, here).await;
        let acknowledged = Instant::now();
        *world.known[number].lock().unwrap() = Known { on, is_changing: false, writes: before.writes + 1 };

        // Not asked for any version, the other server must know within 600 ms; it knows at the first question.
        let (decision, _) = world.first_answer(number, other, None).await;
        assert_eq!(decision, on, "{name}: not seen by the first question after {:?}", acknowledged.elapsed());
        world.longest.fetch_max(acknowledged.elapsed().as_micros() as u64, Ordering::Relaxed);
        world.asked.fetch_add(1, Ordering::Relaxed);
        if let Some(version) = version.filter(|_| !world.switches[number].by_the_platform) {
            let server = if chance.below(2) == 0 { here } else { other };
            let (decision, decided_by) = world.first_answer(number, server, Some(version)).await;
            assert!(decided_by >= version, "{name}: asked for {version}, decided by {decided_by}");
            assert_eq!(decision, on, "{name}: asked for {version}, decided by {decided_by}");
            world.asked_for_a_version.fetch_add(1, Ordering::Relaxed);
        }
        tokio::time::sleep(Duration::from_millis(chance.below(20))).await;
    }
}

/// Asks about all of them: what nobody was changing meanwhile is as it was acknowledged.
async fn reader(world: Arc<World>, seed: u64) {
    let mut chance = Chance::new(1_000 + seed);
    while world.runs() {
        let server = &world.servers[usize::try_from(chance.below(2)).unwrap()];
        let before: Vec<_> = (0..world.switches.len()).map(|number| world.known(number)).collect();
        let answer = ask_all(server, &world.place.program, &world.switches).await;
        if answer.status != StatusCode::OK {
            world.refused(&answer);
            continue;
        }
        for (number, known) in before.into_iter().enumerate() {
            if !known.is_changing && world.known(number) == known {
                let decision = answer.body["evaluations"][number]["decision"].as_bool().unwrap();
                assert_eq!(decision, known.on, "{}: {answer:?}", world.switches[number].name);
                world.asked.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// Cuts one of the servers' connections after another. Returns how many.
async fn cut(world: Arc<World>, url: String) -> u64 {
    let (mut chance, mut count) = (Chance::new(9), 0);
    let mut connection = PgConnection::connect(&url).await.unwrap();
    while world.runs() {
        tokio::time::sleep(Duration::from_millis(20 + chance.below(100))).await;
        let cut: Option<bool> = sqlx::query_scalar(
            "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE datname = current_database()
             AND application_name = 'keystead' ORDER BY random() LIMIT 1) one",
        )
        .fetch_optional(&mut connection)
        .await
        .unwrap();
        count += u64::from(cut == Some(true));
    }
    count
}

/// Nothing decides without the store: each question is refused, and says why.
async fn nothing_is_allowed(world: &World) {
    let until = Instant::now() + Duration::from_secs(u64::from(times(1, 10)));
    while Instant::now() < until {
        for server in &world.servers {
            for (number, switch) in world.switches.iter().enumerate() {
                let version = (number % 2 == 0).then_some(1);
                let answer = switch.ask(server, &world.place.program, version).await;
                assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}: {answer:?}", switch.name);
                assert_eq!(answer.media, "application/problem+json");
                assert!(answer.body["decision"].is_null() && answer.body["code"].is_string(), "{answer:?}");
            }
            let many = ask_all(server, &world.place.program, &world.switches).await;
            assert_eq!(many.status, StatusCode::SERVICE_UNAVAILABLE, "{many:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_decide_by_what_was_acknowledged_and_not_at_all_without_their_store() {
    let mut cluster = Cluster::start(Options::default());
    let store = Arc::new(TestStore::in_database(cluster.server().database().await));
    let url = store.url.clone();
    let key = [("KEYSTEAD_MASTER_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")];
    let first = Server::start_on(Arc::clone(&store), &key).await;
    let second = Server::start_on(store, &key).await;
    let place = Place::new(&first, &["ben", "cat", "eve"]).await;
    let switches = switches(&first, &place).await;
    let world = World {
        known: (0..switches.len()).map(|_| Mutex::new(Known { on: false, is_changing: false, writes: 0 })).collect(),
        servers: [first, second],
        place,
        switches,
        stop: AtomicBool::default(),
        refused: AtomicU64::default(),
        asked_for_a_version: AtomicU64::default(),
        asked: AtomicU64::default(),
        longest: AtomicU64::default(),
    };
    let world = Arc::new(world);
    let cutting = tokio::spawn(cut(Arc::clone(&world), url));
    let mut tasks: Vec<_> = (0..world.switches.len()).map(|n| tokio::spawn(writer(Arc::clone(&world), n))).collect();
    tasks.extend((0..2).map(|seed| tokio::spawn(reader(Arc::clone(&world), seed))));
    let (begun, long) = (Instant::now(), Duration::from_secs(u64::from(times(4, 120))));
    while (begun.elapsed() < long || !world.has_seen_enough()) && tasks.iter().all(|task| !task.is_finished()) {
        assert!(begun.elapsed() < long + PATIENCE, "next to nothing was written: {:?}", world.writes());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    world.stop.store(true, Ordering::Relaxed);
    for task in tasks {
        task.await.unwrap();
    }
    let connections = cutting.await.unwrap();
    let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let writes = world.writes();
    let (for_a_version, asked) = (count(&world.asked_for_a_version), count(&world.asked));
    println!(
        "{} writes ({writes:?}), {for_a_version} questions for a version, {asked} without, {connections} connections cut, \
         {} requests refused; acknowledged and answered by the other server within {:?}",
        writes.iter().sum::<u64>(),
        count(&world.refused),
        Duration::from_micros(count(&world.longest)),
    );
    assert!(connections > 10, "{connections} connections cut");

    cluster = tokio::task::spawn_blocking(move || {
        cluster.stop();
        cluster
    })
    .await
    .unwrap();
    nothing_is_allowed(&world).await;
    cluster = tokio::task::spawn_blocking(move || {
        cluster.restart();
        cluster
    })
    .await
    .unwrap();
    for server in &world.servers {
        for number in 0..world.switches.len() {
            let (decision, _) = world.first_answer(number, server, None).await;
            assert_eq!(decision, world.known(number).on, "{}", world.switches[number].name);
        }
    }
    drop(cluster);
}
