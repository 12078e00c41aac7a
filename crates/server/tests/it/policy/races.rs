//! Two who write at once.

use super::{MODEL, RULES, export, model, post, put, put_model, rules};
use crate::support::{Person, Server, StoreKind};
use reqwest::StatusCode;

/// A model and a rule that do not fit together are never both kept, whoever comes first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_and_a_rule_that_do_not_fit_are_not_both_kept() {
    let (mut models, mut rules_kept) = (0, 0);
    for kind in [StoreKind::Postgres, StoreKind::Sqlite] {
        let server = Server::start(kind).await;
        for round in 0..20 {
            let ada = Person::new(&server, &format!("ada{round}")).await;
            let three = model("r.sub == p.sub");
            let four = rules(&["p, a, *, x, read"]);
            let (put, posted) = tokio::join!(put_model(&server, &ada, &three), post(&server, &ada, RULES, four));
            match (put.0, posted.0) {
                (StatusCode::OK, StatusCode::UNPROCESSABLE_ENTITY) => models += 1,
                (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::CREATED) => rules_kept += 1,
                other => panic!("{other:?}: {put:?} {posted:?}"),
            }
        }
    }
    println!("the model came first {models} times, the rule {rules_kept} times");
}

/// Two roles that would be each other's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_halves_of_a_circle_are_not_both_kept() {
    for kind in [StoreKind::Postgres, StoreKind::Sqlite] {
        let server = Server::start(kind).await;
        for round in 0..20 {
            let ada = Person::new(&server, &format!("ada{round}")).await;
            let (one, other) = tokio::join!(
                post(&server, &ada, RULES, rules(&["g, a, b, *"])),
                post(&server, &ada, RULES, rules(&["g, b, a, *"])),
            );
            let mut answers = [one.0.as_u16(), other.0.as_u16()];
            answers.sort_unstable();
            assert_eq!(answers, [201, 422], "{one:?} {other:?}");
            assert_eq!(export(&server, &ada).await.lines().count(), 1);
        }
    }
}

/// A model of the platform and a rule of an organization that is read by it and does not fit are never both kept.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_of_the_platform_and_a_rule_that_do_not_fit_are_not_both_kept() {
    let (mut models, mut rules_kept) = (0, 0);
    for kind in [StoreKind::Postgres, StoreKind::Sqlite, StoreKind::Memory] {
        let server = Server::start(kind).await;
        let (root, ada) = (Person::administrator(&server).await, Person::new(&server, "ada").await);
        for _ in 0..15 {
            let three = model("r.sub == p.sub");
            let four = rules(&["p, a, *, x, read"]);
            let (written, posted) = tokio::join!(put_model(&server, &root, &three), post(&server, &ada, RULES, four));
            match (written.0, posted.0) {
                (StatusCode::OK, StatusCode::UNPROCESSABLE_ENTITY) => models += 1,
                (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::CREATED) => rules_kept += 1,
                other => panic!("{other:?}: {written:?} {posted:?}"),
            }
            // As it was.
            let (status, body) = put(&server, &ada, RULES, rules(&[])).await;
            assert_eq!(status, StatusCode::OK, "{body}");
            if written.0 == StatusCode::OK {
                let url = format!("{}{MODEL}", server.base);
                let version = written.1["version"].as_i64().unwrap();
                let request = server.http.delete(&url).bearer_auth(&root.access);
                let answer = request.header("If-Match", format!("\"{version}\"")).send().await.unwrap();
                assert_eq!(answer.status(), StatusCode::NO_CONTENT);
            }
        }
    }
    println!("the model came first {models} times, the rule {rules_kept} times");
}
