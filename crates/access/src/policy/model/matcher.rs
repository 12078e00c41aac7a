//! One matcher, checked, with the definitions it uses.

use super::{
    ModelError,
    definitions::{Definitions, key},
    effect::PolicyEffect,
    lines::Entry,
};
use crate::policy::{
    expression::{
        check::{Scope, check},
        node::{Kind, Node},
        parse,
    },
    limits::Limits,
    patterns::Pattern,
    position::{Fault, Position},
};
use std::sync::Arc;

#[derive(Clone, Debug)]
pub(crate) struct Matcher {
    /// 1 for `m`, 2 for `m2`.
    pub(crate) number: u8,
    pub(crate) source: Arc<str>,
    pub(crate) node: Node,
    /// The request definition it uses.
    pub(crate) request: u8,
    /// The policy definition it uses.
    pub(crate) policy: u8,
    pub(crate) effect: PolicyEffect,
    /// How many role calls keep their roles during a decision.
    pub(crate) slots: u8,
}

impl Matcher {
    pub(super) fn read(
        entry: &Entry,
        definitions: &Definitions,
        effects: &[(u8, PolicyEffect)],
        limits: &Limits,
    ) -> Result<Self, ModelError> {
        let number = key(entry, 'm')?;
        let value = &entry.value;
        let tree = parse(&value.text, &|byte| value.place(byte), limits)?;
        let mut scope = Scope { definitions, request: None, policy: None, condition: false, slots: 0 };
        let node = check(&tree, &mut scope)?;
        check_patterns(&node, limits)?;
        let or_first = |number: u8, known: bool| if known { number } else { 1 };
        let request = scope.request.unwrap_or_else(|| or_first(number, definitions.request(number).is_some()));
        let policy = scope.policy.unwrap_or_else(|| or_first(number, definitions.policy(number).is_some()));
        let effect = effects.iter().find(|(known, _)| *known == number).or_else(|| effects.first());
        let Some((_, effect)) = effect else { return Err(ModelError::new(entry.at, "there is no policy effect")) };
        Ok(Self {
            number,
            source: value.text.as_str().into(),
            node,
            request,
            policy,
            effect: *effect,
            slots: scope.slots,
        })
    }
    /// The fields of the rule whose text is a condition.
    pub(crate) fn conditions(&self) -> Vec<u8> {
        let mut fields = Vec::new();
        self.node.walk(&mut |node| {
            if let Kind::Condition(field) = node.kind
                && !fields.contains(&field)
            {
                fields.push(field);
            }
        });
        fields
    }
    /// Parses and checks the text of a condition of a rule that this matcher evaluates. No text is no condition.
    pub(crate) fn condition(
        &self,
        text: &str,
        definitions: &Definitions,
        limits: &Limits,
    ) -> Result<Option<Node>, Fault> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let place = |byte: usize| place(text, byte);
        let tree = parse(text, &place, limits)?;
        let (request, policy) = (Some(self.request), Some(self.policy));
        let mut scope = Scope { definitions, request, policy, condition: true, slots: 0 };
        check(&tree, &mut scope).map(Some)
    }
}

/// Compiles the patterns that stand in the matcher itself, to say now what is wrong with them.
fn check_patterns(node: &Node, limits: &Limits) -> Result<(), Fault> {
    let mut fault = None;
    node.walk(&mut |node| {
        if let Kind::Call(function, arguments) = &node.kind
            && let Some(Node { kind: Kind::Text(text), span }) = arguments.get(1)
            && let Err(message) = Pattern::check(*function, text, limits)
        {
            fault.get_or_insert(Fault::new(span.at, message));
        }
    });
    fault.map_or(Ok(()), Err)
}

/// The place of a byte in a text of its own.
fn place(text: &str, byte: usize) -> Position {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count());
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX - 1) + 1;
    Position { line: count(line), column: count(column) }
}
