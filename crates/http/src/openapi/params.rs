//! Headers that several operations take, described once.

use utoipa::IntoParams;

/// `Idempotency-Key` of creating operations.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "it only describes the header")]
pub(crate) struct CreateKey {
    /// 1 to 255 visible ASCII characters of the client's choice, kept for a day: repeating the request with it does not act twice.
    #[param(rename = "Idempotency-Key", nullable = false, min_length = 1, max_length = 255, pattern = "^[!-~]+$")]
    key: Option<String>,
}

/// `If-Match` of updates.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "it only describes the header")]
pub(crate) struct Revision {
    /// The `ETag` that was read. One only; `*` is refused with 428, since it would overwrite what nobody has seen.
    #[param(rename = "If-Match", example = "\"1\"", pattern = "^\"[0-9]{1,18}\"$")]
    tag: String,
}

/// `If-None-Match` of reads.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "it only describes the header")]
pub(crate) struct Unless {
    /// The `ETag` that the client has: it is answered 304 while that is current.
    #[param(rename = "If-None-Match", nullable = false, example = "\"1\"")]
    tag: Option<String>,
}
