//! The difference between a field that is null and one that is not there.

use serde::{Deserialize, Deserializer};

/// For `#[serde(default, deserialize_with = "given")]` on an `Option<Option<T>>`: absent leaves the value as it is, null clears it.
pub(crate) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

/// For `#[serde(deserialize_with = "nullable")]` on an `Option<T>` that must be there, since null does something.
pub(crate) fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::<T>::deserialize(deserializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Needed {
        #[serde(deserialize_with = "nullable")]
        name: Option<String>,
    }

    #[test]
    fn null_must_be_said() {
        let read = |json: &str| serde_json::from_str::<Needed>(json).map(|needed| needed.name).ok();
        assert_eq!(read("{}"), None);
        assert_eq!(read(r#"{"name":null}"#), Some(None));
        assert_eq!(read(r#"{"name":"x"}"#), Some(Some("x".to_owned())));
    }

    #[derive(Deserialize)]
    struct Change {
        #[serde(default, deserialize_with = "given")]
        name: Option<Option<String>>,
    }

    #[test]
    fn absent_and_null_differ() {
        let read = |json: &str| serde_json::from_str::<Change>(json).unwrap().name;
        assert_eq!(read("{}"), None);
        assert_eq!(read(r#"{"name":null}"#), Some(None));
        assert_eq!(read(r#"{"name":"x"}"#), Some(Some("x".to_owned())));
    }
}
