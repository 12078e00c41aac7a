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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        audit::{Event, append},
        testing::{TestApp, member, now, organization, user},
    };
    use keystead_domain::{RequestContext, keys::EncryptionKey};
    use keystead_store::mocks::MockUnitOfWork;
    use serde_json::json;
    use std::sync::Mutex;

    /// A unit of work that keeps keys and events.
    #[derive(Clone, Default)]
    struct Kept {
        keys: Arc<Mutex<Vec<EncryptionKey>>>,
        events: Arc<Mutex<Vec<AuditEvent>>>,
    }

    impl Kept {
        fn unit(&self) -> MockUnitOfWork {
            let (mut unit, ensure, find, append) = (MockUnitOfWork::new(), self.clone(), self.clone(), self.clone());
            unit.keys.expect_ensure_encryption_key().returning(move |_, candidate| {
                let mut keys = ensure.keys.lock().unwrap();
                let known = keys.iter().find(|key| key.user_id == candidate.user_id).cloned();
                Ok(known.unwrap_or_else(|| {
                    keys.push(candidate.clone());
                    candidate.clone()
                }))
            });
            unit.keys.expect_encryption_keys().returning(move |ids| {
                Ok(find.keys.lock().unwrap().iter().filter(|key| ids.contains(&key.id)).cloned().collect())
            });
            unit.audit.expect_append().returning(move |_, events| {
                append.events.lock().unwrap().extend_from_slice(events);
                Ok(())
            });
            unit
        }
        fn owner_of(&self, sealed: Option<&Vec<u8>>) -> Option<keystead_domain::UserId> {
            let id = key_id_of(sealed.unwrap()).unwrap();
            self.keys.lock().unwrap().iter().find(|key| key.id == id).unwrap().user_id
        }
    }

    #[tokio::test]
    async fn personal_values_are_sealed_for_the_person_they_are_about() {
        let (app, kept) = (TestApp::new().build(), Kept::default());
        let event = Event::new(&member(1, 7), "member.updated", "members")
            .subject(user(9))
            .before_after(json!({ "a": 1 }), json!({ "a": 2 }));
        let place = organization(1);
        append(&kept.unit(), &app, place, vec![event.clone()]).await.unwrap();
        let mut about_nobody = event;
        about_nobody.subject = None;
        append(&kept.unit(), &app, place, vec![about_nobody]).await.unwrap();

        let events = kept.events.lock().unwrap().clone();
        assert_eq!(kept.owner_of(events[0].client_sealed.as_ref()), Some(user(7)));
        assert_eq!(kept.owner_of(events[0].changes_sealed.as_ref()), Some(user(9)));
        assert_eq!(kept.owner_of(events[1].changes_sealed.as_ref()), None);
        assert_eq!((events[0].created_at, events[0].client_ip_hash.as_ref().map(Vec::len)), (now(), Some(32)));

        let revealed = reveal(&kept.unit(), &app, &events).await.unwrap();
        assert_eq!(revealed[0].client, Some(json!({ "client_ip": "192.0.2.7", "user_agent": "tests" })));
        assert_eq!(revealed[1].changes, Some(json!({ "before": { "a": 1 }, "after": { "a": 2 } })));
    }

    #[tokio::test]
    async fn what_was_sealed_for_an_erased_person_is_missing_and_a_moved_value_is_refused() {
        let (app, kept) = (TestApp::new().build(), Kept::default());
        let event = || Event::new(&member(1, 7), "team.created", "teams");
        append(&kept.unit(), &app, organization(1), vec![event(), event()]).await.unwrap();
        let mut events = kept.events.lock().unwrap().clone();
        let moved = events[1].client_sealed.clone();
        assert!(reveal(&kept.unit(), &app, &events).await.is_ok());
        events[0].client_sealed = moved;
        assert!(reveal(&kept.unit(), &app, &events).await.is_err());

        let (app, kept) = (TestApp::new().build(), Kept::default());
        append(&kept.unit(), &app, organization(1), vec![event()]).await.unwrap();
        kept.keys.lock().unwrap()[0].key_sealed = None;
        let events = kept.events.lock().unwrap().clone();
        assert_eq!(reveal(&kept.unit(), &app, &events).await.unwrap(), [Revealed::default()]);
    }

    #[tokio::test]
    async fn without_a_client_nothing_is_sealed() {
        let (app, kept) = (TestApp::new().build(), Kept::default());
        let context = RequestContext { source: "job", ..RequestContext::default() };
        let event = Event::new(&keystead_domain::Caller::job(organization(1), context), "job.done", "jobs");
        append(&kept.unit(), &app, organization(1), vec![event]).await.unwrap();
        assert!(kept.events.lock().unwrap()[0].client_sealed.is_none() && kept.keys.lock().unwrap().is_empty());
    }
}
