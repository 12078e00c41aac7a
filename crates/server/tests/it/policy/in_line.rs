//! Those who wait in line to write rules, at two servers: each knows the rules as they were before the one in front of it wrote.

use super::{MODEL, RULES, export, id_of, model, post, put, put_model, rules};
use crate::support::{Person, Server, StoreKind, TestStore, send};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use sqlx::{Connection, PgConnection};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Two nodes share their master key; and whoever waits, waits for long.
const SETTINGS: [(&str, &str); 2] = [
    ("KEYSTEAD_MASTER_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
    ("KEYSTEAD_POSTGRES_LOCK_TIMEOUT_MS", "15000"),
];

type Answer = (StatusCode, Value);

struct Servers {
    first: Server,
    second: Server,
    store: Arc<TestStore>,
}

impl Servers {
    async fn start() -> Self {
        let store = Arc::new(TestStore::new(StoreKind::Postgres).await);
        let first = Server::start_on(Arc::clone(&store), &SETTINGS).await;
        let second = Server::start_on(Arc::clone(&store), &SETTINGS).await;
        Self { first, second, store }
    }

    /// Lets `one` write at the first server and `other` at the second, where both know the rules as they are now.
    async fn one_after_the_other(
        &self,
        person: &Person,
        one: impl Future<Output = Answer>,
        other: impl Future<Output = Answer>,
    ) -> (Answer, Answer) {
        let organization = id_of(&self.first, person).await.1;
        id_of(&self.second, person).await;
        let mut holder = PgConnection::connect(&self.store.url).await.unwrap();
        let mut held = holder.begin().await.unwrap();
        sqlx::query("SELECT 1 FROM keystead.access_versions WHERE organization_id = $1::uuid FOR UPDATE")
            .bind(organization)
            .execute(&mut *held)
            .await
            .unwrap();
        let letting = async {
            self.wait_for(2).await;
            held.rollback().await.unwrap();
        };
        let second = async {
            self.wait_for(1).await;
            other.await
        };
        let (one, other, ()) = tokio::join!(one, second, letting);
        (one, other)
    }

    /// Until so many wait for a lock.
    async fn wait_for(&self, count: i64) {
        let mut connection = PgConnection::connect(&self.store.url).await.unwrap();
        let begun = Instant::now();
        loop {
            let waiting: i64 = sqlx::query_scalar(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
            )
            .fetch_one(&mut connection)
            .await
            .unwrap();
            if waiting >= count {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(12), "{waiting} wait, not {count}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn person(&self, name: &str, there: &[&str]) -> Person {
        let person = Person::new(&self.first, name).await;
        assert_eq!(post(&self.first, &person, RULES, rules(there)).await.0, StatusCode::CREATED);
        person
    }
}

fn refused_circle(answer: &Answer) -> bool {
    answer.0 == StatusCode::UNPROCESSABLE_ENTITY && answer.1.to_string().contains("cyclic roles: b → a → b")
}

/// Whatever the other server has just written counts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_one_in_front_has_written_counts() {
    let servers = Servers::start().await;
    let (first, second) = (&servers.first, &servers.second);
    let other_half = || rules(&["g, b, a, *"]);

    let ada = servers.person("ada", &["p, x, *, y, read"]).await;
    let (one, other) = servers
        .one_after_the_other(
            &ada,
            post(first, &ada, RULES, rules(&["g, a, b, *"])),
            post(second, &ada, RULES, other_half()),
        )
        .await;
    assert!(one.0 == StatusCode::CREATED && refused_circle(&other), "{one:?} {other:?}");
    assert_eq!(export(second, &ada).await, "p,x,*,y,read\ng,a,b,*\n");

    // All are replaced, so that nothing is known of them.
    let bob = servers.person("bob", &["p, x, *, y, read"]).await;
    let (one, other) = servers
        .one_after_the_other(
            &bob,
            put(first, &bob, RULES, rules(&["g, a, b, *"])),
            post(second, &bob, RULES, other_half()),
        )
        .await;
    assert!(one.0 == StatusCode::OK && refused_circle(&other), "{one:?} {other:?}");

    // What stood in the way is gone, and what does not stand in the way is not refused.
    let eve = servers.person("eve", &["g, a, b, *"]).await;
    let rule = eve.all(first, RULES).await[0].clone();
    let path = format!("{RULES}/{}", rule["id"].as_str().unwrap());
    let removing = async {
        let request = first.http.delete(format!("{}{path}", first.base)).bearer_auth(&eve.access);
        let answer = request.header("If-Match", format!("\"{}\"", rule["version"])).send().await.unwrap();
        (answer.status(), Value::Null)
    };
    let (one, other) = servers.one_after_the_other(&eve, removing, post(second, &eve, RULES, other_half())).await;
    assert_eq!((one.0, other.0), (StatusCode::NO_CONTENT, StatusCode::CREATED), "{other:?}");
    assert_eq!(export(first, &eve).await, "g,b,a,*\n");
}

/// The model that the other server has just written counts, be it the organization's or the platform's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_model_of_the_one_in_front_counts() {
    let servers = Servers::start().await;
    let (first, second) = (&servers.first, &servers.second);
    let (three, four) = (model("r.sub == p.sub"), || rules(&["p, a, *, x, read"]));
    let ada = servers.person("ada", &["g, a, b, *"]).await;
    assert_eq!(put(first, &ada, RULES, rules(&[])).await.0, StatusCode::OK);
    let (one, other) =
        servers.one_after_the_other(&ada, put_model(first, &ada, &three), post(second, &ada, RULES, four())).await;
    assert_eq!((one.0, other.0), (StatusCode::OK, StatusCode::UNPROCESSABLE_ENTITY), "{one:?} {other:?}");
    assert!(other.1.to_string().contains("takes 3 values"), "{other:?}");

    // The platform's is of no version of the organization.
    let root = Person::administrator(first).await;
    let bob = Person::new(first, "bob").await;
    let known = send(second, Method::GET, MODEL, Some(&bob.access), None).await;
    assert_eq!(known.1["origin"], "default", "{known:?}");
    assert_eq!(put_model(first, &root, &three).await.0, StatusCode::OK);
    let other = post(second, &bob, RULES, four()).await;
    assert!(other.1.to_string().contains("takes 3 values"), "{other:?}");
}
