//! Previews changes.

use super::{Change, make::make};
use crate::{
    App,
    access::{
        Resource,
        effective::Why,
        evaluation::{Attributes, MOST_NAME, circumstances},
        guard,
        policy::{model::check_inheritors, turn},
        scope_in,
    },
    audit,
};
use keystead_access::{
    Context,
    listing::{self, Asked, ListLimits, Name},
    snapshot::Snapshot,
};
use keystead_domain::{Caller, Error, ErrorKind, PLATFORM, Result, Timestamp, access::Action};
use keystead_store::Joint;
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;

/// So many changes are previewed together at the most.
pub const MOST_CHANGES: usize = 100;
/// So many subjects, actions or resources can be asked about by name.
pub const MOST_ASKED: usize = 10_000;
/// So many flips are listed at the most.
pub const MOST_FLIPS: usize = 10_000;
/// How often it is begun anew when somebody else changes what decides meanwhile.
const ATTEMPTS: usize = 3;

/// Within this time the changes must be made: all who would write wait meanwhile.
const WITHIN: Duration = Duration::from_secs(3);

/// What is to be previewed.
#[derive(Clone, Debug, Default)]
pub struct PreviewChanges {
    /// The changes, made in this order.
    pub changes: Vec<Change>,
    /// Only about these subjects, by type and identifier; about all that are known where there are none.
    pub subjects: Option<Vec<(String, String)>>,
    /// Only about these actions.
    pub actions: Option<Vec<String>>,
    /// Only about these resources, by type and identifier.
    pub resources: Option<Vec<(String, String)>>,
    /// Under which circumstances: `r.ctx` of rules.
    pub context: Option<Attributes>,
    /// At most so many flips; more are an error.
    pub limit: usize,
}

/// A decision that would come out otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flipped {
    /// Who: type and identifier.
    pub subject: (String, String),
    /// Does what.
    pub action: String,
    /// On what: type and identifier.
    pub resource: (String, String),
    /// What is decided now, and by what.
    pub before: Why,
    /// What would be decided.
    pub after: Why,
}

/// What changes would flip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The access version of the organization that the changes would be made on.
    pub access_version: i64,
    /// The access version of the platform.
    pub platform_version: i64,
    /// All that would flip, in order of subject, resource and action.
    pub flips: Vec<Flipped>,
}

/// Lists the decisions about what is known that would come out otherwise if these changes were saved, in the organization that the
/// caller works in. Nothing is saved.
///
/// # Errors
/// As [`guard`] for reading `access`; as saving each change, its fields after its place: `changes[2].add_rules.rules[0]`;
/// `Invalid` on what is asked about, with code `too_much` when it takes more than a million decisions, flips more of them than
/// `limit`, or when the changes take too long to be made; `Busy` when others keep changing what decides.
pub async fn preview(app: &App, caller: &Caller, input: PreviewChanges) -> Result<Preview> {
    guard(caller, Action::Read, &Resource::all("access", caller.organization_id))?;
    check(&input)?;
    // The turn lasts until the decisions are asked: that takes a processor for as long as reading a policy does.
    let found = turn::holding(async {
        let ((before, after), now) = (both(app, caller, &input.changes).await?, app.now());
        let working = tokio::task::spawn_blocking(move || flips(&before, &after, input, now));
        working.await.map_err(|error| Error::internal(error.to_string()))?
    });
    let found = found.await?;
    audit::note_read(app, caller, "access.previewed", "access", None, None);
    Ok(found)
}

pub(super) fn check(input: &PreviewChanges) -> Result<()> {
    if input.changes.is_empty() || input.changes.len() > MOST_CHANGES {
        return Err(Error::invalid("changes", format!("must be 1 to {MOST_CHANGES} changes")));
    }
    if input.limit == 0 || input.limit > MOST_FLIPS {
        return Err(Error::invalid("limit", format!("must be 1 to {MOST_FLIPS}")));
    }
    let is_name = |text: &str| !text.is_empty() && text.len() <= MOST_NAME;
    for (field, things) in [("subjects", &input.subjects), ("resources", &input.resources)] {
        let Some(things) = things else { continue };
        if things.len() > MOST_ASKED || !things.iter().all(|(kind, id)| is_name(kind) && is_name(id)) {
            let message = format!("must be at most {MOST_ASKED}, with types and identifiers of 1 to {MOST_NAME} bytes");
            return Err(Error::invalid(field, message));
        }
    }
    if let Some(actions) = &input.actions
        && (actions.len() > MOST_ASKED || !actions.iter().all(|action| is_name(action)))
    {
        let message = format!("must be at most {MOST_ASKED} names of 1 to {MOST_NAME} bytes");
        return Err(Error::invalid("actions", message));
    }
    Ok(())
}

/// What decides now, and what would decide after the changes: both of one moment.
pub(super) async fn both(app: &App, caller: &Caller, changes: &[Change]) -> Result<(Arc<Snapshot>, Arc<Snapshot>)> {
    check_platform_models(app, caller, changes).await?;
    for _ in 0..ATTEMPTS {
        let before = app.decisions.newest(app, caller.organization_id).await?;
        if let Some(after) = after(app, caller, changes, &before).await? {
            return Ok((before, after));
        }
    }
    Err(Error::new(ErrorKind::Busy, "access_changed", "What decides is being changed all the time: try again."))
}

/// Whether other organizations' rules fit the models that the platform would have.
async fn check_platform_models(app: &App, caller: &Caller, changes: &[Change]) -> Result<()> {
    if caller.organization_id != PLATFORM {
        return Ok(());
    }
    for (place, change) in changes.iter().enumerate() {
        let text = match change {
            Change::SetModel(text) => Some(text.as_str()),
            Change::RemoveModel => None,
            _ => continue,
        };
        check_inheritors(app, caller, text).await.map_err(|error| placed(error, place, change.name()))?;
    }
    Ok(())
}

/// What would decide; none when it would not follow upon `before`, because somebody else has changed something.
async fn after(app: &App, caller: &Caller, changes: &[Change], before: &Snapshot) -> Result<Option<Arc<Snapshot>>> {
    let organization = caller.organization_id;
    let joint = Arc::new(Joint::begin(Arc::clone(&app.store), scope_in(organization, caller)).await?);
    let joined = app.joined(Arc::clone(&joint));
    let began = Instant::now();
    for (place, change) in changes.iter().enumerate() {
        ensure_in_time(began.elapsed(), place)?;
        let name = change.name();
        make(&joined, caller, change.clone()).await.map_err(|error| placed(error, place, name))?;
    }
    let unit = joint.unit();
    // Each write of others has a version of its own, and so has this transaction.
    let version = unit.access_changes().raise(organization, &[]).await?;
    if version != before.version().organization.saturating_add(1) {
        return Ok(None);
    }
    app.decisions.rehearsed(unit, organization, before).await
}

/// Whether there is time to make the change at this place.
pub(super) fn ensure_in_time(taken: Duration, place: usize) -> Result<()> {
    if taken <= WITHIN {
        return Ok(());
    }
    let message = format!("The first {place} changes take too long to try: preview fewer at once.");
    Err(Error::new(ErrorKind::Invalid, "too_much", message))
}

/// The error of a change, with the change's place.
fn placed(mut error: Error, place: usize, name: &'static str) -> Error {
    for field in &mut error.fields {
        field.field = format!("changes[{place}].{name}.{}", field.field);
    }
    error.message = format!("changes[{place}].{name}: {}", error.message);
    error
}

fn flips(before: &Snapshot, after: &Snapshot, input: PreviewChanges, now: Timestamp) -> Result<Preview> {
    let names = |things: Option<Vec<(String, String)>>| {
        things.map(|things| things.into_iter().map(|(kind, id)| Name::new(kind, id)).collect())
    };
    let PreviewChanges { subjects, actions, resources, context: told, limit, .. } = input;
    let asked = Asked { subjects: names(subjects), actions, resources: names(resources) };
    let context = Context::at(now).with(circumstances(told.as_ref()));
    let limits = ListLimits { entries: limit, ..ListLimits::default() };
    let found = listing::flips(before, after, &asked, &context, &limits).map_err(|too_long| {
        let message = format!("{too_long}: name subjects, actions or resources, or raise the limit");
        Error::new(ErrorKind::Invalid, "too_much", message)
    })?;
    let flipped = found.into_iter().map(|flip| Flipped {
        subject: (flip.subject.kind, flip.subject.id),
        action: flip.action,
        resource: (flip.resource.kind, flip.resource.id),
        before: Why::new(before, &flip.before),
        after: Why::new(after, &flip.after),
    });
    let version = before.version();
    Ok(Preview { access_version: version.organization, platform_version: version.platform, flips: flipped.collect() })
}
