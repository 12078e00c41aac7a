//! What an import changes, as the API shows it.

use keystead_service::catalogue;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// What an import changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CatalogueDifference {
    /// Whether it was only tried, and taken back.
    dry_run: bool,
    /// What is made.
    added: Vec<CatalogueEntry>,
    /// What is changed.
    changed: Vec<CatalogueChange>,
    /// What is removed.
    removed: Vec<CatalogueEntry>,
}

/// A thing of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CatalogueEntry {
    /// `views`, `features`, `modules`, `menu_items` or `sub_menu_items`.
    kind: &'static str,
    /// Its key.
    key: String,
    /// Everything about it.
    #[schema(value_type = Object)]
    fields: Value,
}

/// A thing of the catalogue that changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CatalogueChange {
    /// `views`, `features`, `modules`, `menu_items` or `sub_menu_items`.
    kind: &'static str,
    /// Its key.
    key: String,
    /// The fields that differ, as they were.
    #[schema(value_type = Object)]
    before: Value,
    /// The fields that differ, as they are to be.
    #[schema(value_type = Object)]
    after: Value,
}

impl CatalogueDifference {
    pub(crate) fn new(dry_run: bool, difference: catalogue::Difference) -> Self {
        let catalogue::Difference { added, changed, removed } = difference;
        let change = |change: catalogue::EntryChange| {
            let catalogue::EntryChange { kind, key, before, after } = change;
            CatalogueChange { kind, key, before, after }
        };
        Self {
            dry_run,
            added: added.into_iter().map(CatalogueEntry::from).collect(),
            changed: changed.into_iter().map(change).collect(),
            removed: removed.into_iter().map(CatalogueEntry::from).collect(),
        }
    }
}

impl From<catalogue::Entry> for CatalogueEntry {
    fn from(entry: catalogue::Entry) -> Self {
        let catalogue::Entry { kind, key, fields } = entry;
        Self { kind, key, fields }
    }
}
