//! What a rule is checked for before the model is asked.

use crate::access::policy::refused::Place;
use keystead_domain::{
    Error, FieldError, OrganizationId, Result, RuleId, Timestamp,
    access::{PolicyRule, RULE_VALUES, RuleFilter, rule_values},
};
use serde::Serialize;

/// How many characters each value has at the most.
const LONGEST: [usize; RULE_VALUES] = [256, 256, 2000, 2000, 2000, 2000];
/// How many characters the kind of line has at the most.
const LONGEST_PTYPE: usize = 10;

/// A rule as somebody wants it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NewRule {
    /// What kind of line it is: `p`, `p2`, `g`, `g2`.
    pub ptype: String,
    /// Its values, one to six.
    pub values: Vec<String>,
    /// The smaller, the earlier, where the model orders rules.
    pub priority: Option<i32>,
    /// It does not count before.
    pub not_before: Option<Timestamp>,
    /// It no longer counts from then on.
    pub expires_at: Option<Timestamp>,
    /// Whether it counts.
    pub is_active: bool,
}

/// A rule that is there, as somebody would write it.
impl From<&PolicyRule> for NewRule {
    fn from(rule: &PolicyRule) -> Self {
        Self {
            ptype: rule.ptype.clone(),
            values: rule_values(rule.values.clone()),
            priority: rule.priority,
            not_before: rule.not_before,
            expires_at: rule.expires_at,
            is_active: rule.is_active,
        }
    }
}

/// The row of a new rule that stands at `place`.
///
/// # Errors
/// The part that breaks a rule.
pub(super) fn checked(
    new: NewRule,
    place: Place,
    id: RuleId,
    organization: OrganizationId,
    now: Timestamp,
    author: Option<String>,
) -> Result<PolicyRule, FieldError> {
    let NewRule { ptype, values, priority, not_before, expires_at, is_active } = new;
    let wrong = |part: &str, message: String| FieldError { field: place.field(part), message };
    let count = ptype.chars().count();
    if count == 0 || count > LONGEST_PTYPE {
        return Err(wrong("ptype", format!("must have 1 to {LONGEST_PTYPE} characters")));
    }
    let values = checked_values(values).map_err(|(part, message)| wrong(&part, message))?;
    check_times(not_before, expires_at).map_err(|message| wrong("expires_at", message))?;
    Ok(PolicyRule {
        id,
        organization_id: organization,
        ptype,
        values,
        priority,
        not_before,
        expires_at,
        is_active,
        created_by: author.clone(),
        updated_by: author,
        created_at: now,
        updated_at: now,
        version: 1,
    })
}

/// The values in their places.
///
/// # Errors
/// The part that breaks a rule, and which.
pub(super) fn checked_values(values: Vec<String>) -> Result<[Option<String>; RULE_VALUES], (String, String)> {
    if values.is_empty() || values.len() > RULE_VALUES {
        let message = format!("a rule has 1 to {RULE_VALUES} values, not {}", values.len());
        return Err(("values".to_owned(), message));
    }
    for (number, (value, longest)) in values.iter().zip(LONGEST).enumerate() {
        if value.chars().count() > longest {
            return Err((format!("values[{number}]"), format!("must have at most {longest} characters")));
        }
        // PostgreSQL cannot store NUL, and other control characters only serve to deceive a reader.
        if let Some(at) = value.chars().position(|c| c.is_control() && c != '\n' && c != '\t') {
            let message = format!("column {}: must not contain control characters", at + 1);
            return Err((format!("values[{number}]"), message));
        }
    }
    let mut places = [const { None }; RULE_VALUES];
    places.iter_mut().zip(values).for_each(|(place, value)| *place = Some(value));
    Ok(places)
}

/// No rule has longer values, so whoever asks for them has made a mistake.
///
/// # Errors
/// `Invalid`, naming the condition: `ptype`, `v0`.
pub(super) fn check_filter(filter: &RuleFilter) -> Result<()> {
    let longer = |text: &Option<String>, longest| text.as_ref().is_some_and(|text| text.chars().count() > longest);
    if longer(&filter.ptype, LONGEST_PTYPE) {
        return Err(Error::invalid("ptype", format!("must have at most {LONGEST_PTYPE} characters")));
    }
    for (number, (value, longest)) in filter.values.iter().zip(LONGEST).enumerate() {
        if longer(value, longest) {
            return Err(Error::invalid(format!("v{number}"), format!("must have at most {longest} characters")));
        }
    }
    Ok(())
}

/// A rule that never counts is a mistake.
///
/// # Errors
/// What is wrong.
pub(super) fn check_times(not_before: Option<Timestamp>, expires_at: Option<Timestamp>) -> Result<(), String> {
    match (not_before, expires_at) {
        (Some(from), Some(until)) if until <= from => Err("must be later than not_before".to_owned()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_limits() {
        let of = |values: &[&str]| checked_values(values.iter().map(|value| (*value).to_owned()).collect());
        assert_eq!(of(&["a", ""]).unwrap()[..3], [Some("a".to_owned()), Some(String::new()), None]);
        assert_eq!(of(&[]).unwrap_err().0, "values");
        assert_eq!(of(&["a"; 7]).unwrap_err().1, "a rule has 1 to 6 values, not 7");
        assert_eq!(of(&["a", &"é".repeat(257)]).unwrap_err().0, "values[1]");
        assert!(of(&["a", &"é".repeat(256), &"x".repeat(2000)]).is_ok());
        let control = of(&["a", "b", "c\u{202e}\u{7}"]).unwrap_err();
        assert_eq!(control, ("values[2]".to_owned(), "column 3: must not contain control characters".to_owned()));
    }

    #[test]
    fn filters_have_the_same_limits() {
        let with = |number: usize, length: usize| {
            let mut filter = RuleFilter::default();
            filter.values[number] = Some("é".repeat(length));
            check_filter(&filter)
        };
        assert!(with(1, 256).is_ok() && with(5, 2000).is_ok());
        assert_eq!(with(1, 257).unwrap_err().fields[0].field, "v1");
        assert_eq!(with(5, 2001).unwrap_err().fields[0].field, "v5");
        let long = RuleFilter { ptype: Some("p".repeat(11)), ..RuleFilter::default() };
        assert_eq!(check_filter(&long).unwrap_err().fields[0].field, "ptype");
    }

    #[test]
    fn times_must_leave_some_time() {
        let at = Timestamp::from_unix_seconds;
        assert!(check_times(Some(at(5)), Some(at(5))).is_err());
        assert!(check_times(Some(at(5)), Some(at(6))).is_ok() && check_times(None, Some(at(1))).is_ok());
    }
}
