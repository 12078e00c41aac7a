//! Shows the whole catalogue as one document.

use super::{
    document::{CatalogueDocument, Rows},
    permitted::guard_read,
};
use crate::App;
use keystead_domain::{Caller, Result};

/// The catalogue with its links and the menu, at one moment.
///
/// # Errors
/// As [`guard`](crate::access::guard).
pub async fn export_catalogue(app: &App, caller: &Caller) -> Result<CatalogueDocument> {
    guard_read(caller)?;
    let unit = app.store.read(caller.scope()).await?;
    Ok(Rows::load(&*unit).await?.document())
}
