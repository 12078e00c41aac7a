//! Questions of products: may this subject do this action on this resource, and who or what else could.

mod answer;
mod question;
mod search;
mod token;
mod told;

pub use answer::Answer;
pub use question::{Act, Attributes, MOST_NAME, Question, Thing};
pub use search::{Found, MOST_FOUND, Wanted};
pub use token::{page_token, read_page_token};
pub use told::Told;

use super::guard;
use crate::App;
use keystead_access::{Context, Holder, Target, snapshot::Snapshot};
use keystead_domain::{
    Caller, CallerKind, Error, ErrorKind, Result, Timestamp,
    access::{Action, Resource},
};
pub(in crate::access) use question::circumstances;
use std::{sync::Arc, time::Duration};

/// How long somebody waits for an access version that there has not been yet: a little longer than another node takes to commit.
const PATIENCE: Duration = Duration::from_millis(600);
const PAUSE: Duration = Duration::from_millis(20);

/// Answers the questions of one caller, all by the same snapshot.
#[derive(Debug)]
pub struct Evaluator {
    snapshot: Arc<Snapshot>,
    at: Timestamp,
    /// Whom alone the caller may ask about; none for a caller who may ask about everybody.
    only: Option<String>,
}

impl Evaluator {
    /// Lets the caller ask: a program with the permission `access:evaluate` (or `access:search`, as `action` says) about
    /// everybody, a person about nobody else. What decides is not older than what was acknowledged before the caller was
    /// looked up, and at least of version `at_least` where there is one.
    ///
    /// # Errors
    /// As [`guard`]; `PreconditionFailed` with code `access_version_unknown` when there has not been such a version within
    /// 600 ms.
    pub async fn open(app: &App, caller: &Caller, action: Action, at_least: Option<i64>) -> Result<Self> {
        let only = match (caller.kind, caller.user_id) {
            (CallerKind::User, Some(user)) => Some(user.to_string()),
            _ => {
                guard(caller, action, &Resource::all("access", caller.organization_id))?;
                None
            }
        };
        Ok(Self { snapshot: snapshot(app, caller, at_least).await?, at: app.now(), only })
    }

    /// Answers by this state, about everybody.
    pub(in crate::access) const fn on(snapshot: Arc<Snapshot>, at: Timestamp) -> Self {
        Self { snapshot, at, only: None }
    }

    /// The access version of the organization that decides.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.snapshot.version().organization
    }

    /// Decides.
    ///
    /// # Errors
    /// `Invalid` for a name without end; `Forbidden` with code `only_about_oneself`.
    pub fn evaluate(&self, question: &Question<'_>) -> Result<Answer> {
        let Question { subject, action, resource, context } = question;
        question.check()?;
        self.may_ask_about(subject.kind, subject.id)?;
        let context = Context::at(self.at).with(circumstances(*context));
        let target = Target::known(resource.entity());
        let decision = self.snapshot.decide(&subject.entity(), &action.entity(), &target, &context);
        Ok(Answer { decision })
    }

    fn may_ask_about(&self, kind: &str, id: &str) -> Result<()> {
        match &self.only {
            Some(only) if kind != Holder::USER || id != only => Err(Error::new(
                ErrorKind::Forbidden,
                "only_about_oneself",
                "A person's token asks about that person only. Use the key of a service account.",
            )),
            _ => Ok(()),
        }
    }
}

fn named(field: &'static str, text: &str) -> Result<()> {
    if text.is_empty() || text.len() > MOST_NAME {
        return Err(Error::invalid(field, format!("must have 1 to {MOST_NAME} bytes")));
    }
    Ok(())
}

/// What decides for the caller, at least of this version.
///
/// # Errors
/// `PreconditionFailed` with code `access_version_unknown`; `Unavailable` when the store cannot be asked.
pub(in crate::access) async fn snapshot(app: &App, caller: &Caller, at_least: Option<i64>) -> Result<Arc<Snapshot>> {
    let organization = caller.organization_id;
    let covers = |snapshot: &Snapshot| at_least.is_none_or(|wanted| snapshot.version().organization >= wanted);
    let known = match caller.kind {
        CallerKind::Operator | CallerKind::Job => app.decisions.newest(app, organization).await?,
        _ => app.decisions.at_least(app, organization, caller.versions).await?,
    };
    if covers(&known) {
        return Ok(known);
    }
    for _ in 0..PATIENCE.as_millis() / PAUSE.as_millis() {
        let newest = app.decisions.newest(app, organization).await?;
        if covers(&newest) {
            return Ok(newest);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(Error::new(
        ErrorKind::PreconditionFailed,
        "access_version_unknown",
        "There has not been such an access version of the organization yet.",
    ))
}
