//! Who may read the catalogue, and who may write it.

use crate::access::{Held, Resource, guard, hold, may, scope_in};
use keystead_domain::{Caller, Error, ErrorKind, PLATFORM, Result, Scope, access::Action};

/// What permissions call it.
const CATALOGUE: &str = "catalogue";

/// Asks the guard for reading. The catalogue belongs to nobody; that it can be read is what an organization's roles say to its
/// members.
///
/// # Errors
/// As [`guard`].
pub(super) fn guard_read(caller: &Caller) -> Result<()> {
    guard(caller, Action::Read, &readable(caller))
}

const fn readable(caller: &Caller) -> Resource<'static> {
    Resource::all(CATALOGUE, caller.organization_id)
}

/// Asks the guard for a change: whoever works in the platform and holds the permission with scope `any`.
///
/// # Errors
/// `Unauthenticated`; `Forbidden` for those who may read the catalogue, `NotFound` for others.
pub(super) fn guard_change(caller: &Caller, action: Action) -> Result<()> {
    guard(caller, action, &Resource::installation(CATALOGUE)).map_err(|refusal| {
        let hidden = refusal.is(ErrorKind::NotFound);
        if hidden && may(caller, Action::Read, &readable(caller)) { Error::forbidden() } else { refusal }
    })
}

/// As [`guard_change`], of something that is still to be found.
pub(super) fn guard_found(caller: &Caller, action: Action) -> Result<Held> {
    hold(guard_change(caller, action))
}

/// Where the catalogue is written: only transactions of the platform may.
pub(super) fn platform(caller: &Caller) -> Scope {
    scope_in(PLATFORM, caller)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{administrator, anonymous, caller, member, organization};

    #[test]
    fn everybody_reads_and_the_platform_writes() {
        let kind = |result: Result<()>| result.err().map(|error| error.kind);
        let (ada, cat, root) = (administrator(organization(1), 7), member(1, 8), administrator(PLATFORM, 9));
        for reader in [&ada, &cat, &root] {
            assert_eq!(kind(guard_read(reader)), None);
        }
        for action in [Action::Create, Action::Update, Action::Delete] {
            assert_eq!(kind(guard_change(&root, action)), None);
            assert_eq!(kind(guard_change(&ada, action)), Some(ErrorKind::Forbidden));
            assert_eq!(kind(guard_change(&cat, action)), Some(ErrorKind::Forbidden));
            assert_eq!(kind(guard_change(&member_of_the_platform(), action)), Some(ErrorKind::Forbidden));
            assert_eq!(kind(guard_change(&caller(organization(1), 7, &[]), action)), Some(ErrorKind::NotFound));
            assert_eq!(kind(guard_change(&anonymous(), action)), Some(ErrorKind::Unauthenticated));
        }
        assert_eq!(kind(guard_read(&caller(organization(1), 7, &[]))), Some(ErrorKind::NotFound));
        assert_eq!(kind(guard_read(&anonymous())), Some(ErrorKind::Unauthenticated));
    }

    fn member_of_the_platform() -> Caller {
        caller(PLATFORM, 7, &[keystead_domain::access::USER])
    }
}
