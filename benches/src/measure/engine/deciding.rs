//! What a decision takes: of few rules and of many, over two kinds of questions.

use super::{FEW, context, timed};
use crate::{
    Plan,
    floor::casbin,
    questions::{Question, half_covered, random},
    report::{Figure, Target},
    rounds::{median, ninety_nine},
    rules::{KIND, Shape},
};
use keystead_access::{Target as Asked, policy::Entity, snapshot::Snapshot};
use std::hint::black_box;

/// The targets are over random requests, as the specification has them. A rule covers few of those, so that beside them stand
/// requests half of which a rule covers, and only the slowest of these have a target: nobody should take the first figures for
/// what a caller waits who mostly asks for what is allowed.
pub(super) async fn figures(plan: &Plan, [few, many]: [(&Shape, &Snapshot); 2]) -> Vec<Figure> {
    let count = plan.tries * 200;
    let taken = |(shape, snapshot)| [RANDOM, HALF_COVERED].map(|kind| Taken::by(kind, shape, snapshot, count));
    let (of_few, of_many) = (taken(few), taken(many));
    // The more rules the casbin crate has, the slower it is, and the fewer of the same questions it gets.
    let casbin_few = casbin(few.0, of_few.each_ref().map(|taken| &taken.questions[..plan.tries / 5])).await;
    let casbin_many = casbin(many.0, of_many.each_ref().map(|taken| &taken.questions[..plan.rounds])).await;
    let mut figures = Vec::new();
    for (place, kind) in [RANDOM, HALF_COVERED].into_iter().enumerate() {
        let (of_few, of_many) = (&of_few[place], &of_many[place]);
        figures.push(of_few.beside_casbin(kind, few.0, casbin_few[place]));
        figures.push(of_many.beside_casbin(kind, many.0, casbin_many[place]));
        figures.push(Figure {
            name: format!("decide, {}, median, {} rules against {FEW}", kind.name, plan.rules),
            floor: format!("{FEW} rules"),
            product_figure: format!("{:.2} µs", of_many.median),
            floor_figure: format!("{:.2} µs", of_few.median),
            value: of_many.median / of_few.median,
            unit: "×",
            target: kind.growth,
        });
        let name = format!("decide, {}, 99th percentile, {} rules", kind.name, plan.rules);
        figures.push(Figure::alone(name, of_many.ninety_nine, " µs", Target::AtMost(10.0)));
    }
    figures
}

/// A kind of questions, and what its figures should be.
#[derive(Clone, Copy)]
struct Kind {
    name: &'static str,
    questions: fn(&Shape, usize) -> Vec<Question>,
    /// Within which the allowed part of them must lie. Were none allowed, or all, the engine would have had nothing to find.
    allowed: (f64, f64),
    median: Target,
    growth: Target,
}

const RANDOM: Kind = Kind {
    name: "random requests",
    questions: random,
    allowed: (0.0003, 0.25),
    median: Target::AtMost(2.0),
    growth: Target::AtMost(8.0),
};
const HALF_COVERED: Kind = Kind {
    name: "requests half of which a rule covers",
    questions: half_covered,
    allowed: (0.4, 0.7),
    median: Target::None,
    growth: Target::None,
};

/// What the decisions took, in microseconds.
struct Taken {
    questions: Vec<Question>,
    /// The part of the questions that was allowed.
    allowed: f64,
    median: f64,
    ninety_nine: f64,
}

impl Taken {
    /// Asks everything twice, and counts the second time.
    fn by(kind: Kind, shape: &Shape, snapshot: &Snapshot, count: usize) -> Self {
        let questions = (kind.questions)(shape, count);
        let (context, mut times, mut allowed) = (context(), Vec::with_capacity(count), 0_u32);
        for _ in 0..2 {
            times.clear();
            allowed = 0;
            for asked in &questions {
                let properties = asked.properties();
                let (subject, action) = (Entity::new("user", &asked.user), Entity::new("", asked.action));
                let target = Asked::known(Entity::new(KIND, &asked.object).with(&properties));
                let (decision, time) = timed(|| snapshot.decide(black_box(&subject), &action, &target, &context));
                allowed += u32::from(decision.allowed);
                times.push(time);
            }
        }
        let allowed = f64::from(allowed) / count as f64;
        let (least, most) = kind.allowed;
        assert!((least..most).contains(&allowed), "{allowed} of the {} are allowed", kind.name);
        Self { questions, allowed, median: median(&mut times), ninety_nine: ninety_nine(&mut times) }
    }

    fn beside_casbin(&self, kind: Kind, shape: &Shape, casbin: f64) -> Figure {
        Figure {
            name: format!("decide, {}, median, {} rules", kind.name, shape.rules),
            floor: "the casbin crate, some of the same requests".to_owned(),
            product_figure: format!("{:.2} µs, {:.2} % allowed", self.median, self.allowed * 100.0),
            floor_figure: format!("{casbin:.0} µs"),
            value: self.median,
            unit: " µs",
            target: kind.median,
        }
    }
}
