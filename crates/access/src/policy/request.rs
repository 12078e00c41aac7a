//! What is asked.

use super::value::Properties;
use keystead_domain::Timestamp;
use std::fmt;

/// A subject, a resource or an action, with what is known about it.
#[derive(Clone, Copy)]
pub struct Entity<'a> {
    /// Its type: `user`. Empty when it has none; then only its identifier names it.
    pub kind: &'a str,
    /// Its identifier; the name of an action.
    pub id: &'a str,
    /// Its properties.
    pub properties: &'a dyn Properties,
}

impl<'a> Entity<'a> {
    /// An entity without properties.
    #[must_use]
    pub const fn new(kind: &'a str, id: &'a str) -> Self {
        Self { kind, id, properties: &() }
    }
    /// The same entity with these properties.
    #[must_use]
    pub const fn with(mut self, properties: &'a dyn Properties) -> Self {
        self.properties = properties;
        self
    }
}

impl fmt::Debug for Entity<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.id)
    }
}

/// One question: may `subject` do `action` on `resource`, in `domain`, at `now`?
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Who: `r.sub`.
    pub subject: Entity<'a>,
    /// On what: `r.obj`.
    pub resource: Entity<'a>,
    /// What: `r.act`.
    pub action: Entity<'a>,
    /// Where: `r.dom`; none when the request names no domain.
    pub domain: Option<&'a str>,
    /// The context: `r.ctx`, and every request field of another name (`r.ip` is the property `ip`).
    pub context: &'a dyn Properties,
    /// When it is asked.
    pub now: Timestamp,
    /// Which matcher decides: 1 for `m`, 2 for `m2` … One that the model lacks denies.
    pub matcher: u8,
}

impl<'a> Request<'a> {
    /// A question to the matcher `m`, without domain and context.
    #[must_use]
    pub const fn new(subject: Entity<'a>, action: Entity<'a>, resource: Entity<'a>, now: Timestamp) -> Self {
        Self { subject, resource, action, domain: None, context: &(), now, matcher: 1 }
    }
    /// The same question in `domain`.
    #[must_use]
    pub const fn in_domain(mut self, domain: &'a str) -> Self {
        self.domain = Some(domain);
        self
    }
    /// The same question with this context.
    #[must_use]
    pub const fn with_context(mut self, context: &'a dyn Properties) -> Self {
        self.context = context;
        self
    }
    /// The same question to another matcher.
    #[must_use]
    pub const fn to_matcher(mut self, number: u8) -> Self {
        self.matcher = number;
        self
    }
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {} {:?} in {:?}", self.subject, self.action.id, self.resource, self.domain)
    }
}
