//! What the parser makes of a matcher: names are not looked up yet.

use crate::policy::{
    position::Position,
    value::{Arithmetic, Number},
};

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Where an expression stands: its first place, and its bytes in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) at: Position,
    pub(crate) from: usize,
    pub(crate) to: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct Expression {
    pub(crate) shape: Shape,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Text(String),
    Number(Number),
    Bool(bool),
    /// `("a", "b")` or `["a", "b"]`.
    List(Vec<Expression>),
    /// `r.sub.age`: the names between the dots.
    Name(Vec<String>),
    Call(String, Vec<Expression>),
    Not(Box<Expression>),
    Negate(Box<Expression>),
    And(Vec<Expression>),
    Or(Vec<Expression>),
    Compare(Comparison, Box<Expression>, Box<Expression>),
    In(Box<Expression>, Box<Expression>),
    Arithmetic(Arithmetic, Box<Expression>, Box<Expression>),
}
