//! What was read of callers, kept in memory.

use keystead_domain::{OrganizationId, UserId, accounts::User};
use keystead_store::CallerRecord;
use moka::sync::Cache;
use std::sync::Arc;

/// As much memory as callers may take, in bytes, however much their accounts hold.
const MEMORY: u64 = 32 * 1024 * 1024;
/// What an entry takes beside its texts, roughly, in bytes.
const ENTRY: usize = 640;

/// What was read last of each caller in each organization. The store says at every request whether it still holds.
pub(crate) struct Places(Cache<(OrganizationId, UserId), CallerRecord>);

impl Default for Places {
    fn default() -> Self {
        let weigher = |_: &_, record: &CallerRecord| weight(record);
        Self(Cache::builder().max_capacity(MEMORY).weigher(weigher).build())
    }
}

impl Places {
    pub(crate) fn get(&self, organization: OrganizationId, user: UserId) -> Option<CallerRecord> {
        self.0.get(&(organization, user))
    }

    /// Keeps what was read, unless it is what was `known`.
    pub(crate) fn keep(&self, organization: OrganizationId, known: Option<&Arc<User>>, record: &CallerRecord) {
        if !known.is_some_and(|known| Arc::ptr_eq(known, &record.user)) {
            self.0.insert((organization, record.user.id), record.clone());
        }
    }
}

/// Roughly what a record takes, in bytes.
fn weight(record: &CallerRecord) -> u32 {
    let user = &record.user;
    let names = [&user.first_name, &user.last_name].into_iter().flatten().map(String::len).sum::<usize>();
    let json = [&user.profile_data, &user.preferences, &user.metadata].map(in_memory).iter().sum::<usize>();
    let bytes = ENTRY + names + json + size_of_val(&*record.roles);
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// Roughly what a value takes in memory, in bytes: a tree of small pieces, several times its text.
fn in_memory(json: &keystead_domain::Json) -> usize {
    match json {
        keystead_domain::Json::Object(members) => {
            members.iter().map(|(name, value)| 96 + name.len() + in_memory(value)).sum()
        }
        keystead_domain::Json::Array(items) => items.iter().map(|item| 32 + in_memory(item)).sum(),
        keystead_domain::Json::String(text) => text.len(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{account, now, organization};
    use keystead_domain::Json;
    use keystead_store::AccessVersions;

    fn record(number: u128, text: usize) -> CallerRecord {
        let user = User { profile_data: Json::String("x".repeat(text)), ..account(number) };
        let versions = AccessVersions::default();
        CallerRecord { user: user.into(), last_activity_at: now(), membership: None, roles: [].into(), versions }
    }

    #[test]
    fn callers_with_much_to_say_take_no_more_memory_than_others() {
        let places = Places::default();
        for number in 0..1_000 {
            places.keep(organization(1), None, &record(number, 64 * 1024));
        }
        places.0.run_pending_tasks();
        assert!(places.0.weighted_size() <= MEMORY);
        assert!((100..1_000).contains(&places.0.entry_count()), "{}", places.0.entry_count());
    }

    #[test]
    fn what_is_known_is_not_kept_again() {
        let places = Places::default();
        let first = record(1, 1);
        places.keep(organization(1), None, &first);
        let later = CallerRecord { last_activity_at: now().plus_seconds(5), ..first.clone() };
        places.keep(organization(1), Some(&first.user), &later);
        assert_eq!(places.get(organization(1), first.user.id), Some(first.clone()));
        places.keep(organization(1), Some(&first.user), &record(1, 2));
        assert_eq!(places.get(organization(1), first.user.id), Some(record(1, 2)));
        assert_eq!(places.get(organization(2), first.user.id), None);
    }
}
