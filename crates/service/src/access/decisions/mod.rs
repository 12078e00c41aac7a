//! What decides, kept in memory for each organization and never older than the store.
//!
//! Every decision first asks the store for the access versions, which every write that may change a decision raises in its own
//! transaction. Whatever is kept is brought up to exactly that version, from the feed of changes where it is known, else by
//! reading everything again. So a node cannot decide by what was acknowledged to be different, whoever wrote it; and when the
//! store cannot be asked, nothing is decided.

mod platform;
mod rows;
mod touched;

use crate::App;
use keystead_access::{
    Version,
    snapshot::{Bounds, Snapshot, Snapshots},
};
use keystead_domain::{
    Error, ErrorKind, OrganizationId, PLATFORM, Result, Scope,
    access::{AccessSnapshot, SnapshotChange},
};
use platform::PlatformPart;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// More changes than this are read as everything.
const MOST_CHANGES: u32 = 2_000;

/// The rows of an organization as they were read last; none before.
type Gate = Arc<tokio::sync::Mutex<Option<Box<AccessSnapshot>>>>;

/// The snapshots of this node.
pub(crate) struct Decisions {
    snapshots: Snapshots,
    /// Who reads an organization's rows holds its gate, so that they are read once however many wait for them.
    gates: Mutex<HashMap<OrganizationId, Gate>>,
    platform: tokio::sync::Mutex<Option<Arc<PlatformPart>>>,
}

impl Default for Decisions {
    fn default() -> Self {
        let snapshots = Snapshots::new(Bounds::default());
        Self { snapshots, gates: Mutex::default(), platform: tokio::sync::Mutex::default() }
    }
}

impl Decisions {
    /// Everything that decides in `organization` now: not older than any write that was acknowledged before this was asked.
    ///
    /// # Errors
    /// `Unavailable` when the store cannot be asked; `PreconditionFailed` with code `access_version_unknown` when `at_least` is
    /// a version of the organization that there has not been yet.
    pub(crate) async fn newest(
        &self,
        app: &App,
        organization: OrganizationId,
        at_least: Option<i64>,
    ) -> Result<Arc<Snapshot>> {
        let versions = app.store.access_versions(&[organization, PLATFORM]).await?;
        let of = |id| versions.iter().find(|(known, _)| *known == id).map_or(0, |(_, version)| *version);
        let version = Version { organization: of(organization), platform: of(PLATFORM) };
        if at_least.is_some_and(|wanted| wanted > version.organization) {
            return Err(Error::new(
                ErrorKind::PreconditionFailed,
                "access_version_unknown",
                "There has not been such an access version of the organization yet.",
            ));
        }
        if let Some(snapshot) = self.snapshots.at_least(organization, version) {
            return Ok(snapshot);
        }
        self.bring_up(app, organization, version).await
    }

    async fn bring_up(&self, app: &App, organization: OrganizationId, version: Version) -> Result<Arc<Snapshot>> {
        let gate = self.gate(organization);
        let mut kept = gate.lock().await;
        if let Some(snapshot) = self.snapshots.at_least(organization, version) {
            return Ok(snapshot);
        }
        let current = self.snapshots.get(organization);
        let unit = app.store.read(Scope::organization(organization)).await?;
        let change = match (&*kept, &current) {
            (Some(rows), Some(_)) => unit.access_snapshots().changed(organization, rows.versions, MOST_CHANGES).await?,
            _ => SnapshotChange::Anew,
        };
        let mut touched = None;
        match (change, kept.as_mut()) {
            (SnapshotChange::Nothing, _) => {}
            (SnapshotChange::Delta(delta), Some(rows)) => {
                let own = delta.own.clone();
                if rows.apply(*delta) {
                    touched = Some(own);
                } else {
                    *kept = None;
                }
            }
            (SnapshotChange::Delta(_) | SnapshotChange::Anew, _) => *kept = None,
        }
        if kept.is_none() {
            // What the platform has is read once for all organizations.
            let mut rows = unit.access_snapshots().load(organization, Some(version.platform)).await?;
            rows.platform = None;
            *kept = Some(Box::new(rows));
        }
        drop(unit);
        let Some(rows) = kept.as_deref() else { return Err(Error::internal("no rows were read")) };
        let platform = self.platform(app, version.platform.max(rows.versions.platform)).await?;
        let next = match (touched, current) {
            (Some(touched), Some(current)) => touched::next(&current, rows, &touched, &platform),
            _ => None,
        };
        let next = match next {
            Some(next) => next,
            None => rows::compile(rows, &platform)?,
        };
        Ok(self.snapshots.put(Arc::new(next)))
    }

    /// The platform's part, at least of `version`.
    async fn platform(&self, app: &App, version: i64) -> Result<Arc<PlatformPart>> {
        let mut kept = self.platform.lock().await;
        if let Some(part) = kept.as_ref().filter(|part| part.version() >= version) {
            return Ok(Arc::clone(part));
        }
        let unit = app.store.read(Scope::organization(PLATFORM)).await?;
        let part = Arc::new(PlatformPart::new(unit.access_snapshots().load(PLATFORM, None).await?)?);
        *kept = Some(Arc::clone(&part));
        Ok(part)
    }

    fn gate(&self, organization: OrganizationId) -> Gate {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        if gates.len() > 2 * self.snapshots.versions().len() + 64 {
            // The rows of organizations whose snapshots were dropped go, too.
            let known: Vec<_> = self.snapshots.versions().into_iter().map(|(id, _)| id).collect();
            gates.retain(|id, gate| Arc::strong_count(gate) > 1 || known.contains(id));
        }
        Arc::clone(gates.entry(organization).or_default())
    }
}
