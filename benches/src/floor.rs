//! The floors that need no database.

use crate::{questions::Question, rounds::median, rules::Shape};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};
use keystead_access::policy::DEFAULT_MODEL;
use std::time::{Duration, Instant};

/// Argon2id hashes a second on every core, each thread with one block of memory for all of its hashes.
pub(crate) fn argon2id(turn: Duration) -> f64 {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let begun = Instant::now();
    let threads: Vec<_> = (0..cores).map(|_| std::thread::spawn(move || hashes_until(begun, turn))).collect();
    let count: u32 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    f64::from(count) / begun.elapsed().as_secs_f64()
}

fn hashes_until(begun: Instant, turn: Duration) -> u32 {
    let params = Params::new(19 * 1024, 2, 1, Some(32)).unwrap();
    let mut memory = vec![Block::default(); params.block_count()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let (mut out, mut count) = ([0; 32], 0);
    while begun.elapsed() < turn {
        argon2.hash_password_into_with_memory(b"a long phrase", b"sixteen of salt!", &mut out, &mut memory).unwrap();
        count += 1;
    }
    count
}

/// The medians of what the `casbin` crate's checks of some questions, and of some others, take on the same rules, in microseconds.
/// Its matcher asks no conditions: it stops with an error where a property is missing.
pub(crate) async fn casbin(shape: &Shape, questions: [&[Question]; 2]) -> [f64; 2] {
    let model = DEFAULT_MODEL.replace(" \\\n    && eval(p.cond)", "");
    assert_ne!(model, DEFAULT_MODEL, "the condition is left out");
    let model = DefaultModel::from_str(&model).await.unwrap();
    let mut enforcer = Enforcer::new(model, MemoryAdapter::default()).await.unwrap();
    let (mut rules, mut links) = (Vec::new(), Vec::new());
    for rule in shape.all() {
        let values = rule.values.into_iter().map(Option::unwrap_or_default);
        if rule.ptype == "p" { rules.push(values.collect()) } else { links.push(values.take(3).collect()) }
    }
    enforcer.add_policies(rules).await.unwrap();
    enforcer.add_grouping_policies(links).await.unwrap();
    let domain = shape.organization.to_string();
    let time = |asked: &Question| {
        let request = (asked.user.as_str(), domain.as_str(), asked.object.as_str(), asked.action);
        let begun = Instant::now();
        let _ = std::hint::black_box(enforcer.enforce(request).unwrap());
        begun.elapsed().as_secs_f64() * 1e6
    };
    questions.map(|questions| median(&mut questions.iter().map(time).collect::<Vec<_>>()))
}
