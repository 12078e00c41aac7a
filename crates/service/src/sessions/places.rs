//! Where people stand in organizations, kept in memory by the versions at which it was read.

use keystead_domain::{OrganizationId, UserId};
use keystead_store::{CallerPlace, CallerRecord};
use moka::sync::Cache;

/// What was read last of each caller's place. The store says at every request whether it still holds.
pub(crate) struct Places(Cache<(OrganizationId, UserId), CallerPlace>);

impl Default for Places {
    fn default() -> Self {
        Self(Cache::new(100_000))
    }
}

impl Places {
    pub(crate) fn get(&self, organization: OrganizationId, user: UserId) -> Option<CallerPlace> {
        self.0.get(&(organization, user))
    }

    pub(crate) fn keep(&self, organization: OrganizationId, user: UserId, record: &CallerRecord) {
        let key = (organization, user);
        if self.0.get(&key).is_none_or(|known| known.versions != record.versions) {
            self.0.insert(key, record.place());
        }
    }
}
