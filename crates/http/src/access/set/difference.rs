//! What an import changes, as the API shows it.

use keystead_service::catalogue;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// What an import changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccessSetDifference {
    /// Whether it was only tried, and taken back.
    dry_run: bool,
    /// What is made.
    added: Vec<AccessSetEntry>,
    /// What is changed.
    changed: Vec<AccessSetChange>,
    /// What is removed.
    removed: Vec<AccessSetEntry>,
}

/// A thing of an access set.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccessSetEntry {
    /// `permissions`, `roles`, `organization_modules`, `user_levels`, `members`, `policy_model`, `policy_rules` or
    /// `policy_entities`.
    kind: &'static str,
    /// What it is called: a name, a key, a username, a rule's line, an entity's `type:id`.
    key: String,
    /// Everything about it.
    #[schema(value_type = Object)]
    fields: Value,
}

/// A thing of an access set that changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccessSetChange {
    /// As of what is made.
    kind: &'static str,
    /// As of what is made.
    key: String,
    /// The fields that differ, as they were.
    #[schema(value_type = Object)]
    before: Value,
    /// The fields that differ, as they are to be.
    #[schema(value_type = Object)]
    after: Value,
}

impl AccessSetDifference {
    pub(super) fn new(dry_run: bool, difference: catalogue::Difference) -> Self {
        let catalogue::Difference { added, changed, removed } = difference;
        let entry = |entry: catalogue::Entry| {
            let catalogue::Entry { kind, key, fields } = entry;
            AccessSetEntry { kind, key, fields }
        };
        let change = |change: catalogue::EntryChange| {
            let catalogue::EntryChange { kind, key, before, after } = change;
            AccessSetChange { kind, key, before, after }
        };
        Self {
            dry_run,
            added: added.into_iter().map(entry).collect(),
            changed: changed.into_iter().map(change).collect(),
            removed: removed.into_iter().map(entry).collect(),
        }
    }
}
