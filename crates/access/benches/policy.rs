//! What decisions cost. `cargo bench -p keystead-access` prints a table; the bounds are those of the design.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use keystead_access::policy::{Change, Effect, Entity, Model, Policy, Request, Rule, RuleId};
use keystead_domain::Timestamp;
use std::{
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

#[path = "policy/beside.rs"]
mod beside;
#[path = "policy/rows.rs"]
mod rows;

fn percentile(times: &mut [u64], percent: usize) -> u64 {
    times.sort_unstable();
    times[(times.len() - 1) * percent / 100]
}

fn line(name: &str, value: String, bound: &str) {
    println!("{name:<58} {value:>14}   {bound}");
}

/// Median and 99th percentile in nanoseconds over random requests, and how many were allowed.
fn decisions(policy: &Policy, shape: &rows::Shape, count: usize, aimed: bool) -> (u64, u64, usize) {
    let mut random = rows::Random::new(7);
    let aims = if aimed { rows::aims(shape) } else { Vec::new() };
    let requests: Vec<_> = (0..count).map(|_| rows::request(&mut random, shape, &aims)).collect();
    let now = Timestamp::from_unix_seconds(1_700_000_000);
    let mut times = Vec::with_capacity(count);
    let mut allowed = 0;
    for _ in 0..2 {
        times.clear();
        allowed = 0;
        for asked in &requests {
            let properties = rows::properties(asked.draft);
            let resource = Entity::new("document", &asked.object).with(&properties);
            let request =
                Request::new(Entity::new("user", &asked.user), Entity::new("action", asked.action), resource, now)
                    .in_domain("main");
            let start = Instant::now();
            let verdict = black_box(policy.decide(black_box(&request)));
            times.push(u64::try_from(start.elapsed().as_nanos()).unwrap());
            allowed += usize::from(verdict.effect == Effect::Allow);
        }
    }
    (percentile(&mut times, 50), percentile(&mut times, 99), allowed)
}

fn median(mut run: impl FnMut() -> Duration, rounds: usize) -> Duration {
    let mut times: Vec<_> = (0..rounds).map(|_| run()).collect();
    times.sort_unstable();
    times[rounds / 2]
}

fn main() {
    // `cargo test` builds benchmarks too and runs them with other arguments: nothing is measured then.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let model = Arc::new(Model::standard().unwrap());
    let small = rows::Shape::of(1_000);
    let large = rows::Shape::of(100_000);
    let small_policy = Policy::compile(Arc::clone(&model), &rows::rules(&small)).unwrap();
    let rules = rows::rules(&large);
    line("rules (p and g)", rules.len().to_string(), "");
    let compile = median(
        || {
            let start = Instant::now();
            black_box(Policy::compile(Arc::clone(&model), &rules).unwrap());
            start.elapsed()
        },
        5,
    );
    line("compile", format!("{compile:.1?}"), "<= 200 ms");
    let mut compiled = None;
    let counted = allocation_counter::measure(|| compiled = Some(Policy::compile(Arc::clone(&model), &rules).unwrap()));
    let policy = compiled.unwrap();
    line("memory", format!("{:.1} MB", counted.bytes_current as f64 / 1e6), "<= 80 MB");
    line("memory while compiling", format!("{:.1} MB", counted.bytes_max as f64 / 1e6), "");

    let clock = median(
        || {
            let start = Instant::now();
            black_box(start).elapsed()
        },
        1001,
    );
    line("(reading the clock, within each time below)", format!("{clock:.1?}"), "");
    let (p50_small, p99_small, _) = decisions(&small_policy, &small, 200_000, false);
    line("decide, 1,000 rows: p50", format!("{p50_small} ns"), "");
    line("decide, 1,000 rows: p99", format!("{p99_small} ns"), "");
    let (p50, p99, allowed) = decisions(&policy, &large, 200_000, false);
    line("decide, 100,000 rows: p50", format!("{p50} ns"), "<= 2,000 ns");
    line("decide, 100,000 rows: p99", format!("{p99} ns"), "<= 10,000 ns");
    line("decide, 100,000 to 1,000 rows", format!("{:.1} x", p50 as f64 / p50_small as f64), "<= 8 x");
    line("  of 200,000 requests allowed", allowed.to_string(), "");
    let (hit50, hit99, allowed) = decisions(&policy, &large, 200_000, true);
    line("decide, requests that rules are about: p50 / p99", format!("{hit50} / {hit99} ns"), "<= 2,000 / 10,000 ns");
    line("  of 200,000 requests allowed", allowed.to_string(), "");

    let now = Timestamp::from_unix_seconds(1_700_000_000);
    let crowded = Policy::compile(Arc::clone(&model), &rows::crowded()).unwrap();
    let request = Request::new(
        Entity::new("user", "busy"),
        Entity::new("action", "read"),
        Entity::new("document", "crowded"),
        now,
    )
    .in_domain("main");
    assert_eq!(crowded.decide(&request).effect, Effect::Abstain);
    let denial = median(
        || {
            let start = Instant::now();
            black_box(crowded.decide(black_box(&request)));
            start.elapsed()
        },
        10_001,
    );
    line("denial, 1,000 roles and 10,000 rules in play", format!("{denial:.1?}"), "<= 20 us");

    let mut random = rows::Random::new(11);
    let mut version = policy.clone();
    let mut changes = Vec::new();
    for _ in 0..2_001 {
        let id = RuleId::from_uuid(uuid::Uuid::from_u128(u128::from(random.below(80_000)) + 1));
        let role = format!("role{}", random.below(10_000));
        let object = format!("doc{}", random.below(50_000));
        let rule = Rule::new(id, "p", [role, "main".into(), object, "read".into()]);
        let start = Instant::now();
        version = black_box(version.with(&[Change::Put(rule)]).unwrap());
        changes.push(u64::try_from(start.elapsed().as_nanos()).unwrap());
    }
    line("one changed rule, old version dropped: p50", format!("{} ns", percentile(&mut changes, 50)), "<= 1 ms");
    line("one changed rule, old version dropped: p99", format!("{} ns", percentile(&mut changes, 99)), "<= 1 ms");
    line("one changed rule, old version dropped: worst of 2,001", format!("{} ns", percentile(&mut changes, 100)), "");
    let (p50, p99, _) = decisions(&version, &large, 100_000, false);
    line("decide after 2,001 changes: p50 / p99", format!("{p50} / {p99} ns"), "");
    let request =
        Request::new(Entity::new("user", "u1"), Entity::new("action", "read"), Entity::new("document", "doc1"), now);
    let explain = median(
        || {
            let start = Instant::now();
            black_box(policy.explain(black_box(&request)));
            start.elapsed()
        },
        5,
    );
    line("explain, 100,000 rows", format!("{explain:.1?}"), "");
    line("the casbin crate, 1,000 rows: median", format!("{:.1?}", beside::check(&small, 200)), "");
    line("the casbin crate, 100,000 rows: median", format!("{:.1?}", beside::check(&large, 5)), "");
}
