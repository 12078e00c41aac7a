//! What decisions over all sources cost. `cargo bench -p keystead-access --bench snapshot` prints a table.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::cast_precision_loss, missing_docs)]

use keystead_access::{
    Context, Denial, Reason, Target,
    listing::{Asked, ListLimits, Name, Page, flips},
    policy::{Change as RuleChange, Entity, Request, Rule},
    snapshot::{Change, Snapshot},
};
use keystead_domain::Timestamp;
use std::{
    collections::BTreeMap,
    hint::black_box,
    time::{Duration, Instant},
};

#[path = "policy/rows.rs"]
mod rows;
#[path = "snapshot/world.rs"]
mod world;

fn line(name: &str, value: String, bound: &str) {
    println!("{name:<58} {value:>16}   {bound}");
}

fn percentile(times: &mut [u64], percent: usize) -> u64 {
    times.sort_unstable();
    times[(times.len() - 1) * percent / 100]
}

fn median(mut run: impl FnMut() -> Duration, rounds: usize) -> Duration {
    let mut times: Vec<_> = (0..rounds).map(|_| run()).collect();
    times.sort_unstable();
    times[rounds / 2]
}

fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let value = black_box(run());
    (value, start.elapsed())
}

fn now() -> Timestamp {
    Timestamp::from_unix_seconds(1_700_000_000)
}

/// Median and 99th percentile in nanoseconds over random requests, and how they came out.
fn decisions(snapshot: &Snapshot, shape: &rows::Shape, count: usize) -> (u64, u64, BTreeMap<&'static str, usize>) {
    let mut random = rows::Random::new(7);
    let aims = rows::aims(shape);
    let questions: Vec<_> = (0..count).map(|_| world::question(&mut random, shape, &aims)).collect();
    let context = Context { domain: Some("main"), ..Context::at(now()) };
    let mut times = Vec::with_capacity(count);
    let mut ends: BTreeMap<&str, usize> = BTreeMap::new();
    for round in 0..2 {
        times.clear();
        for asked in &questions {
            let (subject, action) = (Entity::new("user", &asked.user), Entity::new("", asked.action));
            // What a request brings was just read.
            let properties = asked.properties.clone();
            let target = Target::known(Entity::new(asked.kind, &asked.id).with(&properties));
            let start = Instant::now();
            let decision = black_box(snapshot.decide(black_box(&subject), &action, &target, &context));
            times.push(u64::try_from(start.elapsed().as_nanos()).unwrap());
            let end = match decision.reason {
                Reason::Granted { .. } => "by role",
                Reason::Level { .. } | Reason::View { .. } => "by level",
                Reason::Rule { .. } => "by rule",
                Reason::Administrator => "administrator",
                Reason::Denied(denial) if denial.is_explicit() => "denied",
                Reason::Denied(_) => "nothing allows",
            };
            if round == 0 {
                *ends.entry(end).or_default() += 1;
            }
        }
    }
    (percentile(&mut times, 50), percentile(&mut times, 99), ends)
}

/// The same questions to the organization's rules alone.
fn by_rules_alone(snapshot: &Snapshot, shape: &rows::Shape, count: usize) -> (u64, u64) {
    let mut random = rows::Random::new(7);
    let aims = rows::aims(shape);
    let questions: Vec<_> = (0..count).map(|_| world::question(&mut random, shape, &aims)).collect();
    let mut times = Vec::with_capacity(count);
    for asked in &questions {
        let properties = asked.properties.clone();
        let (subject, action) = (Entity::new("user", &asked.user), Entity::new("", asked.action));
        let request = Request::new(subject, action, Entity::new(asked.kind, &asked.id).with(&properties), now());
        let request = request.in_domain("main");
        let start = Instant::now();
        let _ = black_box(snapshot.policy().decide(black_box(&request)));
        times.push(u64::try_from(start.elapsed().as_nanos()).unwrap());
    }
    (percentile(&mut times, 50), percentile(&mut times, 99))
}

fn changes(snapshot: &Snapshot, what: &str, mut change: impl FnMut(u64) -> Change) {
    let (mut version, mut times) = (snapshot.clone(), Vec::new());
    for number in 0..1_001 {
        let change = change(number);
        let (next, time) = timed(|| version.with(2, vec![change]).unwrap());
        version = next;
        times.push(u64::try_from(time.as_nanos()).unwrap());
    }
    let (p50, p99) = (percentile(&mut times, 50), percentile(&mut times, 99));
    line(&format!("one changed {what}: p50 / p99"), format!("{p50} / {p99} ns"), "<= 1 ms for a rule");
}

fn main() {
    // `cargo test` builds benchmarks too and runs them with other arguments: nothing is measured then.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let (small, large) = (rows::Shape::of(1_000), rows::Shape::of(100_000));
    let small_snapshot = Snapshot::new(world::rows(&small)).unwrap();
    let all = world::rows(&large);
    line("rules (p and g)", all.rules.len().to_string(), "");
    line(
        "members, roles held, entities",
        format!("{}, {}, {}", all.members.len(), all.held_roles.len(), all.entities.len()),
        "",
    );
    let build = median(
        || {
            let rows = all.clone();
            timed(|| Snapshot::new(rows).unwrap()).1
        },
        3,
    );
    line("build the snapshot", format!("{build:.1?}"), "");
    let mut built = None;
    let rows = all.clone();
    let counted = allocation_counter::measure(|| built = Some(Snapshot::new(rows).unwrap()));
    let snapshot = built.unwrap();
    // What the rows took is given back within.
    line("most memory while building, beside the rows", format!("{:.1} MB", counted.bytes_max as f64 / 1e6), "");
    line("its weight, as it tells it", format!("{:.1} MB", snapshot.weight() as f64 / 1e6), "");
    let given_back = allocation_counter::measure(|| drop(snapshot));
    line("memory", format!("{:.1} MB", -(given_back.bytes_current as f64) / 1e6), "<= 80 MB for the rules");
    let snapshot = Snapshot::new(all.clone()).unwrap();

    let (p50_small, p99_small, _) = decisions(&small_snapshot, &small, 200_000);
    line("decide over all sources, 1,000 rules: p50 / p99", format!("{p50_small} / {p99_small} ns"), "");
    let (p50, p99, ends) = decisions(&snapshot, &large, 200_000);
    line("decide over all sources, 100,000 rules: p50 / p99", format!("{p50} / {p99} ns"), "");
    line("  p50 to that at 1,000 rules", format!("{:.1} x", p50 as f64 / p50_small as f64), "<= 8 x");
    let (alone50, alone99) = by_rules_alone(&snapshot, &large, 200_000);
    line("  the same questions to the organization's rules alone", format!("{alone50} / {alone99} ns"), "");
    let without = snapshot.with(1, vec![Change::Platform(world::platform(2, 0))]).unwrap();
    let (without50, without99, _) = decisions(&without, &large, 200_000);
    line(
        "  over all sources, the platform without rules",
        format!("{without50} / {without99} ns"),
        "<= 2,000 / 10,000 ns",
    );
    for (end, count) in ends {
        line(&format!("  of 200,000 {end}"), count.to_string(), "");
    }

    let crowded = Snapshot::new(world::crowded()).unwrap();
    let (busy, context) = (world::user(0), Context { domain: Some("main"), ..Context::at(now()) });
    let (subject, read) = (Entity::new("user", &busy), Entity::new("", "read"));
    let target = Target::known(Entity::new("document", "crowded"));
    let ask = || crowded.decide(&subject, &read, &target, &context);
    assert!(matches!(ask().reason, Reason::Denied(Denial::OutOfScope { .. } | Denial::NoPermission)), "{:?}", ask());
    let denial = median(|| timed(ask).1, 10_001);
    line("denial, 1,000 + 1,000 roles, 10,000 rules in play", format!("{denial:.1?}"), "<= 20 us");

    let mut random = rows::Random::new(11);
    changes(&snapshot, "rule", |_| {
        let id = uuid::Uuid::from_u128(u128::from(random.below(80_000)) + 1).into();
        let (role, object) = (format!("role{}", random.below(10_000)), format!("doc{}", random.below(50_000)));
        Change::Rules(vec![RuleChange::Put(Rule::new(id, "p", [role, "main".into(), object, "read".into()]))])
    });
    changes(&snapshot, "role", |number| world::changed_role(number % world::ROLES));
    changes(&snapshot, "holding of roles", world::changed_holding);
    changes(&snapshot, "entity", world::changed_entity);

    let me = world::user(17);
    let (subject, limits) = (Entity::new("user", &me), ListLimits { entries: 100_000, ..ListLimits::default() });
    let found = snapshot.search_resources(&subject, &read, "document", &context, Page::WHOLE, &limits).unwrap();
    let search = median(
        || timed(|| snapshot.search_resources(&subject, &read, "document", &context, Page::WHOLE, &limits).unwrap()).1,
        5,
    );
    let known = snapshot.known_resources("document").len();
    line(&format!("search over {known} entities ({} found)", found.ids.len()), format!("{search:.1?}"), "<= 50 ms");
    let found = snapshot.search_subjects(
        "user",
        &read,
        &Target::known(Entity::new("document", "doc17")),
        &context,
        Page::WHOLE,
        &limits,
    );
    let found = found.unwrap().ids.len();
    let search = median(
        || {
            let target = Target::known(Entity::new("document", "doc17"));
            timed(|| snapshot.search_subjects("user", &read, &target, &context, Page::WHOLE, &limits).unwrap()).1
        },
        5,
    );
    line(&format!("search over 10,000 subjects ({found} found)"), format!("{search:.1?}"), "<= 50 ms");
    let changed = snapshot.with(2, vec![world::changed_role(0)]).unwrap();
    let asked = Asked {
        actions: Some(vec!["read".into()]),
        resources: Some(vec![Name::new("document", "doc17")]),
        subjects: None,
    };
    let preview = median(|| timed(|| flips(&snapshot, &changed, &asked, &context, &limits).unwrap()).1, 3);
    line("preview over 10,000 subjects, one resource", format!("{preview:.1?}"), "");
    let explain = median(|| timed(|| snapshot.explain(&subject, &read, &target, &context)).1, 5);
    line("explain", format!("{explain:.1?}"), "");
}
