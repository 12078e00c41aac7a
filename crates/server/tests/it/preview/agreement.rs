//! After any random changes: what a preview lists is just what comes out otherwise once they are saved.

use super::World;
use crate::support::{Chance, StoreKind, times};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// The flips of a preview, as places in the list of decisions, with the decision after.
fn places(world: &World, preview: &Value) -> Vec<(usize, bool)> {
    let (subjects, actions, resources) = world.asked();
    let place = |all: &[Value], one: &Value| all.iter().position(|known| known == one).unwrap();
    let flips = preview["flips"].as_array().unwrap().iter().map(|flip| {
        let action = actions.iter().position(|action| flip["action"] == json!(action)).unwrap();
        let at = (place(&subjects, &flip["subject"]) * resources.len() + place(&resources, &flip["resource"]))
            * actions.len()
            + action;
        let after = flip["after"]["allowed"].as_bool().unwrap();
        assert_eq!(flip["before"]["allowed"], json!(!after), "{flip}");
        (at, after)
    });
    let mut places: Vec<_> = flips.collect();
    places.sort_unstable();
    places
}

/// Some changes in a row, previewed and saved. Returns how many decisions flipped.
async fn round(world: &World, chance: &mut Chance, context: &str) -> usize {
    let changes = vec![world.random_change(chance).await, world.random_change(chance).await];
    let (subjects, actions, resources) = world.asked();
    let body = json!({ "changes": changes, "subjects": subjects, "actions": actions, "resources": resources });
    let before = world.decisions().await;
    let (rules, (status, preview)) = (world.rules().await, world.preview(body).await);
    // Nothing of it was saved.
    assert_eq!(world.rules().await, rules, "{context}: {changes:?}");
    assert_eq!(world.decisions().await, before, "{context}: {changes:?}");
    let mut saved = true;
    for change in &changes {
        saved = saved && world.save(change).await;
    }
    if !saved {
        assert!(status.is_client_error(), "{context}: {changes:?}: {status} {preview}");
        return 0;
    }
    assert_eq!(status, StatusCode::OK, "{context}: {changes:?}: {preview}");
    let after = world.decisions().await;
    let differing = (0..after.len()).filter(|at| before[*at] != after[*at]);
    let differing: Vec<_> = differing.map(|at| (at, after[at])).collect();
    assert_eq!(places(world, &preview), differing, "{context}: {changes:?}: {preview}");
    differing.len()
}

async fn agreement(kind: StoreKind, rounds: u32) {
    let world = World::new(kind).await;
    let seed = 20_261_121;
    let (mut chance, mut flipped) = (Chance::new(seed), 0);
    for number in 0..rounds {
        flipped += round(&world, &mut chance, &format!("seed {seed}, round {number}, {kind:?}")).await;
    }
    assert!(flipped > 10, "only {flipped} decisions flipped");
}

#[tokio::test]
async fn a_preview_says_what_saving_does_on_sqlite() {
    agreement(StoreKind::Sqlite, times(40, 2_000)).await;
}

#[tokio::test]
async fn a_preview_says_what_saving_does_on_postgres() {
    agreement(StoreKind::Postgres, times(20, 1_000)).await;
}

#[tokio::test]
async fn a_preview_says_what_saving_does_in_memory() {
    agreement(StoreKind::Memory, times(20, 1_000)).await;
}
