//! `keystead access test`.

use super::expected::{Expected, Question};
use crate::cli::{Output, Table};
use keystead_domain::{Caller, Error, ErrorKind, Result, access::Action};
use keystead_service::{
    App,
    access::{
        evaluation::{Answer, Evaluator},
        previewing::{PreviewChanges, evaluator_after},
    },
};
use serde::Serialize;

/// A decision that came out otherwise than it was expected.
#[derive(Serialize)]
struct Difference {
    /// Its place in the file, from 0.
    place: usize,
    name: String,
    expected: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_because: Option<String>,
    decided: &'static str,
    because: &'static str,
}

#[derive(Serialize)]
struct Report {
    access_version: i64,
    asked: usize,
    as_expected: usize,
    differences: Vec<Difference>,
}

/// Asks every question of the file.
///
/// # Errors
/// `Conflict` with code `decisions_differ`, after the differences were shown.
pub(super) async fn test(
    app: &App,
    caller: &Caller,
    output: Output,
    expected: Expected,
    changes: Option<PreviewChanges>,
) -> Result<()> {
    let questions = expected.questions(app, caller).await?;
    // One snapshot answers all of them.
    let evaluator = match changes {
        Some(changes) => evaluator_after(app, caller, changes).await?,
        None => Evaluator::open(app, caller, Action::Evaluate, None).await?,
    };
    let (asked, mut differences) = (questions.len(), Vec::new());
    for (place, question) in questions.into_iter().enumerate() {
        let answer = evaluator.evaluate(&question.asked.question());
        let answer = answer.map_err(|error| Error::invalid(format!("expect[{place}]"), error.message))?;
        differences.extend(difference(place, question, &answer));
    }
    let (wrong, access_version) = (differences.len(), evaluator.version());
    let report = Report { access_version, asked, as_expected: asked - wrong, differences };
    if wrong == 0 && !output.is_json() {
        return output.say(&format!("All {asked} decisions are as expected."));
    }
    output.answer(&report, || table(&report))?;
    if wrong == 0 {
        return Ok(());
    }
    let message = format!(
        "{wrong} of {asked} decisions differ from what is expected: `keystead access explain` says why one comes out as it does."
    );
    Err(Error::new(ErrorKind::Conflict, "decisions_differ", message))
}

fn difference(place: usize, question: Question, answer: &Answer) -> Option<Difference> {
    let Question { name, allowed, because, .. } = question;
    let same = answer.allowed() == allowed && because.as_ref().is_none_or(|because| because == answer.reason());
    (!same).then(|| Difference {
        place,
        name,
        expected: word(allowed),
        expected_because: because,
        decided: word(answer.allowed()),
        because: answer.reason(),
    })
}

fn table(report: &Report) -> Table {
    let mut table = Table::new(&["place", "question", "expected", "decided", "because of"]);
    for one in &report.differences {
        let expected = match &one.expected_because {
            Some(because) => format!("{} because of {because}", one.expected),
            None => one.expected.to_owned(),
        };
        table.row([
            format!("expect[{}]", one.place),
            one.name.clone(),
            expected,
            one.decided.to_owned(),
            one.because.to_owned(),
        ]);
    }
    table
}

pub(super) const fn word(allowed: bool) -> &'static str {
    if allowed { "allowed" } else { "denied" }
}
