//! What one term of a matcher compared.

use super::{
    evaluate::Run,
    value::{Truth, Value, texts},
};
use crate::policy::{
    compiled::row::Row,
    expression::node::{Kind, Node},
    value::Number,
};

/// A term that was not true.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// The term as it is written: `r.obj.status == "draft"`.
    pub text: String,
    /// False, or unknown.
    pub truth: Truth,
    /// What stands in it, and its value: `r.obj.status` and `"final"`, or `unknown`.
    pub values: Vec<(String, String)>,
}

/// The terms of `node` that are not true for `row`. The terms of a condition are its own.
pub(super) fn terms_of<'a>(
    run: &mut Run<'a>,
    node: &'a Node,
    source: &str,
    row: &Row,
    unknown: &mut Vec<String>,
) -> Vec<Term> {
    run.work.steps = u32::MAX;
    run.work.made.clear();
    let truth = run.truth(node, Some(row)).unwrap_or(Truth::Unknown);
    if truth == Truth::True {
        return Vec::new();
    }
    match &node.kind {
        Kind::And(all) => {
            return all.iter().flat_map(|node| terms_of(run, node, source, row, unknown)).collect();
        }
        Kind::Condition(field) => {
            let symbol = row.fields[*field as usize];
            if let Some(Some(condition)) = run.policy.conditions.get(run.definitions, symbol) {
                let source = run.policy.names.text(symbol);
                return terms_of(run, condition, source, row, unknown);
            }
        }
        _ => {}
    }
    let text = |node: &Node| source.get(node.span.from..node.span.to).unwrap_or_default().to_owned();
    let mut leaves: Vec<&'a Node> = Vec::new();
    node.walk(&mut |node| {
        if matches!(node.kind, Kind::Entity(_) | Kind::Domain | Kind::Attribute(..) | Kind::Field(_)) {
            leaves.push(node);
        }
    });
    let mut values: Vec<(String, String)> = Vec::new();
    for leaf in leaves {
        let name = text(leaf);
        if values.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let value = run.value(leaf, Some(row)).unwrap_or(Value::Unknown);
        if matches!(value, Value::Unknown) && !unknown.contains(&name) {
            unknown.push(name.clone());
        }
        values.push((name, shown(value)));
    }
    vec![Term { text: text(node), truth, values }]
}

fn shown(value: Value<'_>) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    match value {
        Value::Unknown => "unknown".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(Number::Whole(number)) => number.to_string(),
        Value::Number(Number::Real(number)) => number.to_string(),
        Value::List(list) => serde_json::Value::from(list).to_string(),
        Value::Object => "an object".to_owned(),
        _ => texts(value, &[]).map_or_else(|| "a text".to_owned(), |names| quoted(names.first())),
    }
}
