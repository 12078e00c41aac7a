//! The one table from kinds of errors to status codes (RFC 9110, RFC 6585).

use axum::http::StatusCode;
use keystead_domain::ErrorKind;

/// The status code of a kind of error.
///
/// 400 is kept for requests that cannot be read (broken JSON, broken headers); what was read and breaks a rule is 422.
pub(crate) const fn status_of(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorKind::Forbidden => StatusCode::FORBIDDEN,
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::Conflict => StatusCode::CONFLICT,
        ErrorKind::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
        ErrorKind::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        ErrorKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorKind::Busy => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::Timeout => StatusCode::GATEWAY_TIMEOUT,
        ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Word and sentence for an answer that the router made without a [`super::Problem`].
pub(crate) const fn code_of(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::NOT_FOUND => {
            ("no_such_route", "There is nothing at this address. The document at /openapi.json lists what there is.")
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            ("method_not_allowed", "This address does not know the method; the Allow header lists those that it knows.")
        }
        StatusCode::BAD_REQUEST => ("malformed_request", "The request could not be read."),
        _ if status.as_u16() >= 500 => {
            ("internal", "Something went wrong on our side. The request id names it in the log.")
        }
        _ => ("refused", "The request was refused."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_code() {
        use ErrorKind::{
            Busy, Conflict, Forbidden, Internal, Invalid, NotFound, PreconditionFailed, PreconditionRequired, Timeout,
            TooLarge, Unauthenticated,
        };
        let table = [
            (Invalid, 422),
            (Unauthenticated, 401),
            (Forbidden, 403),
            (NotFound, 404),
            (Conflict, 409),
            (PreconditionRequired, 428),
            (PreconditionFailed, 412),
            (TooLarge, 413),
            (Busy, 503),
            (Timeout, 504),
            (Internal, 500),
        ];
        for (kind, status) in table {
            assert_eq!(status_of(kind).as_u16(), status, "{kind:?}");
        }
    }
}
