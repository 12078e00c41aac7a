//! The functions a matcher may call.

/// A function by its Casbin name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Function {
    KeyMatch,
    KeyMatch2,
    KeyMatch3,
    KeyMatch4,
    KeyMatch5,
    KeyGet,
    KeyGet2,
    KeyGet3,
    RegexMatch,
    GlobMatch,
    IpMatch,
}

use Function::{
    GlobMatch, IpMatch, KeyGet, KeyGet2, KeyGet3, KeyMatch, KeyMatch2, KeyMatch3, KeyMatch4, KeyMatch5, RegexMatch,
};

const ALL: [(&str, Function); 11] = [
    ("keyMatch", KeyMatch),
    ("keyMatch2", KeyMatch2),
    ("keyMatch3", KeyMatch3),
    ("keyMatch4", KeyMatch4),
    ("keyMatch5", KeyMatch5),
    ("keyGet", KeyGet),
    ("keyGet2", KeyGet2),
    ("keyGet3", KeyGet3),
    ("regexMatch", RegexMatch),
    ("globMatch", GlobMatch),
    ("ipMatch", IpMatch),
];

impl Function {
    pub(crate) fn find(name: &str) -> Option<Self> {
        ALL.iter().find(|(known, _)| *known == name).map(|(_, function)| *function)
    }
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        ALL.iter().map(|(name, _)| *name)
    }
    pub(crate) fn arguments(self) -> usize {
        match self {
            KeyGet2 | KeyGet3 => 3,
            _ => 2,
        }
    }
    /// Whether it gives a text; all others give true or false.
    pub(crate) fn gives_text(self) -> bool {
        matches!(self, KeyGet | KeyGet2 | KeyGet3)
    }
    /// Whether its second argument is compiled at load, and so may not come from a request.
    pub(crate) fn compiles(self) -> bool {
        !matches!(self, KeyMatch | KeyGet | IpMatch)
    }
}
