//! Rules, and transactions that hold them.

use crate::testing::{now, organization};
use keystead_domain::{Page, RuleId, access::PolicyRule};
use keystead_store::mocks::MockUnitOfWork;
use uuid::Uuid;

/// The rule `number` of organization 1.
pub(in crate::access::policy) fn rule(number: u128, ptype: &str, values: &[&str]) -> PolicyRule {
    let mut all = [const { None }; 6];
    all.iter_mut().zip(values).for_each(|(place, value)| *place = Some((*value).to_owned()));
    PolicyRule {
        id: RuleId::from_uuid(Uuid::from_u128(0x7000 + number)),
        organization_id: organization(1),
        ptype: ptype.to_owned(),
        values: all,
        priority: None,
        not_before: None,
        expires_at: None,
        is_active: true,
        created_by: None,
        updated_by: None,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

/// A transaction that takes the access version once, in an organization that has no model.
pub(in crate::access::policy) fn locked() -> MockUnitOfWork {
    let mut unit = MockUnitOfWork::new();
    unit.access.access_changes.expect_raise().once().returning(|_, changes| {
        assert!(changes.is_empty());
        Ok(1)
    });
    unit.access.policy_models.expect_in_force_held().returning(|_| Ok(None));
    // It knows of nothing that the node knows.
    unit.access.access_changes.expect_held().returning(|_| None);
    unit
}

/// The same, with these rules.
pub(in crate::access::policy) fn with_rules(rules: Vec<PolicyRule>) -> MockUnitOfWork {
    let mut unit = locked();
    let (count, first) = (rules.len() as u64, rules.clone());
    unit.access.rules.expect_all().returning(move |_| Ok(rules.clone()));
    unit.access.rules.expect_count().returning(move |_| Ok(count));
    unit.access.rules.expect_list().returning(move |_, _, _| Ok(Page { items: first.clone(), next: None }));
    unit
}
