//! How a matcher is answered: which of its terms an index serves, and what is left for each candidate.
//!
//! A matcher is taken apart at its outermost `||`; each branch at its outermost `&&`. A term that ties one field of
//! the rule to the request becomes part of the branch's key: `r.act == p.act`, `p.act == "*" || r.act == p.act`,
//! `keyMatch(r.obj, p.obj)`. The first `g(r.sub, p.sub)` orders the rules under a key. Terms without a field of the
//! rule are asked once, before any rule; all others are asked for each candidate.

use super::index::KEY_FIELDS;
use crate::policy::{
    expression::{
        functions::Function,
        node::{Kind, Node, RoleCall},
        tree::Comparison,
    },
    model::matcher::Matcher,
    shared::names::{Names, Symbol},
};

/// What a field of the rule may be, seen from the request.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// Equal to this value.
    Value(Node),
    /// Equal to this text of the matcher.
    Literal(Symbol),
    /// A pattern of `keyMatch` that this value fits.
    Pattern(Node),
    /// A role that the request's subject has.
    Role(Box<RoleCall>),
}

/// A field of the rule, and everything that it may be.
#[derive(Clone, Debug)]
pub(crate) struct FieldTerm {
    pub(crate) field: u8,
    pub(crate) sources: Vec<Source>,
}

impl FieldTerm {
    pub(crate) fn has_patterns(&self) -> bool {
        self.sources.iter().any(|source| matches!(source, Source::Pattern(_)))
    }
    /// Whether the field may be a pattern, or something that is compared as a whole.
    pub(crate) fn is_mixed(&self) -> bool {
        self.has_patterns() && self.sources.iter().any(|source| !matches!(source, Source::Pattern(_)))
    }
    /// Whether the field is a role of the subject and can be nothing else.
    fn is_role(&self) -> bool {
        matches!(self.sources.as_slice(), [Source::Role(_)])
    }
    fn has_roles(&self) -> bool {
        self.sources.iter().any(|source| matches!(source, Source::Role(_)))
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Branch {
    /// Terms without a rule.
    pub(crate) guards: Vec<Node>,
    /// The fields of the key.
    pub(crate) keys: Vec<FieldTerm>,
    /// The field by which the rules under a key are ordered.
    pub(crate) role: Option<FieldTerm>,
    /// What is asked for each candidate of the index.
    pub(crate) rest: Vec<Node>,
    /// All terms but the guards: what is asked for each rule where the index cannot be used.
    pub(crate) all: Vec<Node>,
    /// Which index of the table serves it; none when every rule is a candidate.
    pub(crate) index: Option<usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) branches: Vec<Branch>,
    /// The slot of the role call, and the field, that say how near a rule is to the subject.
    pub(crate) nearness: Option<(u8, u8)>,
}

impl Plan {
    /// The plan of a matcher. `indexes` counts the indexes of its table; `names` takes in the texts of the matcher.
    pub(crate) fn new(matcher: &Matcher, indexes: &mut usize, names: &mut Names) -> Self {
        let branches = match &matcher.node.kind {
            Kind::Or(all) => all.iter().map(|node| Branch::new(node, indexes, names)).collect(),
            _ => vec![Branch::new(&matcher.node, indexes, names)],
        };
        let mut nearness = None;
        matcher.node.walk(&mut |node| {
            if let Kind::Role(call) = &node.kind
                && let (Some(slot), Kind::Field(field)) = (call.slot, &call.to.kind)
            {
                nearness.get_or_insert((slot, *field));
            }
        });
        Self { branches, nearness }
    }
}

impl Branch {
    fn new(node: &Node, indexes: &mut usize, names: &mut Names) -> Self {
        let mut terms = Vec::new();
        flatten(node, &mut terms);
        let mut branch =
            Self { guards: Vec::new(), keys: Vec::new(), role: None, rest: Vec::new(), all: Vec::new(), index: None };
        for term in terms {
            if term.is_free_of_rules() {
                branch.guards.push(term.clone());
                continue;
            }
            branch.all.push(term.clone());
            match field_term(term) {
                Some(found) if found.is_role() && branch.role.is_none() && !branch.uses(found.field) => {
                    branch.role = Some(found);
                }
                Some(found) if branch.keys.len() < KEY_FIELDS && !branch.uses(found.field) => {
                    // `foo*` and `foo*bar` are kept under one beginning, but are equal to different values.
                    if found.is_mixed() {
                        branch.rest.push(term.clone());
                    }
                    branch.keys.push(found);
                }
                _ => branch.rest.push(term.clone()),
            }
        }
        for source in branch.keys.iter_mut().filter(|term| !term.has_patterns()).flat_map(|term| &mut term.sources) {
            if let Source::Value(Node { kind: Kind::Text(text), .. }) = source {
                *source = Source::Literal(names.add(text));
            }
        }
        if branch.role.is_some() || !branch.keys.is_empty() {
            branch.index = Some(*indexes);
            *indexes += 1;
        }
        branch
    }
    fn uses(&self, field: u8) -> bool {
        self.keys.iter().chain(&self.role).any(|term| term.field == field)
    }
}

fn flatten<'a>(node: &'a Node, terms: &mut Vec<&'a Node>) {
    match &node.kind {
        Kind::And(all) => all.iter().for_each(|node| flatten(node, terms)),
        _ => terms.push(node),
    }
}

/// The term as a statement about one field of the rule; none when it is not one.
fn field_term(node: &Node) -> Option<FieldTerm> {
    match &node.kind {
        Kind::Or(all) => {
            let mut terms = all.iter().map(field_term);
            let mut first = terms.next()??;
            for term in terms {
                let term = term.filter(|term| term.field == first.field)?;
                first.sources.extend(term.sources);
            }
            // Rules with a `*` are kept by their beginning, where a role of that name would not be found.
            (!(first.has_roles() && first.has_patterns())).then_some(first)
        }
        Kind::Compare(Comparison::Equal, pair) => match (&pair.0.kind, &pair.1.kind) {
            (Kind::Field(field), _) => value(*field, &pair.1),
            (_, Kind::Field(field)) => value(*field, &pair.0),
            _ => None,
        },
        Kind::Call(Function::KeyMatch, arguments) => match arguments.as_slice() {
            [text, Node { kind: Kind::Field(field), .. }] if text.is_free_of_rules() => {
                Some(FieldTerm { field: *field, sources: vec![Source::Pattern(text.clone())] })
            }
            _ => None,
        },
        Kind::Role(call) => match call.to.kind {
            Kind::Field(field) if call.slot.is_some() => {
                Some(FieldTerm { field, sources: vec![Source::Role(call.clone())] })
            }
            _ => None,
        },
        _ => None,
    }
}

fn value(field: u8, other: &Node) -> Option<FieldTerm> {
    other.is_free_of_rules().then(|| FieldTerm { field, sources: vec![Source::Value(other.clone())] })
}
