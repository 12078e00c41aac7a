//! More registrations at once than passwords can be judged: some are told to come back, and nobody else notices.

use crate::support::{Person, Server, StoreKind, TestStore};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

const FLOOD: usize = 200;
/// Few signs for many letters: it takes zxcvbn long, and it is refused or accepted only in the end.
const SLOW: &str = "4@8({[</369&#!1/|0$5+7%2Z4@8({[<";

struct Answer {
    status: StatusCode,
    retry_after: Option<u32>,
    body: Value,
}

async fn register(server: &Server, number: usize) -> Answer {
    let person = json!({ "username": format!("flood-{number}"), "email": format!("flood-{number}@example.org"), "password": SLOW });
    let answer = server.http.post(format!("{}/api/v1/accounts", server.base)).json(&person).send().await.unwrap();
    let retry_after = answer.headers().get("retry-after").map(|value| value.to_str().unwrap().parse().unwrap());
    Answer { status: answer.status(), retry_after, body: answer.json().await.unwrap() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_registrations_is_told_to_come_back_and_the_others_are_served() {
    let settings = [("KEYSTEAD_PASSWORDS_ARGON2_MEMORY_KIB", "8192"), ("KEYSTEAD_PASSWORDS_ARGON2_PASSES", "1")];
    let server = Arc::new(Server::start_on(Arc::new(TestStore::new(StoreKind::Sqlite).await), &settings).await);
    let ada = Person::new(&server, "ada").await;

    let answered = Arc::new(AtomicUsize::new(0));
    let flood: Vec<_> = (0..FLOOD)
        .map(|number| {
            let (server, answered) = (Arc::clone(&server), Arc::clone(&answered));
            tokio::spawn(async move {
                let answer = register(&server, number).await;
                answered.fetch_add(1, Ordering::SeqCst);
                answer
            })
        })
        .collect();

    // Everybody else goes on while passwords wait to be judged.
    let mut looks = 0;
    while answered.load(Ordering::SeqCst) < FLOOD {
        let begun = Instant::now();
        let (status, me) = ada.get(&server, "/api/v1/me").await;
        assert_eq!((status, me["username"].as_str()), (StatusCode::OK, Some("ada")));
        let live = server.http.get(format!("{}/health/live", server.base)).send().await.unwrap();
        assert_eq!(live.status(), StatusCode::OK);
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        looks += 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(looks > 3, "the flood was over before anybody looked");

    let (mut refused, mut judged) = (0, 0);
    for task in flood {
        let answer = task.await.unwrap();
        match answer.status {
            StatusCode::SERVICE_UNAVAILABLE => {
                refused += 1;
                assert!((1..=60).contains(&answer.retry_after.unwrap()));
                assert_eq!(answer.body["code"], "busy");
            }
            StatusCode::CREATED | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST => judged += 1,
            other => panic!("{other}: {}", answer.body),
        }
    }
    assert!(judged >= 65 && refused > 0, "{judged} judged, {refused} refused");
    // Once it is over, a person registers as ever.
    Person::new(&server, "eve").await;
}
