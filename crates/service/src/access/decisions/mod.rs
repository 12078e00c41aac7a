//! What decides, kept in memory for each organization and never older than the store.
//!
//! Every decision first asks the store for the access versions, which every write that may change a decision raises in its own
//! transaction. Whatever is kept is brought up to exactly that version, from the feed of changes where it is known, else by
//! reading everything again. So a node cannot decide by what was acknowledged to be different, whoever wrote it; and when the
//! store cannot be asked, nothing is decided.

mod held;
mod platform;
mod rows;
mod touched;

use crate::App;
use arc_swap::ArcSwapOption;
use keystead_access::{
    Version,
    snapshot::{Bounds, Snapshot, Snapshots},
};
use keystead_domain::{
    Error, ErrorKind, OrganizationId, PLATFORM, Result, Scope,
    access::{AccessSnapshot, AccessVersions, SnapshotChange, Touched},
};
use keystead_store::UnitOfWork;
use platform::PlatformPart;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// More changes than this are read as everything.
const MOST_CHANGES: u32 = 2_000;

/// The rows of an organization as they were read last, and what of the platform they were compiled with.
struct Kept {
    rows: AccessSnapshot,
    platform: Option<Arc<PlatformPart>>,
}

/// What is kept of an organization; nothing before it was first read.
type Gate = Arc<tokio::sync::Mutex<Option<Box<Kept>>>>;

/// The snapshots of this node.
pub(crate) struct Decisions {
    snapshots: Snapshots,
    /// Who reads an organization's rows holds its gate, so that they are read once however many wait for them.
    gates: Mutex<HashMap<OrganizationId, Gate>>,
    platform: ArcSwapOption<PlatformPart>,
    reading_platform: tokio::sync::Mutex<()>,
}

impl Default for Decisions {
    fn default() -> Self {
        let snapshots = Snapshots::new(Bounds::default());
        let platform = ArcSwapOption::default();
        Self { snapshots, gates: Mutex::default(), platform, reading_platform: tokio::sync::Mutex::default() }
    }
}

impl Decisions {
    /// Everything that decides in `organization` now: not older than any write that was acknowledged before this was asked.
    ///
    /// # Errors
    /// `Unavailable` when the store cannot be asked.
    pub(crate) async fn newest(&self, app: &App, organization: OrganizationId) -> Result<Arc<Snapshot>> {
        let versions = app.store.access_versions(&[organization, PLATFORM]).await?;
        let of = |id| versions.iter().find(|(known, _)| *known == id).map_or(0, |(_, version)| *version);
        self.at_least(app, organization, AccessVersions { organization: of(organization), platform: of(PLATFORM) })
            .await
    }

    /// Everything that decides in `organization`, at `versions` or newer: what was read with the caller, so that it need not be
    /// asked for again.
    ///
    /// # Errors
    /// `Unavailable` when the store cannot be asked for what is missing.
    pub(crate) async fn at_least(
        &self,
        app: &App,
        organization: OrganizationId,
        versions: AccessVersions,
    ) -> Result<Arc<Snapshot>> {
        let version = version(organization, versions);
        match self.snapshots.at_least(organization, version) {
            Some(snapshot) => Ok(snapshot),
            None => self.bring_up(app, organization, version).await,
        }
    }

    /// As [`Decisions::at_least`], in a transaction that may have changed something already, and that must not wait for another
    /// one: what it reads is for nobody else.
    ///
    /// # Errors
    /// `Busy` when the platform has changed what it says to everybody, a moment ago.
    pub(crate) async fn within(
        &self,
        unit: &dyn UnitOfWork,
        organization: OrganizationId,
        versions: AccessVersions,
    ) -> Result<Arc<Snapshot>> {
        let version = version(organization, versions);
        if let Some(snapshot) = self.snapshots.at_least(organization, version) {
            return Ok(snapshot);
        }
        if organization == PLATFORM {
            let rows = unit.access_snapshots().load(organization, None).await?;
            let part = PlatformPart::new(rows.clone())?;
            return Ok(Arc::new(rows::compile(&rows, &part)?));
        }
        let known = self.platform.load_full().filter(|part| part.version() >= version.platform);
        let Some(part) = known else {
            return Err(Error::new(ErrorKind::Busy, "access_changed", "The rules have just changed: try again."));
        };
        let rows = unit.access_snapshots().load(organization, Some(part.version())).await?;
        Ok(Arc::new(rows::compile(&rows, &part)?))
    }

    /// What decides after what `unit` has changed of an organization, for nobody else. None where it would not follow upon
    /// `before`, because the platform has changed something meanwhile.
    ///
    /// # Errors
    /// `Unavailable` when the store cannot be asked.
    pub(crate) async fn rehearsed(
        &self,
        unit: &dyn UnitOfWork,
        organization: OrganizationId,
        before: &Snapshot,
    ) -> Result<Option<Arc<Snapshot>>> {
        if organization == PLATFORM {
            let rows = unit.access_snapshots().load(organization, None).await?;
            let part = PlatformPart::new(rows.clone())?;
            return Ok(Some(Arc::new(rows::compile(&rows, &part)?)));
        }
        let same = |part: &Arc<PlatformPart>| Arc::ptr_eq(&part.compiled, before.platform());
        let Some(part) = self.platform.load_full().filter(same) else { return Ok(None) };
        let rows = unit.access_snapshots().load(organization, Some(part.version())).await?;
        if rows.versions.platform > part.version() {
            return Ok(None);
        }
        Ok(Some(Arc::new(rows::compile(&rows, &part)?)))
    }

    async fn bring_up(&self, app: &App, organization: OrganizationId, version: Version) -> Result<Arc<Snapshot>> {
        if app.is_joined() {
            // What it reads may never come to be, and others would decide by it.
            return Err(Error::internal("what is not kept yet brings nothing up to date"));
        }
        let gate = self.gate(organization);
        let mut kept = gate.lock().await;
        if let Some(snapshot) = self.snapshots.at_least(organization, version) {
            return Ok(snapshot);
        }
        let current = self.snapshots.get(organization);
        let touched = self.read(app, organization, version, &mut kept, current.is_some()).await?;
        let Some(kept) = kept.as_deref_mut() else { return Err(Error::internal("no rows were read")) };
        let platform = self.platform(app, version.platform.max(kept.rows.versions.platform)).await?;
        let inherits_the_same = kept.platform.as_ref().is_some_and(|before| before.inherits_the_same(&platform));
        let next = match (touched, current) {
            (Some(touched), Some(current)) if inherits_the_same => {
                touched::next(&current, &kept.rows, &touched, &platform)
            }
            _ => None,
        };
        let next = match next {
            Some(next) => next,
            None => rows::compile(&kept.rows, &platform)?,
        };
        kept.platform = Some(platform);
        Ok(self.snapshots.put(Arc::new(next)))
    }

    /// Brings the rows up to `version` or farther. Returns what of them has changed; none where that is not known.
    async fn read(
        &self,
        app: &App,
        organization: OrganizationId,
        version: Version,
        kept: &mut Option<Box<Kept>>,
        is_compiled: bool,
    ) -> Result<Option<Touched>> {
        let unit = app.store.read(Scope::organization(organization)).await?;
        if let Some(known) = kept.as_deref_mut().filter(|_| is_compiled) {
            match unit.access_snapshots().changed(organization, known.rows.versions, MOST_CHANGES).await? {
                SnapshotChange::Nothing => return Ok(Some(Touched::default())),
                SnapshotChange::Delta(delta) => {
                    let own = delta.own.clone();
                    if known.rows.apply(*delta) {
                        return Ok(Some(own));
                    }
                }
                SnapshotChange::Anew => {}
            }
        }
        *kept = None;
        // What the platform has is read once for all organizations.
        let mut rows = unit.access_snapshots().load(organization, Some(version.platform)).await?;
        rows.platform = None;
        *kept = Some(Box::new(Kept { rows, platform: None }));
        Ok(None)
    }

    /// The platform's part, at least of `version`.
    async fn platform(&self, app: &App, version: i64) -> Result<Arc<PlatformPart>> {
        let kept = || self.platform.load_full().filter(|part| part.version() >= version);
        if let Some(part) = kept() {
            return Ok(part);
        }
        let _one = self.reading_platform.lock().await;
        if let Some(part) = kept() {
            return Ok(part);
        }
        let unit = app.store.read(Scope::organization(PLATFORM)).await?;
        let part = Arc::new(PlatformPart::new(unit.access_snapshots().load(PLATFORM, None).await?)?);
        self.platform.store(Some(Arc::clone(&part)));
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

/// What the platform decides for itself has one version, not two.
fn version(organization: OrganizationId, versions: AccessVersions) -> Version {
    let AccessVersions { organization: own, platform } = versions;
    if organization == PLATFORM {
        let newest = own.max(platform);
        return Version { organization: newest, platform: newest };
    }
    Version { organization: own, platform }
}

#[cfg(test)]
impl Decisions {
    /// Takes this to be what decides in its organization.
    pub(crate) fn with_snapshot(&self, snapshot: Arc<Snapshot>) {
        self.snapshots.put(snapshot);
    }
    /// Takes the platform to say nothing.
    pub(crate) fn without_platform(&self) {
        self.with_platform(platform_rows());
    }
    /// Takes these to be the platform's rows.
    pub(crate) fn with_platform(&self, mut rows: AccessSnapshot) {
        // Nobody reads them again.
        rows.versions = AccessVersions { organization: i64::MAX, platform: i64::MAX };
        self.platform.store(Some(Arc::new(PlatformPart::new(rows).unwrap())));
    }
}

/// What `rows` decide where the platform says nothing else.
#[cfg(test)]
pub(crate) fn by_rows(rows: &AccessSnapshot) -> Arc<Snapshot> {
    let part =
        PlatformPart::new(if rows.organization_id == PLATFORM { rows.clone() } else { platform_rows() }).unwrap();
    Arc::new(rows::compile(rows, &part).unwrap())
}

#[cfg(test)]
fn platform_rows() -> AccessSnapshot {
    AccessSnapshot {
        organization_id: PLATFORM,
        versions: AccessVersions::default(),
        policy: Default::default(),
        organization: Default::default(),
        platform: None,
    }
}
