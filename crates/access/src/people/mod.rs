//! Who belongs to an organization, to which of its teams, and what each holds.

use crate::{
    grid::Held,
    holder::Holder,
    policy::shared::{hash::of_uuid, table::Table},
};
use keystead_domain::{TeamId, UserId};
use std::sync::Arc;

/// That somebody belongs to an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub holder: Holder,
    /// Whether the membership, or the service account, is active.
    pub active: bool,
}

/// Who is in a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamRows {
    /// The team.
    pub team: TeamId,
    /// Its members.
    pub members: Vec<UserId>,
}

/// How somebody stands to an organization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// Not a member, or not known here at all.
    #[default]
    Stranger,
    /// A member whose membership does not count now.
    Suspended,
    /// An active member.
    Active,
}

/// What is known of one holder.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) holder: Holder,
    pub(crate) standing: Standing,
    /// In order of their slots.
    pub(crate) roles: Box<[Held]>,
    pub(crate) levels: Box<[Held]>,
    /// In order.
    pub(crate) teams: Box<[TeamId]>,
}

impl Entry {
    pub(crate) fn new(holder: Holder) -> Self {
        let (roles, levels, teams) = (Box::default(), Box::default(), Box::default());
        Self { holder, standing: Standing::Stranger, roles, levels, teams }
    }
    pub(crate) fn is_in(&self, team: TeamId) -> bool {
        self.teams.binary_search(&team).is_ok()
    }
    /// Whether the two have a team in common.
    pub(crate) fn shares_team(&self, other: &Self) -> bool {
        let (few, many) = if self.teams.len() < other.teams.len() { (self, other) } else { (other, self) };
        few.teams.iter().any(|team| many.is_in(*team))
    }
}

/// The people and service accounts of an organization.
#[derive(Clone, Debug, Default)]
pub(crate) struct People {
    entries: Table<Arc<Entry>>,
    teams: Table<(TeamId, Arc<[UserId]>)>,
}

fn hash(holder: Holder) -> u64 {
    of_uuid(holder.id())
}

impl People {
    pub(crate) fn find(&self, holder: Holder) -> Option<&Entry> {
        self.entries.find(hash(holder), |entry| entry.holder == holder).map(|entry| &**entry)
    }
    /// All of them, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().map(|entry| &**entry)
    }
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
    /// Changes what is known of somebody.
    pub(crate) fn update(&mut self, holder: Holder, change: impl FnOnce(&mut Entry)) {
        let new = || Arc::new(Entry::new(holder));
        let place = self.entries.entry(hash(holder), |entry| entry.holder == holder, |entry| hash(entry.holder), new);
        let entry = Arc::make_mut(place);
        change(entry);
        let nothing = entry.roles.is_empty() && entry.levels.is_empty() && entry.teams.is_empty();
        if nothing && entry.standing == Standing::Stranger {
            self.entries.remove(hash(holder), |entry| entry.holder == holder);
        }
    }
    /// Writes who is in a team; nobody is when it is gone.
    pub(crate) fn set_team(&mut self, team: TeamId, members: &[UserId]) {
        let mut new = members.to_vec();
        new.sort_unstable();
        new.dedup();
        let place = of_uuid(team.as_uuid());
        let old = self.teams.remove(place, |(known, _)| *known == team).map(|(_, old)| old).unwrap_or_default();
        for left in old.iter().filter(|user| new.binary_search(user).is_err()) {
            self.update(Holder::User(*left), |entry| {
                entry.teams = entry.teams.iter().copied().filter(|known| *known != team).collect();
            });
        }
        for joined in new.iter().filter(|user| old.binary_search(user).is_err()) {
            self.update(Holder::User(*joined), |entry| {
                let mut teams = entry.teams.to_vec();
                if let Err(place) = teams.binary_search(&team) {
                    teams.insert(place, team);
                }
                entry.teams = teams.into();
            });
        }
        if !new.is_empty() {
            self.teams.insert(place, (team, new.into()), |(known, _)| of_uuid(known.as_uuid()));
        }
    }
}
