//! What the rules name: the resources and actions that are worth asking about.

use super::Policy;
use crate::policy::{
    expression::{
        functions::Function,
        node::{Kind, Named, Node},
        tree::Comparison,
    },
    shared::names::Symbol,
};
use std::collections::BTreeSet;

impl Policy {
    /// The actions that rules name: the values that a matcher compares with the request's action, but for those that
    /// stand for every action.
    #[must_use]
    pub fn named_actions(&self) -> BTreeSet<String> {
        self.named(Named::Action)
    }
    /// The resources that rules name, patterns included.
    #[must_use]
    pub fn named_resources(&self) -> BTreeSet<String> {
        self.named(Named::Object)
    }

    fn named(&self, what: Named) -> BTreeSet<String> {
        let mut all: BTreeSet<Symbol> = BTreeSet::new();
        let mut wildcards: BTreeSet<&str> = BTreeSet::new();
        for matcher in &self.model.matchers {
            let mut fields: Vec<u8> = Vec::new();
            matcher.node.walk(&mut |node| fields.extend(compared(node, what)));
            // `p.act == "*"` beside `p.act == r.act`: the text is no action but stands for all of them.
            matcher.node.walk(&mut |node| {
                if let Some((field, text)) = literal(node)
                    && fields.contains(&field)
                {
                    wildcards.insert(text);
                }
            });
            let tables = self.tables.iter().filter(|table| table.number == matcher.policy);
            for row in tables.flat_map(|table| table.rows()) {
                all.extend(fields.iter().map(|field| row.fields[*field as usize]));
            }
        }
        let texts = all.iter().map(|symbol| self.names.text(*symbol));
        texts.filter(|text| !text.is_empty() && !wildcards.contains(text)).map(str::to_owned).collect()
    }
}

/// The field of a rule that a term compares with this part of the request.
fn compared(node: &Node, what: Named) -> Option<u8> {
    let pair = match &node.kind {
        Kind::Compare(Comparison::Equal, pair) => (&pair.0, &pair.1),
        Kind::Call(Function::KeyMatch, arguments) if what == Named::Object => match arguments.as_slice() {
            [text, pattern] => (text, pattern),
            _ => return None,
        },
        _ => return None,
    };
    match (&pair.0.kind, &pair.1.kind) {
        (Kind::Entity(named), Kind::Field(field)) | (Kind::Field(field), Kind::Entity(named)) if *named == what => {
            Some(*field)
        }
        _ => None,
    }
}

/// The field of a rule that a term compares with a text.
fn literal(node: &Node) -> Option<(u8, &str)> {
    let Kind::Compare(Comparison::Equal, pair) = &node.kind else { return None };
    match (&pair.0.kind, &pair.1.kind) {
        (Kind::Text(text), Kind::Field(field)) | (Kind::Field(field), Kind::Text(text)) => Some((*field, text)),
        _ => None,
    }
}
