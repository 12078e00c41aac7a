//! How large a policy may be and how much one decision may cost.

/// Bounds that keep one organization's policy from harming the others. Every bound that is passed is an error at
/// load, or, for `steps`, a denial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a model text.
    pub model_bytes: usize,
    /// Nodes of one matcher or condition.
    pub nodes: usize,
    /// How deep parentheses and operators of one matcher or condition may nest.
    pub depth: usize,
    /// Rules of one policy, active or not.
    pub rules: usize,
    /// Changes in one call of [`Policy::with`](super::Policy::with).
    pub changes: usize,
    /// Bytes of one value of a rule.
    pub value_bytes: usize,
    /// Bytes of one name in a request (a type and an identifier together, a domain).
    pub name_bytes: usize,
    /// Memory in bytes that one compiled regular expression may take.
    pub regex_bytes: usize,
    /// Distinct regular expressions of one policy; paths with placeholders and prefixes are none.
    pub regexes: usize,
    /// Steps of one decision: a rule that is looked at, a node that is evaluated, a role that is visited.
    pub steps: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            model_bytes: 64 * 1024,
            nodes: 512,
            depth: 48,
            rules: 1_000_000,
            changes: 10_000,
            value_bytes: 4096,
            name_bytes: 8192,
            regex_bytes: 128 * 1024,
            regexes: 1_000,
            steps: 2_000_000,
        }
    }
}
