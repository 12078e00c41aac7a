//! The profiles of RFC 8265 that usernames and mailboxes are prepared with.

use precis_core::profile::Profile;
use precis_profiles::{UsernameCaseMapped, UsernameCasePreserved};

/// `text` as the profile `UsernameCasePreserved` (section 3.4) keeps it; none where it refuses it.
pub(super) fn preserved(text: &str) -> Option<String> {
    Some(UsernameCasePreserved::new().enforce(text).ok()?.into_owned())
}

/// `text` as the profile `UsernameCaseMapped` (section 3.3) compares it; none where it refuses it.
pub(super) fn mapped(text: &str) -> Option<String> {
    Some(UsernameCaseMapped::new().enforce(text).ok()?.into_owned())
}

#[cfg(test)]
pub(super) mod tests {
    use super::mapped;
    use proptest::{collection::vec, prelude::*, sample::select};
    use std::sync::LazyLock;

    /// Every character that a mapping may change: not those of scripts without case and composition, which are most.
    pub(in crate::accounts) fn assigned() -> impl Iterator<Item = char> {
        let ranges =
            [('\0', '\u{33ff}'), ('\u{a000}', '\u{abff}'), ('\u{f900}', '\u{16fff}'), ('\u{1b000}', '\u{1ffff}')];
        ranges
            .into_iter()
            .chain([('\u{2f800}', '\u{2fa1f}'), ('\u{e0000}', '\u{e0fff}')])
            .flat_map(|(from, to)| from..=to)
    }

    /// Those that may follow a letter: among thousands of letters, few change under a mapping, so marks are drawn
    /// on purpose.
    static LETTERS: LazyLock<Vec<char>> =
        LazyLock::new(|| assigned().filter(|c| mapped(&format!("a{c}")).is_some()).collect());

    /// Words of up to `length` characters that a name might have.
    pub(in crate::accounts) fn words(length: usize) -> impl Strategy<Value = String> {
        // One kind at a time: a word of any letters is refused for mixing scripts or directions.
        let of = move |from: Vec<char>| vec(select(from), 1..=length).prop_map(String::from_iter);
        let block = |from: char, to: char| -> Vec<char> {
            LETTERS.iter().copied().filter(|c| (from..=to).contains(c) || ('\u{300}'..='\u{36f}').contains(c)).collect()
        };
        prop_oneof![
            of(block('\0', '\u{24f}')),
            of(block('\u{370}', '\u{3ff}')),
            of(block('\u{400}', '\u{52f}')),
            of(block('\u{1e00}', '\u{1fff}')),
            of(block('\u{590}', '\u{8ff}')),
            of(LETTERS.clone()),
            Just("\u{23a}".repeat(length)),
            "\\PC{1,60}",
        ]
    }
}
