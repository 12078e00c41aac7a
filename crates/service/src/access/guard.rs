//! The guard: the only way to the decision engine.

use keystead_domain::{
    Caller, CallerKind, Error, ErrorKind, OrganizationId, Result,
    access::{Action, Resource},
};

/// Lets the caller do `action` on `resource`, or says why not.
///
/// Jobs and the operator may do everything: jobs act on behalf of a change that was guarded, and the operator holds
/// the database anyway.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in; `Forbidden` when the caller may read the resource (of a list: some of
/// it) but not do this, and with code `policy_unreadable` where nobody may do anything but mend the organization's rules;
/// `NotFound` when he may not even read it.
pub fn guard(caller: &Caller, action: Action, resource: &Resource<'_>) -> Result<()> {
    let may = !is_asked_about(caller)? || decides(caller, action, resource);
    if may { Ok(()) } else { Err(refusal(caller, resource)) }
}

/// Whether the caller may do `action` on `resource`, where something else is done when not. Nobody is refused anything by
/// this, so it is neither counted nor recorded as a decision.
pub(crate) fn may(caller: &Caller, action: Action, resource: &Resource<'_>) -> bool {
    is_asked_about(caller).is_ok_and(|is_asked| !is_asked || allows(caller, action, resource))
}

/// As [`guard`], where owning the resource does not suffice to act: what administrators do to a person's account,
/// nobody may do to their own. It still suffices to read it, and so to be told `Forbidden` instead of `NotFound`.
///
/// # Errors
/// As [`guard`].
pub fn guard_administration(caller: &Caller, action: Action, resource: &Resource<'_>) -> Result<()> {
    let nobodys = Resource { owner: None, ..*resource };
    let may = !is_asked_about(caller)? || decides(caller, action, &nobodys);
    if may { Ok(()) } else { Err(refusal(caller, resource)) }
}

/// A refusal that is kept back until the thing was found. Who may read things of a kind but not act on them is told
/// `Forbidden` about one that there is; about one that there is not, or not here, he is told `NotFound`.
#[must_use]
pub(crate) struct Held(Option<Error>);

impl Held {
    /// The thing was found.
    pub(crate) fn release(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}

/// Keeps back what a guard has said, if it was `Forbidden`.
///
/// # Errors
/// As the guard, but for `Forbidden`.
pub(crate) fn hold(guarded: Result<()>) -> Result<Held> {
    match guarded {
        Ok(()) => Ok(Held(None)),
        Err(error) if error.is(ErrorKind::Forbidden) => Ok(Held(Some(error))),
        Err(error) => Err(error),
    }
}

/// The organization named in a path must be the one that the caller works in now. Jobs and the operator work anywhere.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in; `NotFound` when it is another organization.
pub fn guard_here(caller: &Caller, organization: OrganizationId) -> Result<()> {
    if is_asked_about(caller)? && caller.organization_id != organization {
        if let Some(rights) = &caller.rights {
            rights.note_elsewhere(caller, organization);
        }
        return Err(Error::not_found("organization"));
    }
    Ok(())
}

/// Whether it depends on what was granted to the caller; jobs and the operator may do everything.
fn is_asked_about(caller: &Caller) -> Result<bool> {
    match caller.kind {
        CallerKind::Operator | CallerKind::Job => Ok(false),
        CallerKind::User if caller.user_id.is_some() => Ok(true),
        CallerKind::ServiceAccount if caller.service_account_id.is_some() && caller.user_id.is_none() => Ok(true),
        CallerKind::User | CallerKind::ServiceAccount | CallerKind::Anonymous => Err(Error::unauthenticated()),
    }
}

/// The guard's own decision, once for each time that it is asked. Without anything that decides, nothing is allowed.
fn decides(caller: &Caller, action: Action, resource: &Resource<'_>) -> bool {
    caller.rights.as_ref().is_some_and(|rights| rights.decide(caller, action, resource))
}

/// The same as a question only.
fn allows(caller: &Caller, action: Action, resource: &Resource<'_>) -> bool {
    caller.rights.as_ref().is_some_and(|rights| rights.allow(caller, action.as_str(), resource))
}

fn refusal(caller: &Caller, resource: &Resource<'_>) -> Error {
    let is_shut = caller.rights.as_ref().is_some_and(|rights| rights.are_shut());
    if is_shut && resource.organization_id.is_none_or(|organization| organization == caller.organization_id) {
        return Error::new(
            ErrorKind::Forbidden,
            "policy_unreadable",
            "The rules of this organization do not fit the model that they are read by, so nothing is decided here. An \
             administrator of the organization must change the model or the rules.",
        );
    }
    // A list that is not another organization's contains what is the caller's own.
    let is_list = resource.id.is_none()
        && resource.owner.is_none()
        && resource.organization_id.is_none_or(|organization| organization == caller.organization_id);
    // Who holds no role in the organization (any more) is no part of it.
    let is_inside = resource.organization_id.is_none() || !caller.grants.is_empty();
    let own = caller.user_id.filter(|_| is_list && is_inside);
    let readable = own.map_or(*resource, |user| resource.owned_by(user));
    if allows(caller, Action::Read, &readable) { Error::forbidden() } else { Error::not_found(singular(resource.kind)) }
}

/// What one thing of `kind` is called in a message.
fn singular(kind: &str) -> &str {
    match kind {
        "access" => "access",
        "audit_events" => "audit event",
        "service_accounts" => "service account",
        _ => kind.strip_suffix('s').unwrap_or(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{administrator, anonymous, context, member, organization, service_account, user};
    use keystead_domain::PLATFORM;
    use uuid::Uuid;

    fn kind_of(result: Result<()>) -> Option<ErrorKind> {
        result.err().map(|error| error.kind)
    }

    #[test]
    fn nobody_is_asked_to_sign_in() {
        let teams = Resource::all("teams", organization(1));
        assert_eq!(kind_of(guard(&anonymous(), Action::Read, &teams)), Some(ErrorKind::Unauthenticated));
        assert_eq!(kind_of(guard_here(&anonymous(), organization(1))), Some(ErrorKind::Unauthenticated));
    }

    #[test]
    fn who_may_read_is_forbidden_and_who_may_not_finds_nothing() {
        let member = member(1, 7);
        let here = Resource::one("teams", Uuid::from_u128(9), organization(1));
        let elsewhere = Resource::one("teams", Uuid::from_u128(9), organization(2));
        assert_eq!(kind_of(guard(&member, Action::Read, &here)), None);
        assert_eq!(kind_of(guard(&member, Action::Update, &here)), Some(ErrorKind::Forbidden));
        assert_eq!(kind_of(guard(&member, Action::Read, &elsewhere)), Some(ErrorKind::NotFound));
        assert_eq!(kind_of(guard(&member, Action::Update, &elsewhere)), Some(ErrorKind::NotFound));
        assert_eq!(
            kind_of(guard(&member, Action::Create, &Resource::all("teams", organization(2)))),
            Some(ErrorKind::NotFound)
        );
    }

    #[test]
    fn a_list_of_which_some_is_readable_is_forbidden_and_not_hidden() {
        let member = member(1, 7);
        let (users, jobs) = (Resource::all("users", organization(1)), Resource::all("jobs", organization(1)));
        assert_eq!(kind_of(guard(&member, Action::Read, &users)), Some(ErrorKind::Forbidden));
        assert_eq!(
            kind_of(guard(&member, Action::Create, &Resource::installation("users"))),
            Some(ErrorKind::Forbidden)
        );
        assert_eq!(kind_of(guard(&member, Action::Read, &jobs)), Some(ErrorKind::NotFound));
    }

    #[test]
    fn who_may_not_act_is_told_so_only_of_what_was_found() {
        let here = Resource::one("teams", Uuid::from_u128(9), organization(1));
        let refused = hold(guard(&member(1, 7), Action::Update, &here)).unwrap();
        assert_eq!(kind_of(refused.release()), Some(ErrorKind::Forbidden));
        let allowed = hold(guard(&administrator(organization(1), 7), Action::Update, &here)).unwrap();
        assert_eq!(kind_of(allowed.release()), None);
        let hidden = hold(guard(&member(2, 7), Action::Update, &here)).map(|_| ());
        assert_eq!(kind_of(hidden), Some(ErrorKind::NotFound));
    }

    #[test]
    fn nobody_administers_their_own_account() {
        let own = Resource::personal("users", Some(user(7).as_uuid()), user(7));
        assert_eq!(kind_of(guard(&member(1, 7), Action::Update, &own)), None);
        assert_eq!(kind_of(guard_administration(&member(1, 7), Action::Update, &own)), Some(ErrorKind::Forbidden));
        let platform = administrator(PLATFORM, 7);
        assert_eq!(kind_of(guard_administration(&platform, Action::Update, &own)), None);
    }

    #[test]
    fn a_service_account_may_do_what_its_key_says_and_owns_nothing() {
        let program = service_account(1, &["teams:read:organization", "audit_events:read:organization"]);
        let here = Resource::one("teams", Uuid::from_u128(9), organization(1));
        assert_eq!(kind_of(guard(&program, Action::Read, &here)), None);
        assert_eq!(kind_of(guard(&program, Action::Update, &here)), Some(ErrorKind::Forbidden));
        let elsewhere = Resource::one("teams", Uuid::from_u128(9), organization(2));
        assert_eq!(kind_of(guard(&program, Action::Read, &elsewhere)), Some(ErrorKind::NotFound));
        assert_eq!(kind_of(guard_here(&program, organization(2))), Some(ErrorKind::NotFound));
        assert_eq!(kind_of(guard_here(&program, organization(1))), None);
        // What every person may do with their own, no program may do with anybody's.
        for owner in [user(7), user(0)] {
            let sessions = Resource::personal("sessions", None, owner);
            assert_eq!(kind_of(guard(&program, Action::Read, &sessions)), Some(ErrorKind::NotFound));
        }
        let nobodys = Caller { service_account_id: None, ..program };
        assert_eq!(kind_of(guard(&nobodys, Action::Read, &here)), Some(ErrorKind::Unauthenticated));
    }

    #[test]
    fn jobs_and_the_operator_may_do_everything() {
        let anything = Resource::installation("anything");
        for caller in [Caller::operator(context()), Caller::job(organization(1), context())] {
            assert_eq!(kind_of(guard(&caller, Action::Delete, &anything)), None);
            assert_eq!(kind_of(guard_here(&caller, organization(5))), None);
        }
    }
}
