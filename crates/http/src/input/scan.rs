//! A look over JSON text before it is parsed.

/// Why JSON text is refused unparsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It nests deeper than the limit.
    TooDeep,
    /// A text in it holds the NUL character, which PostgreSQL cannot store.
    Nul,
}

/// Looks for nesting deeper than `depth` and for `\u0000`. What is not JSON at all is left for the parser to refuse.
pub(crate) fn scan(json: &[u8], depth: usize) -> Result<(), Refused> {
    let (mut level, mut in_text, mut at) = (0_usize, false, 0);
    while let Some(&byte) = json.get(at) {
        match (in_text, byte) {
            (true, b'\\') => {
                if json[at..].starts_with(b"\\u0000") {
                    return Err(Refused::Nul);
                }
                at += 1;
            }
            (_, b'"') => in_text = !in_text,
            (false, b'{' | b'[') => {
                level += 1;
                if level > depth {
                    return Err(Refused::TooDeep);
                }
            }
            (false, b'}' | b']') => level = level.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_counts_outside_texts_only() {
        assert_eq!(scan(br#"{"a":[[{}]]}"#, 4), Ok(()));
        assert_eq!(scan(br#"{"a":[[{}]]}"#, 3), Err(Refused::TooDeep));
        assert_eq!(scan(br#"{"a":"[[[[[[\"[["}"#, 1), Ok(()));
    }

    #[test]
    fn nul_is_found_and_an_escaped_backslash_is_none() {
        assert_eq!(scan(br#""a\u0000b""#, 1), Err(Refused::Nul));
        assert_eq!(scan(br#""a\\u0000b""#, 1), Ok(()));
        assert_eq!(scan(br#""\\\u0000""#, 1), Err(Refused::Nul));
        assert_eq!(scan(b"\"\\", 1), Ok(()));
    }
}
