//! Every setting, once: its key, its variable, its kind, its default and what it does.
//!
//! The file's keys, the environment's variables, `keystead config show` and the reference page all come from here.

mod people;
mod serving;
mod stores;
mod upkeep;

/// What a setting's value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number within bounds.
    Number(u64, u64),
    /// One of these words.
    Word(&'static [&'static str]),
    /// Texts, in the environment separated by commas.
    List,
    /// A text that is never shown.
    Secret,
}

/// A setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its key in the file, such as `postgres.pool_size`.
    pub key: &'static str,
    /// Its environment variable.
    pub variable: &'static str,
    /// What its value looks like.
    pub kind: Kind,
    /// What it is when nobody says; empty means unset.
    pub default: &'static str,
    /// What it does, with its unit.
    pub about: &'static str,
}

const fn setting(
    key: &'static str,
    variable: &'static str,
    kind: Kind,
    default: &'static str,
    about: &'static str,
) -> Setting {
    Setting { key, variable, kind, default, about }
}

const SECONDS: Kind = Kind::Number(1, 86_400);

/// Every setting, in the order of the reference page.
pub fn settings() -> impl Iterator<Item = &'static Setting> {
    [serving::SETTINGS, stores::SETTINGS, people::SETTINGS, upkeep::SETTINGS].into_iter().flatten()
}

/// The setting with this key.
#[must_use]
pub fn find(key: &str) -> Option<&'static Setting> {
    settings().find(|setting| setting.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn keys_and_variables_are_unique() {
        let count = settings().count();
        let keys: HashSet<_> = settings().map(|setting| setting.key).collect();
        let variables: HashSet<_> = settings().map(|setting| setting.variable).collect();
        assert_eq!((keys.len(), variables.len()), (count, count));
    }
}
