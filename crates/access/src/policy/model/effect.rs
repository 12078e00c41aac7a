//! How the rules that match become one answer.

use super::ModelError;
use super::lines::Entry;

/// A policy effect of Casbin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PolicyEffect {
    /// `some(where (p.eft == allow))`: one allowance is enough, whatever denies.
    AllowOverride,
    /// `!some(where (p.eft == deny))`: a denial wins.
    DenyOverride,
    /// `some(where (p.eft == allow)) && !some(where (p.eft == deny))`: a denial wins.
    AllowAndDeny,
    /// `priority(p.eft) || deny`: the first rule that matches decides.
    Priority,
    /// `subjectPriority(p.eft) || deny`: the rule nearest to the subject decides.
    SubjectPriority,
}

impl PolicyEffect {
    pub(super) fn read(entry: &Entry) -> Result<Self, ModelError> {
        let plain: String = entry.value.text.chars().filter(|letter| !letter.is_whitespace()).collect();
        match without_numbers(&plain).as_str() {
            "some(where(p.eft==allow))" => Ok(Self::AllowOverride),
            "!some(where(p.eft==deny))" => Ok(Self::DenyOverride),
            "some(where(p.eft==allow))&&!some(where(p.eft==deny))" => Ok(Self::AllowAndDeny),
            "priority(p.eft)||deny" => Ok(Self::Priority),
            "subjectPriority(p.eft)||deny" => Ok(Self::SubjectPriority),
            _ => {
                let message = "unknown effect; there are some(where (p.eft == allow)), !some(where (p.eft == deny)), \
                               both joined by &&, priority(p.eft) || deny and subjectPriority(p.eft) || deny";
                Err(ModelError::new(entry.value.place(0), message))
            }
        }
    }
    /// Whether the rule nearest to the subject decides.
    pub(crate) fn is_by_subject(self) -> bool {
        self == Self::SubjectPriority
    }
    /// Whether the order of the rules decides.
    pub(crate) fn is_ordered(self) -> bool {
        matches!(self, Self::Priority | Self::SubjectPriority)
    }
}

/// `p2.eft` and `p_eft` are `p.eft`.
fn without_numbers(text: &str) -> String {
    let mut parts = text.split("eft");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let name = result.trim_end_matches(['.', '_']);
        let bare = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
        if name.len() < result.len() && bare.ends_with('p') {
            result.truncate(bare.len());
            result.push('.');
        }
        result.push_str("eft");
        result.push_str(part);
    }
    result
}
