//! The OpenAPI 3.1 document, made from the routes themselves.

mod answers;
mod params;
mod serve;
#[cfg(test)]
mod tests;
mod texts;
pub(crate) mod words;

pub(crate) use params::{CreateKey, Revision, Unless};
pub(crate) use serve::{docs, router};

use crate::problem::ProblemBody;
use serde_json::Value;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

/// What the document says beside its operations. Operations that need no sign-in say so themselves.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Keystead",
        description = "Accounts, sessions, organizations and permissions.\n\n\
            Sign in with `POST /api/v1/sessions` and send the access token as `Authorization: Bearer …`. The organization of \
            a request is the one that the token names; another one in a path is answered 404.\n\n\
            **Programs** send the key of a service account in its place. What is about a person (`/me`, sessions, the answer to \
            an invitation, founding an organization) is answered 403 with the code `for_people_only`.\n\n\
            **Refusals** are `application/problem+json` (RFC 9457): 400 where the request cannot be read, 422 where it was \
            read and breaks a rule; `code` is stable, `errors` names the fields.\n\n\
            **Lists** come in pages: pass `next_cursor` back as `cursor` until it is null.\n\n\
            **Updates** of versioned resources need `If-Match` with the `ETag` that was read: 428 without, 412 when it is stale.\n\n\
            **Creating** operations take an `Idempotency-Key`: the same key with the same body is answered again, not done again.",
    ),
    security(("bearer" = []), ("ApiKey" = [])),
    components(schemas(ProblemBody)),
    modifiers(&Credentials),
    tags(
        (name = "accounts", description = "The signed-in person, and everyone's accounts."),
        (name = "sessions", description = "Sign in, refresh, sign out."),
        (name = "organizations", description = "Organizations, their members, invitations and teams."),
        (name = "authzen", description = "What products ask: the OpenID AuthZEN Authorization API 1.0."),
        (name = "catalogue", description = "What the product shows and can do, its menu, and which modules organizations have."),
        (name = "service accounts", description = "Programs that call on behalf of an organization, and their keys."),
        (name = "access", description = "Roles, permissions, user levels and policies."),
        (name = "navigation", description = "One's own menu, and where one has been."),
        (name = "audit", description = "Who did what."),
        (name = "jobs", description = "Background jobs and their schedules."),
        (name = "keys", description = "The keys that verify access tokens."),
        (name = "health", description = "Whether the server lives and can serve, and its figures."),
    )
)]
pub(crate) struct Document;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some("The access token (RFC 6750, RFC 9068) that signing in or refreshing returns."))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("ks_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}")
            .description(Some(
                "A key of a service account. It permits its scopes in the service account's organization.",
            ))
            .build();
        components.add_security_scheme("ApiKey", SecurityScheme::Http(scheme));
    }
}

/// The finished document: what the routes say, and the answers that every operation can give.
pub(crate) fn finish(document: &utoipa::openapi::OpenApi) -> Value {
    // The document is maps, lists and texts; null would show at once in the test that reads it.
    let mut document = serde_json::to_value(document).unwrap_or_default();
    answers::complete(&mut document);
    texts::complete(&mut document);
    document
}
