//! Rules that do not fit the model that they are read by.
//!
//! That is checked before either is written. If it is so all the same, nobody knows what the rules deny: nothing is allowed in
//! the organization but to mend its model and its rules, and that to those whose roles allow it.

use super::{ChangeError, Rows, Situation, Snapshot};

/// What is done about the model and the rules is done on resources of these types.
const MENDING: [&str; 2] = ["policy_models", "policy_rules"];

impl Snapshot {
    /// As [`Snapshot::new`] of the same rows without any rules, of an organization whose rules cannot be read.
    ///
    /// # Errors
    /// As [`Snapshot::new`], but for rules.
    pub fn shut(rows: Rows) -> Result<Self, ChangeError> {
        let open = Self::new(Rows { rules: Vec::new(), ..rows })?;
        Ok(Self { is_unfit: true, ..open })
    }

    /// Whether the organization's rules cannot be read. The next snapshot must then be built from rows.
    #[must_use]
    pub const fn is_unfit(&self) -> bool {
        self.is_unfit
    }

    /// Whether nothing is allowed here for that reason.
    pub(super) fn is_shut(&self, situation: &Situation<'_>, kind: &str) -> bool {
        self.is_unfit && !(situation.is_own_kind && MENDING.contains(&kind))
    }
}
