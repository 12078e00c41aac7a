//! Steps with headings, times and a closing table.

use crate::failure::{Failure, Result};
use std::{
    io::{IsTerminal, Write},
    time::{Duration, Instant},
};

/// The steps that were taken. A failed one does not keep the others from running: one run shows everything.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    taken: Vec<Step>,
}

#[derive(Debug)]
struct Step {
    name: String,
    took: Duration,
    failure: Option<Failure>,
}

impl Steps {
    /// Takes a step. Returns whether it went well.
    pub(crate) fn take(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        let (bold, plain) = if std::io::stdout().is_terminal() { ("\x1b[1;36m", "\x1b[0m") } else { ("", "") };
        println!("\n{bold}==> {name}{plain}");
        let begun = Instant::now();
        let failure = work().err();
        let took = begun.elapsed();
        let _ = std::io::stdout().flush();
        match &failure {
            Some(failure) => failure.print(),
            None => println!("    {name}: ok, {}", show(took)),
        }
        let went_well = failure.is_none();
        self.taken.push(Step { name: name.to_owned(), took, failure });
        went_well
    }

    /// Prints the table.
    ///
    /// # Errors
    /// When a step failed.
    pub(crate) fn finish(self) -> Result<()> {
        let failed = self.taken.iter().filter(|step| step.failure.is_some()).count();
        if self.taken.len() > 1 {
            println!("\n{:<9}{:>9}   step", "result", "time");
            for step in &self.taken {
                let result = if step.failure.is_some() { "FAILED" } else { "ok" };
                println!("{result:<9}{:>9}   {}", show(step.took), step.name);
            }
            println!("{:<9}{:>9}", "total", show(self.taken.iter().map(|step| step.took).sum()));
        }
        if failed == 0 {
            return Ok(());
        }
        let names: Vec<_> =
            self.taken.iter().filter(|step| step.failure.is_some()).map(|step| step.name.as_str()).collect();
        let failure = Failure::new(format!("{failed} failed: {}", names.join(", ")));
        let first = self.taken.into_iter().find_map(|step| step.failure.and_then(|failure| failure.next));
        Err(match first {
            Some(next) => failure.next(next),
            None => failure,
        })
    }
}

/// A duration as people read it.
fn show(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds >= 60 {
        format!("{}:{:02} min", seconds / 60, seconds % 60)
    } else {
        format!("{:.1} s", duration.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_fails_the_whole_and_hinders_no_other() {
        let mut steps = Steps::default();
        assert!(!steps.take("first", || Err(Failure::new("no").next("do this"))));
        assert!(steps.take("second", || Ok(())));
        let failure = steps.finish().unwrap_err();
        assert_eq!((failure.what.as_str(), failure.next.as_deref()), ("1 failed: first", Some("do this")));
    }

    #[test]
    fn times_are_readable() {
        assert_eq!(show(Duration::from_millis(1_250)), "1.2 s");
        assert_eq!(show(Duration::from_secs(125)), "2:05 min");
    }
}
