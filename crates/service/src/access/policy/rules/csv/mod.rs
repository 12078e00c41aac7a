//! Casbin's CSV: one rule a line, its kind first.
//!
//! Fields are quoted as RFC 4180 says; as Casbin, blanks before a field and after it are not part of it, and lines that
//! begin with `#` are comments. Casbin has no word for a rule that is at rest, has a priority or holds for a time only, and
//! whoever reads such a rule without that would read another rule. So it is written as a comment of its own form,
//! `#keystead,<active>,<priority>,<not before>,<expires at>,<kind>,<values…>`, which is read here and passed over there.

mod fields;
mod read;
mod write;

pub(super) use read::read;
pub(super) use write::written;

/// How a line begins that says more than Casbin has words for.
const MARK: &str = "#keystead";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::policy::{
        refused::Place,
        rules::{NewRule, fixtures::rule},
    };
    use keystead_domain::{Timestamp, access::PolicyRule};
    use proptest::prelude::*;

    fn rule_of(new: NewRule) -> PolicyRule {
        let values: Vec<&str> = new.values.iter().map(String::as_str).collect();
        PolicyRule {
            priority: new.priority,
            not_before: new.not_before,
            expires_at: new.expires_at,
            is_active: new.is_active,
            ..rule(1, &new.ptype, &values)
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            rows in prop::collection::vec(
                ("[a-z][0-9]?", prop::collection::vec("[ -~é\n\t#\",]{0,12}", 1..7), any::<Option<i32>>(), any::<bool>(),
                 any::<Option<i32>>()),
                0..8,
            ),
        ) {
            let rules: Vec<_> = rows
                .iter()
                .map(|(ptype, values, priority, active, time)| {
                    let values: Vec<&str> = values.iter().map(String::as_str).collect();
                    let expires_at = time.map(|seconds| Timestamp::from_unix_seconds(seconds.into()));
                    PolicyRule { priority: *priority, is_active: *active, expires_at, ..rule(1, ptype, &values) }
                })
                .collect();
            let read: Vec<_> = read(&written(&rules)).unwrap().into_iter().map(|(_, new)| rule_of(new)).collect();
            prop_assert_eq!(read, rules);
        }

        #[test]
        fn no_text_makes_it_stumble(text in "[a-z \",#\r\n\u{feff}keystead]{0,60}") {
            let _ = read(&text);
        }
    }

    #[test]
    fn casbins_own_files_are_read() {
        let text = "\u{feff}# people\r\np, alice , data1, read\r\n\r\n  g, alice, \"the, \"\"boss\"\"\"\np,a,,\n\
                    p, b, r.obj.status == \"draft\"\n";
        let rules = read(text).unwrap();
        let lines: Vec<_> = rules.iter().map(|(place, rule)| (*place, rule.values.join("|"))).collect();
        assert_eq!(
            lines,
            [
                (Place::Line(2), "alice|data1|read".to_owned()),
                (Place::Line(4), "alice|the, \"boss\"".to_owned()),
                (Place::Line(5), "a||".to_owned()),
                (Place::Line(6), "b|r.obj.status == \"draft\"".to_owned()),
            ]
        );
    }

    #[test]
    fn what_casbin_has_no_words_for_is_a_comment_to_it() {
        let resting = PolicyRule { is_active: false, priority: Some(3), ..rule(1, "p", &["a", "b"]) };
        assert_eq!(written(&[rule(1, "g", &["a", "b"]), resting]), "g,a,b\n#keystead,false,3,,,p,a,b\n");
    }

    #[test]
    fn mistakes_are_named_by_line_and_column() {
        for (text, place, message) in [
            ("p, a\np, \"b", "line 2", "column 4: the quoted text has no end"),
            ("p, \"a\" b, c", "line 1", "column 8: expected a comma, found `b`"),
            ("p, \"a\nb\"\np, \"c\"d", "line 3", "column 7: expected a comma, found `d`"),
            ("p", "line 1", "column 1: a line has a kind and at least one value"),
            ("#keystead,true", "line 1", "column 1: a line has a kind and at least one value"),
            ("#keystead,perhaps,,,,p,a", "line 1", "column 1: the second field is true or false"),
            ("#keystead,true,x,,,p,a", "line 1", "column 1: the third field is a whole number"),
            ("#keystead,true,,soon,,p,a", "line 1", "column 1: the fourth field is a time"),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!((error.code, &*error.fields[0].field), ("malformed_csv", place), "{text}: {error}");
            assert!(error.fields[0].message.starts_with(message), "{text}: {error}");
        }
    }
}
