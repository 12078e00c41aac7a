//! Explains one decision.

use super::{Asked, Explained, explained::Shown};
use crate::{
    App,
    access::{
        Resource,
        evaluation::{circumstances, snapshot},
        guard, may,
    },
    audit,
};
use keystead_access::{Context, Holder, Target};
use keystead_domain::{Caller, CallerKind, Error, ErrorKind, PLATFORM, Result, access::Action};
use tokio::sync::Semaphore;

/// So many explanations are worked out at once; more wait. One asks every rule in turn.
static TURNS: Semaphore = Semaphore::const_new(2);

/// Explains what is decided about a question in the organization that the caller works in, at least by the version `at_least`
/// where there is one. Nothing is changed, and the decision is not counted.
///
/// Everybody may have explained what is decided about themselves; what rules say in detail, and who owns the resource, is then
/// left out unless they may read `access`. What the platform's rules say in detail is shown to whoever works there.
///
/// # Errors
/// As [`guard`] for reading `access`, but `Forbidden` with code `only_about_oneself` for a person who asks about others;
/// `Invalid` for a name without end; `PreconditionFailed` with code `access_version_unknown`.
pub async fn explain(app: &App, caller: &Caller, asked: Asked, at_least: Option<i64>) -> Result<Explained> {
    let (person, whole) = who_may(caller, &asked)?;
    asked.question().check()?;
    let shown = Shown { whole, platform: caller.organization_id == PLATFORM || !caller.kind.is_bounded() };
    let (snapshot, now) = (snapshot(app, caller, at_least).await?, app.now());
    let _turn = TURNS.acquire().await.map_err(|error| Error::internal(error.to_string()))?;
    let working = tokio::task::spawn_blocking(move || {
        let question = asked.question();
        let context = Context::at(now).with(circumstances(question.context));
        let target = Target::known(question.resource.entity());
        let explanation = snapshot.explain(&question.subject.entity(), &question.action.entity(), &target, &context);
        Explained::new(&snapshot, explanation, shown)
    });
    let explained = working.await.map_err(|error| Error::internal(error.to_string()))?;
    if person.is_none() || person != caller.user_id {
        let which = person.map(keystead_domain::UserId::as_uuid);
        audit::note_read(app, caller, "access.explained", "access", which, person);
    }
    Ok(explained)
}

/// Whom it is about, where it is a person, and whether the caller is shown everything.
fn who_may(caller: &Caller, asked: &Asked) -> Result<(Option<keystead_domain::UserId>, bool)> {
    let person = match Holder::of(&asked.subject.kind, &asked.subject.id) {
        Some(Holder::User(user)) => Some(user),
        _ => None,
    };
    let is_person = caller.kind == CallerKind::User && caller.user_id.is_some();
    let everything = Resource::all("access", caller.organization_id);
    if is_person && person == caller.user_id && !may(caller, Action::Read, &everything) {
        return Ok((person, false));
    }
    match guard(caller, Action::Read, &everything) {
        Ok(()) => Ok((person, true)),
        Err(error) if is_person && error.is(ErrorKind::NotFound) => Err(Error::new(
            ErrorKind::Forbidden,
            "only_about_oneself",
            "What is decided about others is explained to those who may read access: your roles do not allow it.",
        )),
        Err(error) => Err(error),
    }
}
