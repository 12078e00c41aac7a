//! How many rules there may be.

use keystead_domain::{
    Error, ErrorKind, Result,
    access::{PolicyRule, RuleTotals},
};

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

/// Whether there is room for `new` beside those that are kept, of which `gone` go.
///
/// # Errors
/// `Conflict` with code `too_many_rules`.
pub(super) fn ensure_room(kept: RuleTotals, gone: &[PolicyRule], new: &[PolicyRule]) -> Result<()> {
    let (gone, new) = (totals_of(gone), totals_of(new));
    let count = kept.count.saturating_sub(gone.count).saturating_add(new.count);
    let bytes = kept.bytes.saturating_sub(gone.bytes).saturating_add(new.bytes);
    if count <= MOST_RULES as u64 && bytes <= MOST_RULE_BYTES as u64 {
        return Ok(());
    }
    let message = format!(
        "An organization has at most {MOST_RULES} rules with {MOST_RULE_BYTES} bytes of values together: remove some first."
    );
    Err(Error::conflict("too_many_rules", message))
}

/// How much these rules are together.
pub(in crate::access::policy) fn totals_of(rules: &[PolicyRule]) -> RuleTotals {
    let bytes: usize = rules.iter().flat_map(|rule| rule.values.iter().flatten().map(String::len)).sum();
    RuleTotals { count: rules.len() as u64, bytes: bytes as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::policy::rules::fixtures::rule;

    #[test]
    fn rules_and_their_bytes_are_counted() {
        let one = rule(1, "p", &["a"]);
        let full = totals_of(&vec![one.clone(); MOST_RULES - 1]);
        let two = [one.clone(), one.clone()];
        assert!(ensure_room(full, &[], std::slice::from_ref(&one)).is_ok());
        assert_eq!(ensure_room(full, &[], &two).unwrap_err().code, "too_many_rules");
        // What is replaced makes room.
        assert!(ensure_room(full, std::slice::from_ref(&one), &two).is_ok());
        let long = rule(1, "p", &["a", "b", &"é".repeat(4_000)]);
        let much = totals_of(&vec![long.clone(); 4_000]);
        assert_eq!(much, RuleTotals { count: 4_000, bytes: 4_000 * 8_002 });
        assert!(ensure_room(much, &[], &[]).is_ok());
        assert!(ensure_room(much, &[], &vec![long.clone(); 1_000]).is_err());
        assert!(ensure_room(much, &vec![long.clone(); 1_000], &vec![long; 1_000]).is_ok());
        assert_eq!(ensure_batch(3, 2).unwrap_err().code, "batch_too_large");
    }
}
