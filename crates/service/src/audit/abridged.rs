//! Large values in what changed.

use crate::App;
use keystead_domain::{Error, Json, Result};
use serde_json::{Map, json};
use std::fmt::Write;

/// A field's value with more bytes than this, as JSON, is not kept in an event.
const LARGEST: usize = 2 * 1024;

/// The fields of `value`, with the large ones replaced by their size and their keyed hash (HMAC-SHA-256): the trail is
/// kept for ever, so that whoever changes a large value again and again would fill the store. The hash is keyed since
/// values can be guessed; equal values have equal hashes.
pub(super) fn abridged(app: &App, value: &Json) -> Result<Json> {
    let Json::Object(fields) = value else { return Ok(value.clone()) };
    let one = |(name, value): (&String, &Json)| Ok((name.clone(), field(app, value)?));
    fields.iter().map(one).collect::<Result<Map<_, _>>>().map(Json::Object)
}

fn field(app: &App, value: &Json) -> Result<Json> {
    let text = serde_json::to_vec(value).map_err(|error| Error::internal(error.to_string()))?;
    if text.len() <= LARGEST {
        return Ok(value.clone());
    }
    let mut hash = String::with_capacity(64);
    for byte in app.keys.macs().large_value_hash(&text) {
        // Writing to a string cannot fail.
        let _ = write!(hash, "{byte:02x}");
    }
    Ok(json!({ "bytes": text.len(), "hmac_sha256": hash }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestApp;

    #[test]
    fn large_values_are_told_by_size_and_hash() {
        let app = TestApp::new().build();
        let value = |letter: &str| json!({ "name": "Ada", "data": { "text": letter.repeat(LARGEST) } });
        let told = abridged(&app, &value("a")).unwrap();
        assert_eq!((&told["name"], &told["data"]["bytes"]), (&json!("Ada"), &json!(LARGEST + 11)));
        assert_eq!(told["data"]["hmac_sha256"].as_str().map(str::len), Some(64));
        assert!(told.to_string().len() < 200);
        assert_eq!(told, abridged(&app, &value("a")).unwrap());
        assert_ne!(told, abridged(&app, &value("b")).unwrap());
    }

    #[test]
    fn what_is_not_large_stays() {
        let app = TestApp::new().build();
        let largest = json!({ "text": "a".repeat(LARGEST - 2), "nothing": null });
        assert_eq!(abridged(&app, &largest).unwrap(), largest);
        assert_eq!(abridged(&app, &json!(null)).unwrap(), json!(null));
    }
}
