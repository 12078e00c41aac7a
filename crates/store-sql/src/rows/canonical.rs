//! One text for every JSON value, whichever engine has kept it.
//!
//! Keys are sorted bytewise, the last of several equal keys wins (as in `jsonb`), strings are escaped one way, and numbers
//! are exact decimals: 1.0, 1 and 10e-1 are the same number. Numbers never pass through floating point, which would
//! change those that another program wrote with more digits.

use serde_json::value::RawValue;
use std::{collections::BTreeMap, fmt::Write};

/// No value of ours is nested deeper than the parser at the edge allows (128).
const DEEPEST: usize = 200;

/// The canonical text of the JSON value `text`.
///
/// # Errors
/// What is wrong with it, in words.
pub(crate) fn canonical_json(text: &str) -> Result<String, String> {
    let mut writer = Writer { out: String::with_capacity(text.len()), indent: None };
    writer.value(text, 0)?;
    Ok(writer.out)
}

/// The same with line breaks. Every line but the first is indented by two spaces for each of `level`, and more inside.
///
/// # Errors
/// What is wrong with it, in words.
pub(crate) fn pretty_json(text: &str, level: usize) -> Result<String, String> {
    let mut writer = Writer { out: String::with_capacity(text.len()), indent: Some(level) };
    writer.value(text, 0)?;
    Ok(writer.out)
}

struct Writer {
    out: String,
    indent: Option<usize>,
}

impl Writer {
    fn value(&mut self, text: &str, depth: usize) -> Result<(), String> {
        let raw: &RawValue = serde_json::from_str(text).map_err(wrong)?;
        self.raw(raw, depth)
    }
    fn raw(&mut self, raw: &RawValue, depth: usize) -> Result<(), String> {
        if depth > DEEPEST {
            return Err(format!("is nested deeper than {DEEPEST} levels"));
        }
        let text = raw.get();
        match text.as_bytes().first() {
            Some(b'{') => self.object(text, depth),
            Some(b'[') => self.array(text, depth),
            Some(b'"') => {
                let string: String = serde_json::from_str(text).map_err(wrong)?;
                self.string(&string)
            }
            Some(b'-' | b'0'..=b'9') => {
                self.out.push_str(&number(text)?);
                Ok(())
            }
            _ => {
                self.out.push_str(text);
                Ok(())
            }
        }
    }
    fn object(&mut self, text: &str, depth: usize) -> Result<(), String> {
        let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(wrong)?;
        let mut first = true;
        self.out.push('{');
        for (key, value) in &members {
            self.next(&mut first, depth);
            self.string(key)?;
            self.out.push_str(if self.indent.is_some() { ": " } else { ":" });
            self.raw(value, depth + 1)?;
        }
        self.end(first, depth, '}');
        Ok(())
    }
    fn array(&mut self, text: &str, depth: usize) -> Result<(), String> {
        let items: Vec<&RawValue> = serde_json::from_str(text).map_err(wrong)?;
        let mut first = true;
        self.out.push('[');
        for item in items {
            self.next(&mut first, depth);
            self.raw(item, depth + 1)?;
        }
        self.end(first, depth, ']');
        Ok(())
    }
    fn next(&mut self, first: &mut bool, depth: usize) {
        if !std::mem::take(first) {
            self.out.push(',');
        }
        self.line(depth + 1);
    }
    fn end(&mut self, empty: bool, depth: usize, close: char) {
        if !empty {
            self.line(depth);
        }
        self.out.push(close);
    }
    fn line(&mut self, depth: usize) {
        if let Some(level) = self.indent {
            self.out.push('\n');
            for _ in 0..level + depth {
                self.out.push_str("  ");
            }
        }
    }
    fn string(&mut self, text: &str) -> Result<(), String> {
        self.out.push_str(&serde_json::to_string(text).map_err(wrong)?);
        Ok(())
    }
}

fn wrong(error: serde_json::Error) -> String {
    format!("is not JSON: {error}")
}

/// The shortest exact decimal. Up to 21 digits are written out; beyond that there is an exponent.
fn number(text: &str) -> Result<String, String> {
    let (sign, unsigned) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let too_far = || format!("holds a number that is out of range: {text}");
    let exponent: i32 = exponent.parse().map_err(|_| too_far())?;
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return Ok("0".to_owned());
    }
    let length = |text: &str| i32::try_from(text.len()).map_err(|_| too_far());
    let trailing = length(&digits)? - length(digits.trim_end_matches('0'))?;
    // The value is `significant` × 10^power, and its decimal point stands after `point` digits.
    let power =
        exponent.checked_sub(length(fraction)?).and_then(|power| power.checked_add(trailing)).ok_or_else(too_far)?;
    let count = length(significant)?;
    let point = power.checked_add(count).ok_or_else(too_far)?;
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    let mut out = String::from(sign);
    if power >= 0 && point <= 21 {
        out.push_str(significant);
        out.push_str(&zeros(power));
    } else if (1..=21).contains(&point) {
        let (before, after) = significant.split_at(usize::try_from(point).unwrap_or(0));
        let _ = write!(out, "{before}.{after}");
    } else if (-6..=0).contains(&point) {
        let _ = write!(out, "0.{}{significant}", zeros(-point));
    } else {
        let (first, rest) = significant.split_at(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let _ = write!(out, "{first}{dot}{rest}e{}", point - 1);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_text() {
        for (text, expected) in [
            ("1.0", "1"),
            ("10e-1", "1"),
            ("1E2", "100"),
            ("-0.0", "0"),
            ("0", "0"),
            ("-0.00120", "-0.0012"),
            ("123.4500", "123.45"),
            ("9223372036854775807", "9223372036854775807"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("18446744073709551615", "18446744073709551615"),
            ("100000000000000000000", "100000000000000000000"),
            ("1e21", "1e21"),
            ("1000000000000000000000", "1e21"),
            ("1.2345678901234567890123e30", "1.2345678901234567890123e30"),
            ("0.000001", "0.000001"),
            ("1e-9", "1e-9"),
            ("0.0000000012", "1.2e-9"),
            ("5e-324", "5e-324"),
        ] {
            assert_eq!(number(text).unwrap(), expected, "{text}");
            assert_eq!(number(&number(text).unwrap()).unwrap(), expected, "{text} again");
        }
        assert!(number("1e99999999999").is_err());
    }

    #[test]
    fn keys_are_sorted_and_strings_have_one_text() {
        let text = r#" { "b" : [1.50, null, true, {}, []], "\u0061": "\u00e9\n\/", "aa": 1, "aa": 2 } "#;
        assert_eq!(canonical_json(text).unwrap(), r#"{"a":"é\n/","aa":2,"b":[1.5,null,true,{},[]]}"#);
    }

    #[test]
    fn the_pretty_form_is_the_same_value() {
        let text = r#"{"b":[1,{"c":[]}],"a":{}}"#;
        let pretty = pretty_json(text, 1).unwrap();
        assert_eq!(
            pretty,
            "{\n    \"a\": {},\n    \"b\": [\n      1,\n      {\n        \"c\": []\n      }\n    ]\n  }"
        );
        assert_eq!(canonical_json(&pretty).unwrap(), canonical_json(text).unwrap());
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in ["", "{", "nul", "1 2", "\"\\ud800\"", &"[".repeat(10_000)] {
            assert!(canonical_json(text).is_err(), "{text}");
        }
        assert!(canonical_json(&format!("{}{}", "[".repeat(1000), "]".repeat(1000))).unwrap_err().contains("nested"));
    }
}
