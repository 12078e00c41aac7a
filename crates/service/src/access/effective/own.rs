//! What may I do?

use super::{
    ListEffective,
    list::{EffectivePermissions, list},
};
use crate::{App, sessions::signed_in};
use keystead_domain::{Caller, Result};

/// The caller's own effective permissions in the organization that they work in, with the reasons.
///
/// # Errors
/// `Unauthenticated`; `Invalid` on `cursor`, or on `kind` when there are too many to be listed at once.
pub async fn own_permissions(app: &App, caller: &Caller, input: ListEffective) -> Result<EffectivePermissions> {
    let me = signed_in(caller)?;
    list(app, caller, me, &input).await
}
