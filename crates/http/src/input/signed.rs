//! Who is calling, from the bearer token.

use crate::{
    AppState,
    edge::access_version,
    problem::{Challenge, Problem},
};
use axum::{
    extract::{Extension, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use keystead_domain::{Caller, Error, ErrorKind, RequestContext};
use keystead_service::sessions::{Authenticated, authenticate};

/// The signed-in caller, who may do what his roles allow.
///
/// Take it before anything else of the request, so that whoever is not signed in learns nothing but that.
pub(crate) struct Signed(pub(crate) Caller);

/// As [`Signed`], also while the password must be changed first: for reading one's own account, changing the
/// password and signing out.
pub(crate) struct Restricted(pub(crate) Authenticated);

/// Where a request came from that needs nobody to be signed in.
pub(crate) struct Anyone(pub(crate) Caller);

impl FromRequestParts<AppState> for Restricted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let Some(token) = bearer(&parts.headers) else {
            return Err(Problem::from(Error::unauthenticated()).with_challenge(Challenge::Missing));
        };
        let token = token.to_owned();
        let context = context(parts).await?;
        authenticate(state.app(), &token, context).await.map(Self).map_err(|error| {
            let refused = error.is(ErrorKind::Unauthenticated);
            let problem = Problem::from(error);
            if refused { problem.with_challenge(Challenge::InvalidToken) } else { problem }
        })
    }
}

impl FromRequestParts<AppState> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let Restricted(authenticated) = Restricted::from_request_parts(parts, state).await?;
        let caller = authenticated.caller()?.clone();
        access_version::note(parts, caller.organization_id);
        Ok(Self(caller))
    }
}

impl FromRequestParts<AppState> for Anyone {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        context(parts).await.map(|context| Self(Caller::anonymous(context)))
    }
}

async fn context(parts: &mut Parts) -> Result<RequestContext, Problem> {
    let found = Extension::<RequestContext>::from_request_parts(parts, &()).await;
    found.map(|Extension(context)| context).map_err(|_| Problem::internal("a route stands outside of the entry layer"))
}

/// The token in `Authorization: Bearer …` (RFC 6750, section 2.1). Another scheme counts as no credentials.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().filter(|_| values.next().is_none())?;
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_one_bearer_token_is_credentials() {
        let of = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::AUTHORIZATION, HeaderValue::from_static(value));
            }
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(of(&["Bearer abc"]).as_deref(), Some("abc"));
        assert_eq!(of(&["bearer  abc "]).as_deref(), Some("abc"));
        for none in [&[][..], &["Basic abc"], &["Bearer"], &["Bearer "], &["abc"], &["Bearer a", "Bearer b"]] {
            assert_eq!(of(none), None, "{none:?}");
        }
    }
}
