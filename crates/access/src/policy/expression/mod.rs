//! The language of matchers and conditions: words, tree, types.

pub(crate) mod check;
pub(crate) mod functions;
mod lexer;
pub(crate) mod node;
mod parser;
pub(crate) mod tree;

pub(crate) use parser::parse;
