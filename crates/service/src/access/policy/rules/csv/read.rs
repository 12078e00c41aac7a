//! From a text to rules.

use super::{
    MARK,
    fields::{Mistake, Record, Records},
};
use crate::access::policy::{
    refused::{Place, several},
    rules::check::NewRule,
};
use keystead_domain::{Error, FieldError, Result, Timestamp};

/// The rules in the text, with the lines in which they begin.
///
/// # Errors
/// `Invalid` with code `malformed_csv`, naming line and column of the first mistake.
pub(in crate::access::policy::rules) fn read(text: &str) -> Result<Vec<(Place, NewRule)>> {
    let read = |record: std::result::Result<Record, Mistake>| {
        let record = record.map_err(|mistake| refused(&mistake))?;
        let line = record.line;
        let rule = rule(record).map_err(|message| refused(&Mistake { line, column: 1, message }))?;
        Ok((Place::Line(line), rule))
    };
    Records::new(text).map(read).collect()
}

fn refused(mistake: &Mistake) -> Error {
    let message = format!("column {}: {}", mistake.column, mistake.message);
    several("malformed_csv", vec![FieldError { field: format!("line {}", mistake.line), message }])
}

fn rule(record: Record) -> std::result::Result<NewRule, String> {
    let mut fields = record.fields.into_iter();
    let mut next = || fields.next().unwrap_or_default();
    let mut new = NewRule {
        ptype: next(),
        values: Vec::new(),
        priority: None,
        not_before: None,
        expires_at: None,
        is_active: true,
    };
    if new.ptype == MARK {
        new.is_active = next().parse().map_err(|_| "the second field is true or false")?;
        new.priority = given(&next(), |text| text.parse().ok()).ok_or("the third field is a whole number, or empty")?;
        new.not_before = given(&next(), Timestamp::parse).ok_or("the fourth field is a time (RFC 3339), or empty")?;
        new.expires_at = given(&next(), Timestamp::parse).ok_or("the fifth field is a time (RFC 3339), or empty")?;
        new.ptype = next();
    }
    new.values = fields.collect();
    if new.values.is_empty() {
        return Err("a line has a kind and at least one value".to_owned());
    }
    Ok(new)
}

/// None where the text is empty; none at all where it cannot be read.
fn given<T>(text: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    if text.is_empty() { Some(None) } else { read(text).map(Some) }
}
