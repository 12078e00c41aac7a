//! `globMatch`: `*`, `?`, `**`, `[a-z]`, `{a,b}`, where only `**` crosses a slash.

use std::fmt::Write as _;

/// The regular expression that means the same as a glob.
pub(super) fn as_regex(glob: &str) -> Result<String, String> {
    let letters: Vec<char> = glob.chars().collect();
    let mut regex = String::from("^(?s:");
    let (mut at, mut open) = (0, 0);
    while let Some(letter) = letters.get(at) {
        at += 1;
        match letter {
            '*' if letters.get(at) == Some(&'*') => at = stars(&letters, at - 1, &mut regex),
            '*' => regex.push_str("[^/]*"),
            '?' => regex.push_str("[^/]"),
            '[' => at = class(&letters, at, &mut regex)?,
            '{' => {
                open += 1;
                regex.push_str("(?:");
            }
            '}' if open > 0 => {
                open -= 1;
                regex.push(')');
            }
            ',' if open > 0 => regex.push('|'),
            '\\' => {
                let Some(escaped) = letters.get(at) else { return Err("`\\` stands at the end".to_owned()) };
                at += 1;
                literal(*escaped, &mut regex);
            }
            letter => literal(*letter, &mut regex),
        }
    }
    if open > 0 {
        return Err("`{` is never closed".to_owned());
    }
    regex.push_str(")$");
    Ok(regex)
}

fn literal(letter: char, regex: &mut String) {
    regex.push_str(&regex::escape(letter.encode_utf8(&mut [0; 4])));
}

/// `**` as a whole segment means any number of segments; anywhere else it is `*`.
fn stars(letters: &[char], from: usize, regex: &mut String) -> usize {
    let mut to = from;
    while letters.get(to) == Some(&'*') {
        to += 1;
    }
    let begins = from == 0 || letters.get(from - 1) == Some(&'/');
    match letters.get(to) {
        Some('/') if begins && to == from + 2 => {
            regex.push_str("(?:.*/)?");
            to + 1
        }
        None if begins && to == from + 2 => {
            regex.push_str(".*");
            to
        }
        _ => {
            regex.push_str("[^/]*");
            to
        }
    }
}

fn class(letters: &[char], from: usize, regex: &mut String) -> Result<usize, String> {
    let mut at = from;
    let negated = matches!(letters.get(at), Some('!' | '^'));
    at += usize::from(negated);
    let mut set = String::new();
    let first = at;
    loop {
        let Some(letter) = letters.get(at) else { return Err("`[` is never closed".to_owned()) };
        at += 1;
        match letter {
            ']' if at - 1 > first => break,
            '-' if at - 1 > first && letters.get(at).is_some_and(|next| *next != ']') => set.push('-'),
            '\\' => {
                let Some(escaped) = letters.get(at) else { return Err("`[` is never closed".to_owned()) };
                at += 1;
                let _ = write!(set, "\\x{{{:x}}}", u32::from(*escaped));
            }
            letter => {
                let _ = write!(set, "\\x{{{:x}}}", u32::from(*letter));
            }
        }
    }
    // A class never matches a slash, negated or not.
    let _ = if negated { write!(regex, "[^/{set}]") } else { write!(regex, "[[{set}]--[/]]") };
    Ok(at)
}
