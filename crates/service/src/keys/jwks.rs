//! The public keys that clients check access tokens with.

use crate::App;
use keystead_crypto::signing::JwkSet;

/// The body of `/.well-known/jwks.json` (RFC 7517, section 5): the keys that sign, will sign soon, or signed tokens that
/// are still good. Newest first.
#[must_use]
pub fn jwks(app: &App) -> JwkSet {
    let (ring, now) = (app.keys.signing().ring(), app.now());
    let mut set = ring.published.clone();
    set.keys.retain(|key| ring.stored.iter().any(|stored| stored.kid == key.kid() && stored.expires_at > now));
    set
}
