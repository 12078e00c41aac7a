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
use keystead_service::{
    service_accounts::{authenticate_key, is_api_key},
    sessions::{Authenticated, authenticate, for_people_only},
};

/// The signed-in caller, who may do what his roles allow, or the service account, which may do what its key allows.
///
/// Take it before anything else of the request, so that whoever is not signed in learns nothing but that.
pub(crate) struct Signed(pub(crate) Caller);

/// As [`Signed`], for people only, and also while the password must be changed first: for reading one's own account,
/// changing the password and signing out.
pub(crate) struct Restricted(pub(crate) Authenticated);

/// Where a request came from that needs nobody to be signed in.
pub(crate) struct Anyone(pub(crate) Caller);

impl FromRequestParts<AppState> for Restricted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        match known(parts, state).await? {
            Known::Person(person) => Ok(Self(*person)),
            Known::Program(_) => Err(for_people_only().into()),
        }
    }
}

/// Who has sent the bearer token.
enum Known {
    Person(Box<Authenticated>),
    Program(Box<Caller>),
}

async fn known(parts: &mut Parts, state: &AppState) -> Result<Known, Problem> {
    let Some(token) = bearer(&parts.headers) else {
        return Err(Problem::from(Error::unauthenticated()).with_challenge(Challenge::Missing));
    };
    let token = token.to_owned();
    let context = context(parts).await?;
    let known = if is_api_key(&token) {
        authenticate_key(state.app(), &token, context).await.map(|caller| Known::Program(Box::new(caller)))
    } else {
        authenticate(state.app(), &token, context).await.map(|person| Known::Person(Box::new(person)))
    };
    known.map_err(|error| {
        let refused = error.is(ErrorKind::Unauthenticated);
        let problem = Problem::from(error);
        if refused { problem.with_challenge(Challenge::InvalidToken) } else { problem }
    })
}

impl FromRequestParts<AppState> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let caller = match known(parts, state).await? {
            Known::Person(person) => person.caller()?.clone(),
            Known::Program(caller) => *caller,
        };
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
