//! How many rules there may be.

use keystead_domain::{Error, ErrorKind, Result, access::PolicyRule};

/// So many rules an organization has at the most, active or not.
pub const MOST_RULES: usize = 200_000;
/// So many bytes its rules' values have together at the most.
pub const MOST_RULE_BYTES: usize = 32 * 1024 * 1024;
/// So many rules are added or removed with one request at the most. All of them may be replaced with one.
pub const MOST_RULES_AT_ONCE: usize = 10_000;

/// # Errors
/// `TooLarge` with code `batch_too_large`.
pub(super) fn ensure_batch(count: usize, most: usize) -> Result<()> {
    if count <= most {
        return Ok(());
    }
    let message = format!("These are {count} rules, and at most {most} are taken at once: send them in parts.");
    Err(Error::new(ErrorKind::TooLarge, "batch_too_large", message))
}

/// Whether there is room for `new` beside `kept`.
///
/// # Errors
/// `Conflict` with code `too_many_rules`.
pub(super) fn ensure_room(kept: &[PolicyRule], new: &[PolicyRule]) -> Result<()> {
    let bytes: usize = kept.iter().chain(new).map(bytes_of).sum();
    if kept.len() + new.len() <= MOST_RULES && bytes <= MOST_RULE_BYTES {
        return Ok(());
    }
    let message = format!(
        "An organization has at most {MOST_RULES} rules with {MOST_RULE_BYTES} bytes of values together: remove some first."
    );
    Err(Error::conflict("too_many_rules", message))
}

fn bytes_of(rule: &PolicyRule) -> usize {
    rule.values.iter().flatten().map(String::len).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::policy::rules::fixtures::rule;

    #[test]
    fn rules_and_their_bytes_are_counted() {
        let one = rule(1, "p", &["a"]);
        let full = vec![one.clone(); MOST_RULES - 1];
        assert!(ensure_room(&full, std::slice::from_ref(&one)).is_ok());
        assert_eq!(ensure_room(&full, &[one.clone(), one]).unwrap_err().code, "too_many_rules");
        let long = rule(1, "p", &["a", "b", &"x".repeat(8_000)]);
        assert!(ensure_room(&vec![long.clone(); 4_000], &[]).is_ok());
        assert!(ensure_room(&vec![long.clone(); 4_000], &vec![long; 1_000]).is_err());
        assert_eq!(ensure_batch(3, 2).unwrap_err().code, "batch_too_large");
    }
}
