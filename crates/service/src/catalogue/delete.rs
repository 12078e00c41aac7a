//! Removes a thing of the catalogue.

use super::{
    kept::Kept,
    permitted::{guard_found, platform},
};
use crate::{
    App,
    audit::{self, Event, changes},
};
use keystead_domain::{Caller, Error, PLATFORM, Result, access::Action};

/// Removes a view, a module or a feature with its links, or an item of the menu with what stands under it.
///
/// # Errors
/// `Unauthenticated`; `Forbidden` for whoever does not work for the platform; `NotFound`; `PreconditionFailed`; `Conflict`
/// with code `catalogue_in_use` while an organization, a user level or the menu refers to it.
pub async fn delete_item<T: Kept>(app: &App, caller: &Caller, id: T::Id, version: i64) -> Result<()> {
    let held = guard_found(caller, Action::Delete)?;
    let unit = app.store.begin(platform(caller)).await?;
    let before = T::find(&*unit, id).await?.ok_or_else(|| Error::not_found(T::ONE))?;
    held.release()?;
    T::delete(&*unit, id, version).await?;
    let event = Event::new(caller, T::DELETED, T::MANY).resource(id).changed(changes(&before, &())?);
    audit::append(&*unit, app, PLATFORM, vec![event]).await?;
    unit.commit().await
}
