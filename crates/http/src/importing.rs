//! What the imports of whole documents have in common: how they are asked for, and what they answer.

use keystead_service::difference;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// How a document is imported.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct How {
    /// Whether to tell only what would change. Everything is tried and taken back, so it is refused for the same reasons.
    #[serde(default)]
    #[param(default = false)]
    pub(crate) dry_run: bool,
    /// Whether what the lists of the document do not name stays. It is removed unless said otherwise.
    #[serde(default)]
    #[param(default = false)]
    pub(crate) keep_others: bool,
}

/// What an import changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportDifference {
    /// Whether it was only tried, and taken back.
    dry_run: bool,
    /// What is made.
    added: Vec<ImportEntry>,
    /// What is changed.
    changed: Vec<ImportChange>,
    /// What is removed.
    removed: Vec<ImportEntry>,
}

/// A thing that is made or removed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportEntry {
    /// What it is. Of the catalogue: `views`, `features`, `modules`, `menu_items` or `sub_menu_items`. Of an access set:
    /// `permissions`, `roles`, `organization_modules`, `user_levels`, `members`, `policy_model`, `policy_rules` or
    /// `policy_entities`.
    kind: &'static str,
    /// What it is called: a key, a name, a username, a rule's line, an entity's `type:id`.
    key: String,
    /// Everything about it.
    #[schema(value_type = Object)]
    fields: Value,
}

/// A thing that changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportChange {
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

impl ImportDifference {
    pub(crate) fn new(dry_run: bool, difference: difference::Difference) -> Self {
        let difference::Difference { added, changed, removed } = difference;
        Self {
            dry_run,
            added: added.into_iter().map(Into::into).collect(),
            changed: changed.into_iter().map(Into::into).collect(),
            removed: removed.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<difference::Entry> for ImportEntry {
    fn from(entry: difference::Entry) -> Self {
        let difference::Entry { kind, key, fields } = entry;
        Self { kind, key, fields }
    }
}

impl From<difference::EntryChange> for ImportChange {
    fn from(change: difference::EntryChange) -> Self {
        let difference::EntryChange { kind, key, before, after } = change;
        Self { kind, key, before, after }
    }
}
