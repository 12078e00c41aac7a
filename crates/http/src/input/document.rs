//! A document that is either JSON or YAML.

use super::{
    json::{is, parse},
    yaml::json_of,
};
use crate::{edge::Edge, problem::Problem};
use axum::{
    body::Bytes,
    extract::{FromRef, FromRequest, FromRequestParts, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use serde::de::DeserializeOwned;
use std::{convert::Infallible, sync::Arc};

/// What YAML is called (RFC 9512), and was called before.
const YAML: [&str; 4] = ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"];

/// A body of `application/json` or `application/yaml`: 415 for another type, 400 for what is neither, 422 for what the
/// operation does not take.
///
/// YAML is turned into JSON first, so that both are read in one way: nothing beyond JSON's values, no anchors and aliases,
/// one document, `true` and `false` only.
pub(crate) struct Document<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Document<T>
where
    Arc<Edge>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (is_json, is_yaml) = (is(request.headers(), &["application/json"]), is(request.headers(), &YAML));
        if !is_json && !is_yaml {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "The body must be JSON or YAML, with the header Content-Type: application/json or application/yaml.",
            ));
        }
        // The body was read and bounded before the work began, so this only hands it over.
        let bytes = Bytes::from_request(request, &()).await.map_err(|error| {
            Problem::malformed("broken_body", "The request's body could not be read.").with_internal(error.to_string())
        })?;
        let depth = Arc::<Edge>::from_ref(state).settings.json_depth;
        if is_json {
            return parse(&bytes, depth).map(Self);
        }
        // A large one takes a while, in which others go on.
        let json = tokio::task::spawn_blocking(move || json_of(&bytes, depth)).await;
        parse(&json.map_err(|error| Problem::internal(error.to_string()))??, depth).map(Self)
    }
}

/// Which form of a document the client wants, by its `Accept` (RFC 9110, section 12.5.1). JSON where nothing is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wants {
    Json,
    Yaml,
}

impl<S: Send + Sync> FromRequestParts<S> for Wants {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(wanted(&parts.headers))
    }
}

fn wanted(headers: &HeaderMap) -> Wants {
    let (mut json, mut yaml) = (0_u16, 0_u16);
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    for range in accepted.flat_map(|value| value.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(1000, thousandths);
        if YAML.contains(&essence.as_str()) {
            yaml = yaml.max(weight);
        } else if ["application/json", "application/*", "*/*"].contains(&essence.as_str()) {
            json = json.max(weight);
        }
    }
    if yaml > json { Wants::Yaml } else { Wants::Json }
}

/// A weight (RFC 9110, section 12.4.2); 0 for what is none.
fn thousandths(weight: &str) -> u16 {
    let (whole, rest) = weight.split_once('.').unwrap_or((weight, ""));
    let digits = format!("{rest:0<3}");
    match (whole, digits.len() == 3, digits.parse::<u16>()) {
        ("1", true, Ok(0)) => 1000,
        ("0", true, Ok(thousandths)) => thousandths,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        name: String,
        #[serde(default)]
        items: Vec<String>,
        is_active: Option<bool>,
    }

    fn read(yaml: &str) -> Result<Sample, Problem> {
        parse(&json_of(yaml.as_bytes(), 8)?, 8)
    }

    #[test]
    fn yaml_says_what_json_says() {
        let sample = read("# a comment\nname: Sales\nitems:\n  - one\n  - \"two\"\nis_active: false\n").unwrap();
        assert_eq!((sample.name.as_str(), sample.items.len(), sample.is_active), ("Sales", 2, Some(false)));
        assert_eq!(read("name: yes").unwrap().name, "yes");
        assert_eq!(read("{\"name\": \"JSON\"}").unwrap().name, "JSON");
    }

    #[test]
    fn what_is_not_as_it_should_be_is_refused() {
        for (yaml, status, code) in [
            ("name: [", 400, "malformed_yaml"),
            ("name: a\nname: b", 400, "malformed_yaml"),
            ("name: &a x\nitems: [*a, *a]", 400, "malformed_yaml"),
            ("name: a\n---\nname: b", 400, "malformed_yaml"),
            ("<<: {name: a}", 400, "malformed_yaml"),
            ("name: \"\\0\"", 422, "invalid"),
            ("name: 7", 422, "invalid"),
            ("name: a\nother: b", 422, "invalid"),
            ("name: a\nis_active: no", 422, "invalid"),
            ("", 422, "invalid"),
        ] {
            let problem = read(yaml).map(|sample| sample.name).unwrap_err();
            assert_eq!((problem.status.as_u16(), &*problem.code), (status, code), "{yaml}: {}", problem.detail);
        }
        let deep = format!("name: {}{}", "[".repeat(40), "]".repeat(40));
        assert_eq!(&*read(&deep).unwrap_err().code, "malformed_yaml");
        assert_eq!(&*json_of(b"name: \xff", 8).unwrap_err().code, "malformed_yaml");
    }

    #[test]
    fn an_error_says_where() {
        let detail = read("name: a\nitems: [one,\n").unwrap_err().detail;
        assert!(detail.contains("line"), "{detail}");
        let problem = read("name: a\nitems: [one, 2]").unwrap_err();
        assert_eq!(problem.errors[0].field, "items[1]");
    }

    #[test]
    fn json_is_sent_unless_yaml_is_wanted_more() {
        let of =
            |value: &'static str| wanted(&HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(value))]));
        for json in
            ["*/*", "application/json", "application/json, application/yaml", "text/html", "application/yaml;q=0"]
        {
            assert_eq!(of(json), Wants::Json, "{json}");
        }
        for yaml in
            ["application/yaml", "text/yaml", "application/yaml, */*;q=0.8", "application/json;q=0.5, Application/YAML"]
        {
            assert_eq!(of(yaml), Wants::Yaml, "{yaml}");
        }
        assert_eq!(wanted(&HeaderMap::new()), Wants::Json);
    }
}
