//! `If-Match` (RFC 9110, section 13.1.1): which version an update was made for.

use crate::problem::Problem;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, header, request::Parts},
};

/// The version in `If-Match`. Missing, it is 428 (RFC 6585, section 3), and so is `*`: it would overwrite what nobody has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IfMatch(pub(crate) i64);

/// No row has this version, so a tag that is none of ours is answered like one that is out of date.
const NEVER: i64 = -1;

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(&parts.headers).map(Self)
    }
}

fn read(headers: &HeaderMap) -> Result<i64, Problem> {
    let mut values = headers.get_all(header::IF_MATCH).iter();
    let Some(value) = values.next() else { return Err(required()) };
    let text = value.to_str().ok().map(str::trim).filter(|_| values.next().is_none()).ok_or_else(malformed)?;
    if text == "*" {
        return Err(required());
    }
    // A weak tag never matches here (strong comparison), which is the same as being out of date.
    let (weak, tag) = text.strip_prefix("W/").map_or((false, text), |tag| (true, tag));
    let opaque = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).ok_or_else(malformed)?;
    if opaque.contains('"') {
        return Err(malformed());
    }
    let digits = !opaque.is_empty() && opaque.bytes().all(|b| b.is_ascii_digit());
    Ok(if digits && !weak { opaque.parse().unwrap_or(NEVER) } else { NEVER })
}

fn required() -> Problem {
    Problem::new(
        StatusCode::PRECONDITION_REQUIRED,
        "version_required",
        "Send If-Match with the ETag that you have read, so that nobody's change is overwritten unseen. * is not accepted.",
    )
}

fn malformed() -> Problem {
    Problem::malformed("malformed_if_match", "If-Match must hold one entity tag, as an ETag header gave it: \"7\".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn of(values: &[&str]) -> Result<i64, u16> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::IF_MATCH, HeaderValue::from_str(value).unwrap());
        }
        read(&headers).map_err(|problem| problem.status.as_u16())
    }

    #[test]
    fn one_strong_tag_is_a_version() {
        assert_eq!(of(&["\"7\""]), Ok(7));
        assert_eq!(of(&[]), Err(428));
        assert_eq!(of(&["*"]), Err(428));
        for stale in ["W/\"7\"", "\"abc\"", "\"\"", "\"99999999999999999999\"", "\"-7\"", "\"+7\""] {
            assert_eq!(of(&[stale]), Ok(NEVER), "{stale}");
        }
        for broken in ["7", "\"7", "\"7\", \"8\"", "", "\"7\" x"] {
            assert_eq!(of(&[broken]), Err(400), "{broken}");
        }
        assert_eq!(of(&["\"7\"", "\"8\""]), Err(400));
    }
}
