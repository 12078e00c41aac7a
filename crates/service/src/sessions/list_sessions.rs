//! Lists sessions.

use super::{sessions_of, signed_in};
use crate::{
    App,
    access::guard,
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{Caller, Result, Scope, UserId, access::Action, sessions::Session};

/// Whose sessions, and which page of them.
#[derive(Clone, Debug, Default)]
pub struct ListSessions {
    /// Whose; none for the caller's own. Another's only for the platform's administrators.
    pub user: Option<UserId>,
    /// Which page.
    pub page: PageInput,
}

/// A person's live sessions, in order of their making.
///
/// # Errors
/// As [`guard`]; `Invalid` on `cursor`.
pub async fn list_sessions(app: &App, caller: &Caller, input: ListSessions) -> Result<PageOutput<Session>> {
    let owner = input.user.map_or_else(|| signed_in(caller), Ok)?;
    guard(caller, Action::Read, &sessions_of(owner, None))?;
    let paging = Paging::open(app, caller, "sessions", &owner, &input.page)?;
    let unit = app.store.read(Scope::person(caller.organization_id, owner)).await?;
    let page = unit.sessions().list_live(owner, app.now(), paging.request()).await?;
    paging.close(app, page)
}
