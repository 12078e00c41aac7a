//! What handlers answer with.

use crate::{input::Wants, problem::Problem};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use keystead_service::paging::PageOutput;
use serde::Serialize;
use utoipa::ToSchema;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T: ToSchema> {
    /// The items, in order.
    items: Vec<T>,
    /// Pass it as `cursor` for the next page; null on the last one.
    next_cursor: Option<String>,
}

impl<T: ToSchema> Page<T> {
    /// Shows each item of `page` as `view` makes it.
    pub(crate) fn of<U>(page: PageOutput<U>, view: impl FnMut(U) -> T) -> Self {
        let page = page.map(view);
        Self { items: page.items, next_cursor: page.next_cursor }
    }
}

impl<T: ToSchema + Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// How many things were removed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Deleted {
    /// So many.
    pub(crate) deleted: u64,
}

/// One resource with its version as `ETag`.
pub(crate) struct Versioned<T>(pub(crate) i64, pub(crate) T);

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        ([(header::ETAG, etag(self.0))], Json(self.1)).into_response()
    }
}

/// As [`Versioned`], for what changes in part without a new version (when a person last signed in, the roles that a
/// caller holds): its `ETag` serves `If-Match`, but it is always sent whole.
pub(crate) struct Living<T>(pub(crate) i64, pub(crate) T);

impl<T: Serialize> IntoResponse for Living<T> {
    fn into_response(self) -> Response {
        let mut response = Versioned(self.0, self.1).into_response();
        response.extensions_mut().insert(AlwaysWhole);
        response
    }
}

/// Marks an answer that `If-None-Match` does not shorten.
#[derive(Clone, Copy)]
pub(crate) struct AlwaysWhole;

/// 201 with the new resource, where it is found, and its version as `ETag`.
pub(crate) struct Created<T> {
    /// Its path.
    pub(crate) location: String,
    /// None where it has none.
    pub(crate) version: Option<i64>,
    /// The resource.
    pub(crate) body: T,
}

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let mut response = (StatusCode::CREATED, Json(self.body)).into_response();
        if let Ok(location) = HeaderValue::try_from(self.location) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        if let Some(version) = self.version {
            response.headers_mut().insert(header::ETAG, etag(version));
        }
        response
    }
}

/// A document in the form that the client wants.
pub(crate) struct Document<T>(pub(crate) Wants, pub(crate) T);

impl<T: Serialize> IntoResponse for Document<T> {
    fn into_response(self) -> Response {
        let vary = (header::VARY, HeaderValue::from_static("Accept"));
        match self.0 {
            Wants::Json => ([vary], Json(self.1)).into_response(),
            Wants::Yaml => match serde_saphyr::to_string(&self.1) {
                Ok(text) => {
                    let yaml = (header::CONTENT_TYPE, HeaderValue::from_static("application/yaml"));
                    ([vary, yaml], text).into_response()
                }
                Err(error) => Problem::internal(error.to_string()).into_response(),
            },
        }
    }
}

fn etag(version: i64) -> HeaderValue {
    // Digits and quotes are always a header value.
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::conditional::not_modified;
    use axum::http::{HeaderMap, Method};

    #[test]
    fn what_changes_without_a_version_is_always_sent() {
        let asked = HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static("\"7\""))]);
        let status = |response: Response| not_modified(&Method::GET, &asked, response).status();
        assert_eq!(status(Versioned(7, "x").into_response()), StatusCode::NOT_MODIFIED);
        assert_eq!(status(Versioned(8, "x").into_response()), StatusCode::OK);
        assert_eq!(status(Living(7, "x").into_response()), StatusCode::OK);
    }

    #[test]
    fn what_was_made_says_where_it_is() {
        let made = Created { location: "/api/v1/teams/1".to_owned(), version: Some(1), body: "x" }.into_response();
        assert_eq!(made.status(), StatusCode::CREATED);
        assert_eq!(
            (&made.headers()[header::LOCATION], &made.headers()[header::ETAG]),
            (&"/api/v1/teams/1".parse().unwrap(), &"\"1\"".parse().unwrap())
        );
    }
}
