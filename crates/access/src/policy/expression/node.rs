//! A matcher after its names were looked up and its types were checked.

use super::{
    functions::Function,
    tree::{Comparison, Span},
};
use crate::policy::value::{Arithmetic, Number};

/// What a path of attributes begins at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    Subject,
    Object,
    Action,
    Context,
}

/// One of the three things of a request that have names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    Subject,
    Object,
    Action,
}

#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Text(Box<str>),
    Number(Number),
    Bool(bool),
    List(Vec<Node>),
    Entity(Named),
    Domain,
    Attribute(Root, Box<[Box<str>]>),
    /// A value of the rule.
    Field(u8),
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Compare(Comparison, Box<(Node, Node)>),
    In(Box<(Node, Node)>),
    Arithmetic(Arithmetic, Box<(Node, Node)>),
    Role(Box<RoleCall>),
    Call(Function, Vec<Node>),
    /// `eval(p.field)`: the condition that stands in a value of the rule.
    Condition(u8),
}

/// `g(from, to)` or `g(from, to, domain)`.
#[derive(Clone, Debug)]
pub(crate) struct RoleCall {
    /// Which role definition, by its place in the model.
    pub(crate) definition: u8,
    pub(crate) from: Node,
    pub(crate) to: Node,
    pub(crate) domain: Option<Node>,
    /// Where the roles that `from` has are kept during a decision; none when they depend on the rule.
    pub(crate) slot: Option<u8>,
}

impl Node {
    /// Calls `visit` with this node and every node below it.
    pub(crate) fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        match &self.kind {
            Kind::Not(inner) | Kind::Negate(inner) => inner.walk(visit),
            Kind::And(all) | Kind::Or(all) | Kind::List(all) | Kind::Call(_, all) => {
                all.iter().for_each(|node| node.walk(visit));
            }
            Kind::Compare(_, pair) | Kind::In(pair) | Kind::Arithmetic(_, pair) => {
                pair.0.walk(visit);
                pair.1.walk(visit);
            }
            Kind::Role(call) => {
                call.from.walk(visit);
                call.to.walk(visit);
                call.domain.iter().for_each(|node| node.walk(visit));
            }
            Kind::Text(_)
            | Kind::Number(_)
            | Kind::Bool(_)
            | Kind::Entity(_)
            | Kind::Domain
            | Kind::Attribute(..)
            | Kind::Field(_)
            | Kind::Condition(_) => {}
        }
    }
    /// Whether its value is the same for every rule.
    pub(crate) fn is_free_of_rules(&self) -> bool {
        let mut free = true;
        self.walk(&mut |node| free &= !matches!(node.kind, Kind::Field(_) | Kind::Condition(_)));
        free
    }
}
