//! The `casbin` crate on the same rows. It knows no conditions that may be missing, so its matcher has none.

use crate::rows;
use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};
use keystead_access::policy::DEFAULT_MODEL;
use std::time::{Duration, Instant};

/// The median time of a check.
pub(crate) fn check(shape: &rows::Shape, checks: usize) -> Duration {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let text = DEFAULT_MODEL.replace(" \\\n    && eval(p.cond)", "");
    let enforcer = runtime.block_on(async {
        let model = DefaultModel::from_str(&text).await.unwrap();
        let mut enforcer = Enforcer::new(model, MemoryAdapter::default()).await.unwrap();
        let (mut rules, mut links) = (Vec::new(), Vec::new());
        for rule in rows::rules(shape) {
            if &*rule.ptype == "p" { rules.push(rule.values) } else { links.push(rule.values) }
        }
        enforcer.add_policies(rules).await.unwrap();
        enforcer.add_grouping_policies(links).await.unwrap();
        enforcer
    });
    let mut random = rows::Random::new(7);
    let mut times: Vec<_> = (0..checks)
        .map(|_| {
            let asked = rows::request(&mut random, shape, &[]);
            let start = Instant::now();
            let _ = std::hint::black_box(enforcer.enforce((asked.user, "main", asked.object, asked.action)).unwrap());
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[checks / 2]
}
