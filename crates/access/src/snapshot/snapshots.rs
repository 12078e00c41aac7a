//! The snapshots of many organizations: swapped atomically, bounded in memory.

use super::{Change, ChangeError, Snapshot};
use crate::{decision::Version, platform::Platform};
use arc_swap::ArcSwap;
use keystead_domain::OrganizationId;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

/// How much may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Organizations.
    pub organizations: usize,
    /// Bytes, as [`Snapshot::weight`] tells them.
    pub bytes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { organizations: 10_000, bytes: 512 * 1024 * 1024 }
    }
}

#[derive(Debug)]
struct Place {
    current: ArcSwap<Snapshot>,
    /// One change at a time.
    changing: Mutex<()>,
    /// When it was last used, in uses of any of them.
    used: AtomicU64,
    /// What the current one weighs.
    weight: AtomicUsize,
}

impl Place {
    fn store(&self, snapshot: &Arc<Snapshot>) {
        self.weight.store(snapshot.weight(), Ordering::Relaxed);
        self.current.store(Arc::clone(snapshot));
    }
}

type Places = HashMap<OrganizationId, Arc<Place>>;

/// The current snapshot of each organization that was lately asked about. Reading waits for nobody.
#[derive(Debug)]
pub struct Snapshots {
    places: ArcSwap<Places>,
    /// One change of the list at a time.
    listing: Mutex<()>,
    uses: AtomicU64,
    bounds: Bounds,
}

impl Snapshots {
    /// None yet.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self { places: ArcSwap::default(), listing: Mutex::new(()), uses: AtomicU64::new(0), bounds }
    }

    /// The current snapshot of an organization; none when it must be built first.
    #[must_use]
    pub fn get(&self, organization: OrganizationId) -> Option<Arc<Snapshot>> {
        let places = self.places.load();
        let place = places.get(&organization)?;
        place.used.store(self.uses.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        Some(place.current.load_full())
    }

    /// The current snapshot if it is at least of this version.
    #[must_use]
    pub fn at_least(&self, organization: OrganizationId, version: Version) -> Option<Arc<Snapshot>> {
        self.get(organization).filter(|snapshot| snapshot.version().covers(version))
    }

    /// Makes a snapshot the current one, unless a newer one is there. Returns the one that is current then. Drops the
    /// organizations that were used longest ago where there is too much.
    pub fn put(&self, snapshot: Arc<Snapshot>) -> Arc<Snapshot> {
        let organization = snapshot.organization();
        let current = match self.places.load().get(&organization) {
            Some(place) => replace(place, &snapshot),
            None => self.add(snapshot),
        };
        self.shrink(organization);
        current
    }

    fn add(&self, snapshot: Arc<Snapshot>) -> Arc<Snapshot> {
        let _one = self.listing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut places = Places::clone(&self.places.load());
        if let Some(place) = places.get(&snapshot.organization()) {
            return replace(place, &snapshot);
        }
        let place = Place {
            current: ArcSwap::new(Arc::clone(&snapshot)),
            changing: Mutex::new(()),
            used: AtomicU64::new(self.uses.fetch_add(1, Ordering::Relaxed)),
            weight: AtomicUsize::new(snapshot.weight()),
        };
        places.insert(snapshot.organization(), Arc::new(place));
        self.places.store(Arc::new(places));
        snapshot
    }

    /// Drops what was used longest ago until the rest is within the bounds; `kept` stays in any case.
    fn shrink(&self, kept: OrganizationId) {
        let weight = |place: &Arc<Place>| place.weight.load(Ordering::Relaxed);
        let is_too_much = |count: usize, bytes: usize| count > self.bounds.organizations || bytes > self.bounds.bytes;
        let places = self.places.load();
        if !is_too_much(places.len(), places.values().map(weight).sum()) {
            return;
        }
        let _one = self.listing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut places = Places::clone(&self.places.load());
        let mut bytes = places.values().map(weight).sum::<usize>();
        let used = |(id, place): (&OrganizationId, &Arc<Place>)| (place.used.load(Ordering::Relaxed), *id);
        let mut oldest: Vec<_> = places.iter().map(used).filter(|(_, id)| *id != kept).collect();
        oldest.sort_unstable();
        for (_, id) in oldest {
            if !is_too_much(places.len(), bytes) {
                break;
            }
            bytes = bytes.saturating_sub(places.remove(&id).as_ref().map_or(0, weight));
        }
        self.places.store(Arc::new(places));
    }

    /// Changes the current snapshot of an organization; nothing where there is none. Returns the new one.
    ///
    /// A version that is there already, or a newer one, is left as it is: changes may be told twice.
    ///
    /// # Errors
    /// As [`Snapshot::with`]; the current one stays, and is not of that version.
    pub fn change(
        &self,
        organization: OrganizationId,
        version: i64,
        changes: Vec<Change>,
    ) -> Result<Option<Arc<Snapshot>>, ChangeError> {
        let Some(place) = self.places.load().get(&organization).cloned() else { return Ok(None) };
        let one = place.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let current = place.current.load_full();
        if current.version().organization >= version {
            return Ok(Some(current));
        }
        let next = Arc::new(current.with(version, changes)?);
        place.store(&next);
        drop(one);
        self.shrink(organization);
        Ok(Some(next))
    }

    /// Puts a new platform part into every snapshot. Those that cannot take it are dropped, and built anew when they are
    /// asked for; they are returned.
    pub fn set_platform(&self, platform: &Arc<Platform>) -> Vec<OrganizationId> {
        let mut dropped = Vec::new();
        for (organization, place) in self.places.load().iter() {
            let _one = place.changing.lock().unwrap_or_else(PoisonError::into_inner);
            let current = place.current.load_full();
            if current.version().platform >= platform.version() {
                continue;
            }
            let version = current.version().organization;
            match current.with(version, vec![Change::Platform(Arc::clone(platform))]) {
                Ok(next) => place.store(&Arc::new(next)),
                Err(_) => dropped.push(*organization),
            }
        }
        dropped.iter().for_each(|organization| self.forget(*organization));
        dropped
    }

    /// Forgets an organization.
    pub fn forget(&self, organization: OrganizationId) {
        let _one = self.listing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut places = Places::clone(&self.places.load());
        if places.remove(&organization).is_some() {
            self.places.store(Arc::new(places));
        }
    }

    /// The organizations that are kept, with their versions.
    #[must_use]
    pub fn versions(&self) -> Vec<(OrganizationId, Version)> {
        self.places.load().iter().map(|(id, place)| (*id, place.current.load().version())).collect()
    }
}

/// Makes a snapshot the current one of its place, unless a newer one is there.
fn replace(place: &Place, snapshot: &Arc<Snapshot>) -> Arc<Snapshot> {
    let _one = place.changing.lock().unwrap_or_else(PoisonError::into_inner);
    let current = place.current.load_full();
    if snapshot.version() != current.version() && !snapshot.version().covers(current.version()) {
        return current;
    }
    place.store(snapshot);
    Arc::clone(snapshot)
}
