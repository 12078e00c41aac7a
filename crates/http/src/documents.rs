//! The API's own documents, for whoever reads and writes them without HTTP: the command line.

use crate::{
    access::{
        explaining::view::Explanation,
        previewing::{PreviewBody, view::AccessPreview},
    },
    input::{json_of, parse},
    problem::Problem,
};
use keystead_domain::{Error, ErrorKind, Result};
use keystead_service::access::{
    explaining::Explained,
    previewing::{Preview, PreviewChanges},
};
use serde::de::DeserializeOwned;

/// How deep such a document nests at most.
const DEPTH: usize = 64;

/// Reads a document of JSON, or of YAML as the API takes it: no anchors, one document, `true` and `false` only.
///
/// # Errors
/// `Invalid` with code `malformed_document`, naming the place.
pub fn read<T: DeserializeOwned>(text: &[u8], is_yaml: bool) -> Result<T> {
    let json = if is_yaml { json_of(text, DEPTH) } else { Ok(text.to_owned()) };
    json.and_then(|json| parse(&json, DEPTH)).map_err(error)
}

/// An explanation as `POST /api/v1/access/explain` answers it.
///
/// # Errors
/// `Internal` when it cannot be written.
pub fn explanation(explained: Explained) -> Result<serde_json::Value> {
    serde_json::to_value(Explanation::from(explained)).map_err(|error| Error::internal(error.to_string()))
}

/// Changes, as `POST /api/v1/access/preview` takes them.
///
/// # Errors
/// As [`read`].
pub fn changes(text: &[u8], is_yaml: bool) -> Result<PreviewChanges> {
    read::<PreviewBody>(text, is_yaml).map(PreviewBody::into)
}

/// A preview as `POST /api/v1/access/preview` answers it.
///
/// # Errors
/// `Internal` when it cannot be written.
pub fn preview(preview: Preview) -> Result<serde_json::Value> {
    serde_json::to_value(AccessPreview::from(preview)).map_err(|error| Error::internal(error.to_string()))
}

fn error(problem: Problem) -> Error {
    let message = match problem.errors.first() {
        Some(first) => format!("{}: {}", first.field, first.message),
        None => problem.detail,
    };
    let mut error = Error::new(ErrorKind::Invalid, "malformed_document", message);
    error.fields = problem.errors;
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        names: Vec<String>,
    }

    #[test]
    fn both_forms_are_read_alike_and_mistakes_have_a_place() {
        let sample = Sample { names: vec!["a".to_owned()] };
        assert_eq!(read::<Sample>(br#"{"names": ["a"]}"#, false).unwrap(), sample);
        assert_eq!(read::<Sample>(b"names:\n  - a\n", true).unwrap(), sample);
        for (text, is_yaml) in [(&br#"{"names": ["a", 1]}"#[..], false), (b"names: [a, 1]", true)] {
            let error = read::<Sample>(text, is_yaml).unwrap_err();
            assert_eq!((error.code, error.fields[0].field.as_str()), ("malformed_document", "names[1]"), "{error}");
        }
        assert!(read::<Sample>(b"{", false).unwrap_err().message.contains("line 1"));
        assert_eq!(read::<Sample>(b"a: &x 1\nb: *x", true).unwrap_err().code, "malformed_document");
    }
}
