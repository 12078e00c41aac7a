//! The engine alone: nothing but decisions.

mod deciding;

use crate::{
    Plan,
    chance::Chance,
    report::{Figure, Target},
    rounds::{median, ninety_nine},
    rules::{KIND, Shape, crowded, organization_with},
};
use keystead_access::{
    Context, Denial, Reason, Target as Asked,
    policy::{Change as RuleChange, Entity, Rule},
    snapshot::{Change, Snapshot},
};
use keystead_domain::{OrganizationId, Timestamp};
use std::{hint::black_box, process::Command, time::Instant};
use uuid::Uuid;

/// The small organization's rules.
const FEW: u64 = 1_000;

pub(super) async fn measure(plan: &Plan) -> Vec<Figure> {
    let (few, many) = (Shape::of(organization(), FEW), Shape::of(organization(), plan.rules));
    let (small, rows) = (Snapshot::new(organization_with(few.all())).unwrap(), organization_with(many.all()));
    let mut compiling = Vec::new();
    for _ in 0..plan.rounds {
        let rows = rows.clone();
        compiling.push(timed(|| Snapshot::new(rows).unwrap()).1 / 1_000.0);
    }
    let large = Snapshot::new(rows).unwrap();
    let mut figures = deciding::figures(plan, [(&few, &small), (&many, &large)]).await;
    let of_all = |what: &str| format!("{what}, {} rules", plan.rules);
    let mut changes = changes(large, &many, plan.tries);
    figures.extend([
        Figure::alone("denial, 1000 roles and 10000 rules in play", denial(plan), " µs", Target::AtMost(20.0)),
        Figure::alone(of_all("compiling"), median(&mut compiling), " ms", Target::AtMost(200.0)),
        Figure::alone(
            of_all("one changed rule, 99th percentile"),
            ninety_nine(&mut changes) / 1_000.0,
            " ms",
            Target::AtMost(1.0),
        ),
        Figure::alone(of_all("memory"), memory(plan.rules), " MB", Target::AtMost(80.0)),
    ]);
    figures
}

fn organization() -> OrganizationId {
    OrganizationId::from_uuid(Uuid::from_u128(1))
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

/// The median of a question to which many roles and many rules belong, and none of the rules to one of the roles, in microseconds.
fn denial(plan: &Plan) -> f64 {
    let snapshot = Snapshot::new(organization_with(crowded(organization()))).unwrap();
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
    let (mut snapshot, mut chance) = (snapshot, Chance::new(11));
    let changed = (0..count).map(|_| {
        let rule = Rule::from(&shape.changed(&mut chance));
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
