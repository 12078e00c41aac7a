//! Where the next page of a search begins.

use crate::App;
use keystead_crypto::tokens::Cursor;
use keystead_domain::{Caller, Error, Result};

/// What a token is bound to: the caller, and the question as it was sent without its page.
fn bound_to(caller: &Caller, question: &[u8]) -> Vec<u8> {
    let head = format!("authzen search {} {} ", caller.organization_id, caller.kind.as_str());
    [head.as_bytes(), question].concat()
}

/// The token for what comes after `last` in the answers to `question`.
///
/// # Errors
/// When `last` is too long for a token.
pub fn page_token(app: &App, caller: &Caller, question: &[u8], last: &str) -> Result<String> {
    Ok(Cursor::sign(&app.keys.macs().cursor, &bound_to(caller, question), last.as_bytes())?)
}

/// What came last before the page that the token stands for.
///
/// # Errors
/// `Invalid` on `page.token` when it is none, or of another question.
pub fn read_page_token(app: &App, caller: &Caller, question: &[u8], token: &str) -> Result<String> {
    let last = Cursor::open(&app.keys.macs().cursor, &bound_to(caller, question), token);
    last.and_then(|last| String::from_utf8(last).ok())
        .ok_or_else(|| Error::invalid("page.token", "is none of this search: the rest of the request must be the same"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, member};

    #[test]
    fn a_token_is_good_for_its_own_search() {
        let (app, caller) = (TestApp::new().build(), member(1, 7));
        let token = page_token(&app, &caller, b"one", "document-7").unwrap();
        assert_eq!(read_page_token(&app, &caller, b"one", &token).unwrap(), "document-7");
        for (caller, question, token) in [
            (&caller, &b"other"[..], &token[..]),
            (&member(2, 7), b"one", &token),
            (&caller, b"one", ""),
            (&caller, b"one", "AAAA"),
        ] {
            assert_eq!(read_page_token(&app, caller, question, token).unwrap_err().code, "invalid");
        }
    }
}
