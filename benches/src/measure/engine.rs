//! The engine alone: nothing but decisions.

use crate::{
    Plan, floor,
    report::{Figure, Target},
    rounds::{median, ninety_nine},
    rules::{KIND, Question, Random, Shape, crowded, organization_with},
};
use keystead_access::{
    Context, Decision, Denial, Reason, Target as Asked,
    policy::{Change as RuleChange, Entity, Rule},
    snapshot::{Change, Snapshot},
};
use keystead_domain::{OrganizationId, Timestamp};
use std::{hint::black_box, process::Command, time::Instant};
use uuid::Uuid;

/// The small organization's rules.
const FEW: u64 = 1_000;

pub(super) async fn measure(plan: &Plan) -> Vec<Figure> {
    let organization = OrganizationId::from_uuid(Uuid::from_u128(1));
    let (few, many) = (Shape::of(organization, FEW), Shape::of(organization, plan.rules));
    let (small, rows) = (organization_with(few.all()), organization_with(many.all()));
    let small = Snapshot::new(small).unwrap();
    let mut compiling = Vec::new();
    for _ in 0..plan.rounds {
        let rows = rows.clone();
        compiling.push(timed(|| Snapshot::new(rows).unwrap()).1 / 1_000.0);
    }
    let snapshot = Snapshot::new(rows).unwrap();

    let mut of_few = decisions(&small, &few.questions(plan.tries * 200));
    let mut of_many = decisions(&snapshot, &many.questions(plan.tries * 200));
    let (p50_few, p50) = (median(&mut of_few), median(&mut of_many));
    let p99 = ninety_nine(&mut of_many);
    let decided = |rules: u64, value, casbin: f64| Figure {
        name: format!("decide, {rules} rules, median"),
        floor: "the casbin crate".to_owned(),
        product_figure: format!("{value:.2} µs"),
        floor_figure: format!("{casbin:.0} µs"),
        value,
        unit: " µs",
        target: Target::AtMost(2.0),
    };
    let more = Figure {
        name: format!("decide, {} rules, median", plan.rules),
        floor: format!("{FEW} rules"),
        product_figure: format!("{p50:.2} µs"),
        floor_figure: format!("{p50_few:.2} µs"),
        value: p50 / p50_few,
        unit: "×",
        target: Target::AtMost(8.0),
    };
    let of_all = |what: &str| format!("{what}, {} rules", plan.rules);
    let mut changes = changes(snapshot, &many, plan.tries);
    vec![
        decided(FEW, p50_few, floor::casbin(&few, plan.tries / 5).await),
        decided(plan.rules, p50, floor::casbin(&many, plan.rounds).await),
        more,
        Figure::alone(of_all("decide, 99th percentile"), p99, " µs", Target::AtMost(10.0)),
        Figure::alone("denial, 1000 roles and 10000 rules in play", denial(plan), " µs", Target::AtMost(20.0)),
        Figure::alone(of_all("compiling"), median(&mut compiling), " ms", Target::AtMost(200.0)),
        Figure::alone(
            of_all("one changed rule, 99th percentile"),
            ninety_nine(&mut changes) / 1_000.0,
            " ms",
            Target::AtMost(1.0),
        ),
        Figure::alone(of_all("memory"), memory(plan.rules), " MB", Target::AtMost(80.0)),
    ]
}

/// What was done, and the microseconds it took.
fn timed<T>(run: impl FnOnce() -> T) -> (T, f64) {
    let begun = Instant::now();
    let value = black_box(run());
    (value, begun.elapsed().as_secs_f64() * 1e6)
}

fn context() -> Context<'static> {
    Context::at(Timestamp::from_unix_seconds(1_700_000_000))
}

/// The microseconds of each decision, in a second turn.
fn decisions(snapshot: &Snapshot, questions: &[Question]) -> Vec<f64> {
    let (context, mut times, mut allowed) = (context(), Vec::with_capacity(questions.len()), 0);
    for _ in 0..2 {
        times.clear();
        for asked in questions {
            let properties = asked.properties();
            let (subject, action) = (Entity::new("user", &asked.user), Entity::new("", asked.action));
            let target = Asked::known(Entity::new(KIND, &asked.object).with(&properties));
            let (decision, time): (Decision, _) =
                timed(|| snapshot.decide(black_box(&subject), &action, &target, &context));
            allowed += usize::from(decision.allowed);
            times.push(time);
        }
    }
    // That of each kind there are some, and not a few.
    assert!((questions.len() / 5..questions.len() * 2).contains(&allowed), "{allowed} of {}", questions.len());
    times
}

/// A question to which many roles and many rules belong, and none of the rules to one of the roles.
fn denial(plan: &Plan) -> f64 {
    let snapshot = Snapshot::new(organization_with(crowded(OrganizationId::from_uuid(Uuid::from_u128(1))))).unwrap();
    let (context, subject, action) = (context(), Entity::new("user", "busy"), Entity::new("", "read"));
    let target = Asked::known(Entity::new(KIND, "crowded"));
    let mut times = Vec::new();
    for _ in 0..plan.tries * 10 {
        let (decision, time) = timed(|| snapshot.decide(black_box(&subject), &action, &target, &context));
        let Reason::Denied(Denial::NoPermission | Denial::Stranger) = decision.reason else { panic!("{decision:?}") };
        times.push(time);
    }
    median(&mut times)
}

/// The microseconds of changing one rule after the other, each until the next version is there and the one before is gone.
fn changes(snapshot: Snapshot, shape: &Shape, count: usize) -> Vec<f64> {
    let (mut snapshot, mut random) = (snapshot, Random::new(11));
    let changed = (0..count).map(|_| {
        let rule = Rule::from(&shape.changed(&mut random));
        timed(|| snapshot = snapshot.with(2, vec![Change::Rules(vec![RuleChange::Put(rule)])]).unwrap()).1
    });
    changed.collect()
}

/// Megabytes, counted by a program of its own that lies beside this one.
fn memory(rules: u64) -> f64 {
    let program = std::env::current_exe().unwrap().with_file_name("keystead-bench-memory");
    let output = Command::new(program).arg(rules.to_string()).output().unwrap();
    let bytes: f64 = String::from_utf8_lossy(&output.stdout).trim().parse().unwrap();
    bytes / 1e6
}
