//! Opening what audit events have sealed, for those who may read them.

use super::append::place;
use crate::{App, keys::data_keys_by_id};
use keystead_crypto::sealing::{DataKey, key_id_of};
use keystead_domain::{AuditEventId, Error, Json, KeyId, Result, audit::AuditEvent};
use keystead_store::UnitOfWork;
use std::{collections::HashMap, sync::Arc};

/// The opened values of one event. One that was sealed under a destroyed key is missing: the person was erased.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Revealed {
    /// `{client_ip, user_agent}`.
    pub client: Option<Json>,
    /// `{before, after}`.
    pub changes: Option<Json>,
}

/// Opens the sealed values of `events`, in their order; the keys that are needed are read in one statement.
///
/// # Errors
/// When the store fails, or a value was changed.
pub async fn reveal(unit: &dyn UnitOfWork, app: &App, events: &[AuditEvent]) -> Result<Vec<Revealed>> {
    let sealed = events.iter().flat_map(|event| [&event.client_sealed, &event.changes_sealed]);
    let ids: Vec<KeyId> = sealed.flatten().filter_map(|sealed| key_id_of(sealed)).collect();
    let keys = data_keys_by_id(app, unit, ids).await?;
    let open_all = |event: &AuditEvent| {
        Ok(Revealed {
            client: open(&keys, "client_sealed", event.id, event.client_sealed.as_deref())?,
            changes: open(&keys, "changes_sealed", event.id, event.changes_sealed.as_deref())?,
        })
    };
    events.iter().map(open_all).collect()
}

fn open(
    keys: &HashMap<KeyId, Arc<DataKey>>,
    column: &'static str,
    id: AuditEventId,
    sealed: Option<&[u8]>,
) -> Result<Option<Json>> {
    let Some(sealed) = sealed else { return Ok(None) };
    let Some(key) = key_id_of(sealed).and_then(|id| keys.get(&id)) else { return Ok(None) };
    let text = key.open(&place(column, id), sealed)?;
    serde_json::from_slice(&text).map(Some).map_err(|error| Error::internal(error.to_string()))
}
