//! What was parsed or compiled once for all rules with the same text.

use crate::policy::{
    expression::{functions::Function, node::Node},
    patterns::Pattern,
    shared::{hash::of_numbers, names::Symbol, table::Table},
};
use std::sync::Arc;

/// Conditions by the definitions they are read with, and their text. An empty text is no condition.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conditions(Table<Known>);

/// The numbers of the policy and the request definition, the text, and what it was parsed to.
type Known = ((u8, u8), Symbol, Option<Arc<Node>>);

impl Conditions {
    fn hash(definitions: (u8, u8), text: Symbol) -> u64 {
        of_numbers(&[definitions.0.into(), definitions.1.into(), text])
    }
    pub(crate) fn get(&self, definitions: (u8, u8), text: Symbol) -> Option<&Option<Arc<Node>>> {
        let same = |known: &Known| known.0 == definitions && known.1 == text;
        self.0.find(Self::hash(definitions, text), same).map(|known| &known.2)
    }
    pub(crate) fn put(&mut self, definitions: (u8, u8), text: Symbol, node: Option<Arc<Node>>) {
        let same = |known: &Known| known.0 == definitions && known.1 == text;
        let rehash = |known: &Known| Self::hash(known.0, known.1);
        self.0.entry(Self::hash(definitions, text), same, rehash, || (definitions, text, node));
    }
}

/// Patterns by their function and text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patterns {
    known: Table<(Function, Symbol, Arc<Pattern>)>,
    /// How many of them are regular expressions, which take memory.
    pub(crate) regexes: usize,
}

impl Patterns {
    fn hash(function: Function, text: Symbol) -> u64 {
        of_numbers(&[function as u32, text])
    }
    pub(crate) fn get(&self, function: Function, text: Symbol) -> Option<&Pattern> {
        let same = |known: &(Function, Symbol, _)| known.0 == function && known.1 == text;
        self.known.find(Self::hash(function, text), same).map(|known| &*known.2)
    }
    pub(crate) fn put(&mut self, function: Function, text: Symbol, pattern: Arc<Pattern>) {
        self.regexes += usize::from(matches!(*pattern, Pattern::Regex(_)));
        let same = |known: &(Function, Symbol, _)| known.0 == function && known.1 == text;
        let rehash = |known: &(Function, Symbol, _)| Self::hash(known.0, known.1);
        self.known.entry(Self::hash(function, text), same, rehash, || (function, text, pattern));
    }
}
