//! The names by which a request's subject, resource and action are known to rules.

/// Whether `text` can be a type: a letter or `_`, then letters, digits, `_`, `-` and `.`; at most 64 bytes.
pub(crate) fn is_kind(text: &str) -> bool {
    let mut bytes = text.bytes();
    text.len() <= 64
        && bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

/// Whether `id` alone could be read as the name of an entity of another type: `service:backup`.
///
/// Such an identifier is known by its full name only. Else a user who may choose an identifier could take the name
/// of a service.
fn reads_as_typed(id: &str) -> bool {
    id.split_once(':').is_some_and(|(kind, _)| is_kind(kind))
}

/// One or two names: `alice` and `user:alice`. A comparison holds when it holds for one of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NamesOf<'a> {
    /// The identifier alone, where that is enough.
    pub(crate) bare: Option<&'a str>,
    /// Type and identifier.
    pub(crate) typed: Option<&'a str>,
}

impl<'a> NamesOf<'a> {
    /// The names of an entity. `typed` is `kind:id`, which the caller has room for; `default` is the type that rules
    /// leave out, none when they may leave out any.
    pub(crate) fn new(kind: &str, id: &'a str, typed: &'a str, default: Option<&str>) -> Self {
        if kind.is_empty() {
            return Self { bare: Some(id), typed: None };
        }
        let bare = !reads_as_typed(id) && default.is_none_or(|default| default == kind);
        Self { bare: bare.then_some(id), typed: Some(typed) }
    }
    pub(crate) fn of_action(name: &'a str) -> Self {
        Self { bare: Some(name), typed: None }
    }
    pub(crate) fn iter(self) -> impl Iterator<Item = &'a str> {
        self.bare.into_iter().chain(self.typed)
    }
    /// The shortest name.
    pub(crate) fn first(self) -> &'a str {
        self.bare.or(self.typed).unwrap_or_default()
    }
    pub(crate) fn contains(self, text: &str) -> bool {
        self.bare == Some(text) || self.typed == Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_identifier_is_never_the_name_of_something_else() {
        let names = NamesOf::new("user", "service:backup", "user:service:backup", Some("user"));
        assert!(!names.contains("service:backup"));
        assert!(names.contains("user:service:backup"));
    }

    #[test]
    fn a_path_may_have_colons() {
        let names = NamesOf::new("route", "/v1/items:batch", "route:/v1/items:batch", None);
        assert!(names.contains("/v1/items:batch"));
    }

    #[test]
    fn only_the_default_type_may_be_left_out() {
        assert!(NamesOf::new("user", "alice", "user:alice", Some("user")).contains("alice"));
        assert!(!NamesOf::new("service", "alice", "service:alice", Some("user")).contains("alice"));
    }
}
