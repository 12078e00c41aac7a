//! Shows a thing of the catalogue.

use super::{kept::Kept, permitted::guard_read};
use crate::App;
use keystead_domain::{Caller, Error, Result};

/// A view, a module, a feature or an item of the menu.
///
/// # Errors
/// As [`guard`](crate::access::guard); `NotFound`.
pub async fn get_item<T: Kept>(app: &App, caller: &Caller, id: T::Id) -> Result<T> {
    guard_read(caller)?;
    let unit = app.store.glance(caller.scope()).await?;
    T::find(&*unit, id).await?.ok_or_else(|| Error::not_found(T::ONE))
}
