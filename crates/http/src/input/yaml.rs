//! YAML, said again as JSON.

use crate::problem::Problem;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::{borrow::Cow, fmt};

/// The JSON text that says the same as the YAML.
///
/// It is written while the YAML is read, with no tree of values between: however many values stand in a text, they take little
/// more memory than the text. So as many may stand there as its bytes can hold.
pub(crate) fn json_of(yaml: &[u8], depth: usize) -> Result<Vec<u8>, Problem> {
    let text = std::str::from_utf8(yaml).map_err(|_| malformed("it is not UTF-8"))?;
    // A member without a value is two in two bytes, and a list or an object has an end.
    let most = text.len().saturating_mul(2).saturating_add(100);
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: depth,
            flow_nesting_limit: depth,
            max_anchors: 0,
            max_aliases: 0,
            max_documents: 1,
            max_nodes: most,
            max_events: most,
            max_total_scalar_bytes: most,
        },
        strict_booleans: true,
        merge_keys: serde_saphyr::MergeKeyPolicy::Error,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
    };
    let mut json = Vec::with_capacity(text.len());
    serde_saphyr::with_deserializer_from_str_with_options(text, options, |yaml| Json(&mut json).deserialize(yaml))
        .map_err(|error| malformed(&error.without_snippet().to_string()))?;
    Ok(json)
}

fn malformed(what: &str) -> Problem {
    // Of a long explanation, the beginning says where.
    let what: String = what.chars().take(500).collect();
    Problem::malformed("malformed_yaml", format!("The body is not YAML as it is read here: {what}."))
}

/// Writes what it is told.
struct Json<'a>(&'a mut Vec<u8>);

impl Json<'_> {
    fn write<E: Error>(self, value: impl serde::Serialize) -> Result<(), E> {
        serde_json::to_writer(self.0, &value).map_err(E::custom)
    }
    /// Ends a list or an object: behind each of its members stands a comma.
    fn end(self, sign: u8) {
        if self.0.last() == Some(&b',') {
            self.0.pop();
        }
        self.0.push(sign);
    }
}

impl<'de> DeserializeSeed<'de> for Json<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, yaml: D) -> Result<(), D::Error> {
        yaml.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Json<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON has")
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.write(value)
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.write(value)
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.write(value)
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.write(value)
    }
    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.write(value)
    }
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.write(())
    }
    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.write(())
    }
    fn visit_some<D: Deserializer<'de>>(self, yaml: D) -> Result<(), D::Error> {
        yaml.deserialize_any(self)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.push(b'[');
        while items.next_element_seed(Json(self.0))?.is_some() {
            self.0.push(b',');
        }
        self.end(b']');
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        self.0.push(b'{');
        while let Some(name) = members.next_key::<Cow<'_, str>>()? {
            Json(self.0).write::<A::Error>(name)?;
            self.0.push(b':');
            members.next_value_seed(Json(self.0))?;
            self.0.push(b',');
        }
        self.end(b'}');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(yaml: &str) -> Value {
        let json = json_of(yaml.as_bytes(), 8).unwrap_or_else(|problem| panic!("{yaml}: {}", problem.detail));
        serde_json::from_slice(&json).unwrap()
    }

    #[test]
    fn every_value_is_said_again() {
        for (yaml, expected) in [
            ("[]", json!([])),
            ("{}", json!({})),
            ("a: []\nb: {}\nc: [[], {}, [1, [2]]]", json!({ "a": [], "b": {}, "c": [[], {}, [1, [2]]] })),
            (
                "a: -1\nb: 18446744073709551615\nc: 1.5\nd: 1e3",
                json!({ "a": -1, "b": u64::MAX, "c": 1.5, "d": 1000.0 }),
            ),
            ("a: true\nb: null\nc: ~\nd:", json!({ "a": true, "b": null, "c": null, "d": null })),
            ("a: \"x\\ty\\\"z, \\u00e9\"\nb: 'it''s,'", json!({ "a": "x\ty\"z, é", "b": "it's," })),
            ("a: |\n  one\n  two\nb: >\n  one\n  two\n", json!({ "a": "one\ntwo\n", "b": "one two\n" })),
            (
                "a: 007\nb: 1_000\nc: yes\nd: 2026-11-21",
                json!({ "a": "007", "b": "1_000", "c": "yes", "d": "2026-11-21" }),
            ),
            ("1: a\ntrue: b", json!({ "1": "a", "true": "b" })),
            ("- a: 1\n  b:\n    - c\n- d", json!([{ "a": 1, "b": ["c"] }, "d"])),
        ] {
            assert_eq!(read(yaml), expected, "{yaml}");
        }
    }

    #[test]
    fn what_json_does_not_have_is_refused() {
        for yaml in [".nan", "a: .inf", "a: 1\na: 2", "? [a]\n: b", "a: !!binary '!'"] {
            assert_eq!(
                json_of(yaml.as_bytes(), 8).map_err(|problem| problem.code).unwrap_err(),
                "malformed_yaml",
                "{yaml}"
            );
        }
    }

    /// As many as an organization may have are more than a usual budget of such a reader.
    #[test]
    fn a_long_list_is_read_whole() {
        let line = "- ptype: p\n  values:\n  - a\n  - '*'\n  - x\n  - read\n  is_active: true\n";
        let many = 24_000;
        let read = read(&line.repeat(many));
        let expected = json!({ "ptype": "p", "values": ["a", "*", "x", "read"], "is_active": true });
        assert!(read.as_array().unwrap().len() == many && read[many - 1] == expected);
        // The smallest values there can be.
        assert_eq!(super::json_of("[0".as_bytes(), 8).map_err(|problem| problem.code).unwrap_err(), "malformed_yaml");
        let smallest = format!("[{}0]", "0,".repeat(300_000));
        assert_eq!(json_of(smallest.as_bytes(), 8).unwrap().len(), smallest.len());
    }
}
