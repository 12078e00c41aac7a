//! What a matcher or a condition says about one rule.

use super::{
    scratch::Work,
    value::{Truth, Value, equal, number, order, texts},
};
use crate::policy::{
    Policy, Request,
    compiled::{
        graph::{NO_DOMAIN, Within},
        row::Row,
    },
    expression::{
        functions::Function,
        node::{Kind, Named, Node, RoleCall, Root},
        tree::Comparison,
    },
    names_of::NamesOf,
    patterns::{address, key_get, key_match},
    shared::names::Symbol,
    value::{Arithmetic, Attribute},
};
use std::cmp::Ordering;

/// The steps of a decision are used up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exhausted;

/// The most bytes of texts that one evaluation puts together.
const MADE_BYTES: usize = 8192;

/// One request to one policy.
pub(crate) struct Run<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) request: &'a Request<'a>,
    pub(crate) subject: NamesOf<'a>,
    pub(crate) object: NamesOf<'a>,
    pub(crate) domain: Option<&'a str>,
    pub(crate) now: i64,
    /// The definitions that conditions were read with.
    pub(crate) definitions: (u8, u8),
    /// How many role calls keep their roles.
    pub(crate) slots: u8,
    pub(crate) work: &'a mut Work,
}

impl<'a> Run<'a> {
    pub(crate) fn step(&mut self) -> Result<(), Exhausted> {
        self.work.steps = self.work.steps.checked_sub(1).ok_or(Exhausted)?;
        Ok(())
    }

    /// Whether all `nodes` hold for `row`.
    pub(crate) fn all(&mut self, nodes: &'a [Node], row: Option<&Row>) -> Result<Truth, Exhausted> {
        let mut truth = Truth::True;
        for node in nodes {
            truth = truth.min(self.truth(node, row)?);
            if truth == Truth::False {
                break;
            }
        }
        Ok(truth)
    }

    /// Whether `node` holds for `row`; without a row its fields are unknown.
    pub(crate) fn truth(&mut self, node: &'a Node, row: Option<&Row>) -> Result<Truth, Exhausted> {
        self.step()?;
        match &node.kind {
            Kind::And(all) => self.all(all, row),
            Kind::Or(all) => {
                let mut truth = Truth::False;
                for node in all {
                    truth = truth.max(self.truth(node, row)?);
                    if truth == Truth::True {
                        break;
                    }
                }
                Ok(truth)
            }
            Kind::Not(inner) => Ok(self.truth(inner, row)?.not()),
            Kind::Compare(comparison, pair) => {
                let left = self.value(&pair.0, row)?;
                let right = self.value(&pair.1, row)?;
                Ok(self.compared(*comparison, left, right))
            }
            Kind::In(pair) => self.contained(&pair.0, &pair.1, row),
            Kind::Role(call) => self.role(call, row),
            Kind::Condition(field) => {
                let Some(row) = row else { return Ok(Truth::Unknown) };
                match self.policy.conditions.get(self.definitions, row.fields[*field as usize]) {
                    Some(Some(condition)) => self.truth(condition, Some(row)),
                    Some(None) => Ok(Truth::True),
                    None => Ok(Truth::Unknown),
                }
            }
            _ => Ok(match self.value(node, row)? {
                Value::Bool(flag) => flag.into(),
                _ => Truth::Unknown,
            }),
        }
    }

    fn compared(&self, comparison: Comparison, left: Value<'_>, right: Value<'_>) -> Truth {
        let made = &self.work.made;
        let ordered =
            |holds: fn(Ordering) -> bool| order(left, right, made).map_or(Truth::Unknown, |o| holds(o).into());
        match comparison {
            Comparison::Equal => equal(left, right, made),
            Comparison::Unequal => equal(left, right, made).not(),
            Comparison::Less => ordered(Ordering::is_lt),
            Comparison::LessOrEqual => ordered(Ordering::is_le),
            Comparison::Greater => ordered(Ordering::is_gt),
            Comparison::GreaterOrEqual => ordered(Ordering::is_ge),
        }
    }

    fn contained(&mut self, left: &'a Node, right: &'a Node, row: Option<&Row>) -> Result<Truth, Exhausted> {
        let left = self.value(left, row)?;
        let mut truth = Truth::False;
        if let Kind::List(items) = &right.kind {
            for item in items {
                let item = self.value(item, row)?;
                truth = truth.max(equal(left, item, &self.work.made));
            }
            return Ok(truth);
        }
        let Value::List(items) = self.value(right, row)? else { return Ok(Truth::Unknown) };
        for item in items {
            self.step()?;
            truth = truth.max(equal(left, Attribute::of_json(item).into(), &self.work.made));
            if truth == Truth::True {
                break;
            }
        }
        Ok(truth)
    }

    /// The value of `node` for `row`.
    pub(crate) fn value(&mut self, node: &'a Node, row: Option<&Row>) -> Result<Value<'a>, Exhausted> {
        self.step()?;
        Ok(match &node.kind {
            Kind::Text(text) => Value::Text(text),
            Kind::Number(number) => Value::Number(*number),
            Kind::Bool(flag) => Value::Bool(*flag),
            Kind::Entity(named) => Value::Entity(self.names(*named)),
            Kind::Domain => self.domain.map_or(Value::Unknown, Value::Text),
            Kind::Attribute(root, path) => self.attribute(*root, path),
            Kind::Field(field) => {
                row.map_or(Value::Unknown, |row| Value::Field(self.policy.names.text(row.fields[*field as usize])))
            }
            Kind::Negate(inner) => {
                let zero = crate::policy::value::Number::Whole(0);
                let value = number(self.value(inner, row)?);
                value.and_then(|value| zero.combine(Arithmetic::Subtract, value)).map_or(Value::Unknown, Value::Number)
            }
            Kind::Arithmetic(operator, pair) => {
                let left = self.value(&pair.0, row)?;
                let right = self.value(&pair.1, row)?;
                self.arithmetic(*operator, left, right)?
            }
            Kind::Call(function, arguments) => self.call(*function, arguments, row)?,
            _ => match self.truth(node, row)? {
                Truth::Unknown => Value::Unknown,
                truth => Value::Bool(truth == Truth::True),
            },
        })
    }

    fn names(&self, named: Named) -> NamesOf<'a> {
        match named {
            Named::Subject => self.subject,
            Named::Object => self.object,
            Named::Action => NamesOf::of_action(self.request.action.id),
        }
    }

    fn attribute(&self, root: Root, path: &'a [Box<str>]) -> Value<'a> {
        let Some((first, rest)) = path.split_first() else { return Value::Unknown };
        let request = self.request;
        let (entity, own) = match root {
            Root::Subject => (&request.subject, "id"),
            Root::Object => (&request.resource, "id"),
            Root::Action => (&request.action, "name"),
            Root::Context => return path_of(request.context.get(first), rest),
        };
        // What names an entity is never taken from its properties.
        match &**first {
            name if name == own && rest.is_empty() => Value::Text(entity.id),
            "id" if rest.is_empty() => Value::Text(entity.id),
            "type" if rest.is_empty() && entity.kind.is_empty() => Value::Unknown,
            "type" if rest.is_empty() => Value::Text(entity.kind),
            name => path_of(entity.properties.get(name), rest),
        }
    }

    fn arithmetic(&mut self, operator: Arithmetic, left: Value<'a>, right: Value<'a>) -> Result<Value<'a>, Exhausted> {
        let numeric = matches!(left, Value::Number(_)) || matches!(right, Value::Number(_));
        if operator == Arithmetic::Add && !numeric {
            return self.joined(left, right);
        }
        let result = match (number(left), number(right)) {
            (Some(left), Some(right)) => left.combine(operator, right),
            _ => None,
        };
        Ok(result.map_or(Value::Unknown, Value::Number))
    }

    fn joined(&mut self, left: Value<'a>, right: Value<'a>) -> Result<Value<'a>, Exhausted> {
        let start = self.work.made.len();
        for value in [left, right] {
            if let Value::Made(from, to) = value {
                self.work.made.extend_from_within(from..to);
            } else {
                let Some(names) = texts(value, &[]) else { return Ok(Value::Unknown) };
                self.work.made.extend_from_slice(names.first().as_bytes());
            }
            if self.work.made.len() > MADE_BYTES {
                return Err(Exhausted);
            }
        }
        Ok(Value::Made(start, self.work.made.len()))
    }

    fn role(&mut self, call: &'a RoleCall, row: Option<&Row>) -> Result<Truth, Exhausted> {
        let to = self.value(&call.to, row)?;
        let slot = self.reach(call, row)?;
        let from = match call.slot {
            Some(_) => self.value(&call.from, None)?,
            None => self.value(&call.from, row)?,
        };
        let made = &self.work.made;
        let (Some(from), Some(to)) = (texts(from, made), texts(to, made)) else { return Ok(Truth::Unknown) };
        if from.iter().any(|name| to.contains(name)) {
            return Ok(Truth::True);
        }
        let reach = &self.work.reaches[slot];
        let found = |name| self.policy.names.find(name).is_some_and(|symbol| reach.distance(symbol).is_some());
        Ok(match to.iter().any(found) {
            true => Truth::True,
            false if reach.partial => Truth::Unknown,
            false => Truth::False,
        })
    }

    /// Finds the roles of a call, and says which set they are in.
    pub(crate) fn reach(&mut self, call: &'a RoleCall, row: Option<&Row>) -> Result<usize, Exhausted> {
        let slot = call.slot.unwrap_or(self.slots) as usize;
        while self.work.reaches.len() <= slot {
            self.work.reaches.push(super::reach::Reach::default());
        }
        if call.slot.is_some() && self.work.ready & (1 << slot) != 0 {
            return Ok(slot);
        }
        let from = self.value(&call.from, row)?;
        let mut partial = false;
        let mut within = Within { domain: NO_DOMAIN, everywhere: NO_DOMAIN };
        if let Some(domain) = &call.domain {
            within.everywhere = self.policy.everywhere;
            // A domain that no rule names has no links of its own.
            within.domain = within.everywhere;
            let domain = self.value(domain, row)?;
            match texts(domain, &self.work.made) {
                Some(names) => within.domain = self.policy.names.find(names.first()).unwrap_or(within.everywhere),
                None => partial = true,
            }
        }
        let Work { reaches, made, steps, ready, .. } = &mut *self.work;
        let Some(reach) = reaches.get_mut(slot) else { return Err(Exhausted) };
        reach.clear();
        reach.partial = partial;
        match texts(from, made) {
            Some(names) => {
                for name in names.iter() {
                    if let Some(symbol) = self.policy.names.find(name) {
                        reach.insert(symbol, 0);
                    }
                }
            }
            None => reach.partial = true,
        }
        let unlinked = call.domain.is_some() && within.domain == NO_DOMAIN;
        if let Some(graph) = self.policy.graphs.get(call.definition as usize).filter(|_| !unlinked) {
            let mut next = 0;
            while let Some((role, distance)) = reach.order.get(next).copied() {
                next += 1;
                let looked = graph.roles(role, within, self.now, |to| reach.insert(to, distance + 1));
                *steps = steps.checked_sub(looked).ok_or(Exhausted)?;
            }
        }
        if call.slot.is_some() {
            *ready |= 1 << slot;
        }
        Ok(slot)
    }

    fn call(&mut self, function: Function, arguments: &'a [Node], row: Option<&Row>) -> Result<Value<'a>, Exhausted> {
        let [text, pattern, rest @ ..] = arguments else { return Ok(Value::Unknown) };
        let text_value = self.value(text, row)?;
        let symbol = match &pattern.kind {
            Kind::Field(field) => row.map(|row| row.fields[*field as usize]),
            Kind::Text(text) if function.compiles() => self.policy.names.find(text),
            _ => None,
        };
        let pattern_value = self.value(pattern, row)?;
        let name = match rest.first() {
            Some(node) => self.value(node, row)?,
            None => Value::Text(""),
        };
        let Work { made, steps, .. } = &mut *self.work;
        let (Some(texts_of), Some(patterns), Some(name)) =
            (texts(text_value, made), texts(pattern_value, made), texts(name, made))
        else {
            return Ok(Value::Unknown);
        };
        let compiled = symbol
            .filter(|_| function.compiles())
            .and_then(|symbol: Symbol| self.policy.patterns.get(function, symbol));
        if function.compiles() && compiled.is_none() {
            return Ok(Value::Unknown);
        }
        let mut answer = Some(false);
        for text in texts_of.iter() {
            let holds = match (function, compiled) {
                (Function::KeyMatch, _) => Some(patterns.iter().any(|pattern| key_match(text, pattern))),
                (Function::IpMatch, _) => address::contains(text, patterns.first()),
                (Function::KeyGet, _) => {
                    let (from, to) = key_get(text, patterns.first());
                    if from < to {
                        return Ok(piece(text_value, text, from, to));
                    }
                    Some(false)
                }
                (Function::KeyGet2 | Function::KeyGet3, Some(pattern)) => {
                    let (from, to) = pattern.value(text, name.first(), steps).ok_or(Exhausted)?;
                    if from < to {
                        return Ok(piece(text_value, text, from, to));
                    }
                    Some(false)
                }
                (_, Some(pattern)) => {
                    let text = match function {
                        Function::KeyMatch5 => text.split('?').next().unwrap_or(text),
                        _ => text,
                    };
                    Some(pattern.fits(text, function == Function::KeyMatch4, steps).ok_or(Exhausted)?)
                }
                _ => None,
            };
            answer = answer.and_then(|answer| holds.map(|holds| answer || holds));
        }
        Ok(match answer {
            _ if function.gives_text() => Value::Text(""),
            Some(holds) => Value::Bool(holds),
            None => Value::Unknown,
        })
    }
}

/// Bytes of one of the texts that `value` is.
fn piece<'a>(value: Value<'a>, text: &str, from: usize, to: usize) -> Value<'a> {
    match value {
        Value::Made(start, _) => Value::Made(start + from, start + to),
        Value::Text(whole) | Value::Field(whole) => Value::Text(&whole[from..to]),
        Value::Entity(names) => {
            names.iter().find(|name| *name == text).map_or(Value::Unknown, |name| Value::Text(&name[from..to]))
        }
        _ => Value::Unknown,
    }
}

fn path_of<'a>(first: Option<Attribute<'a>>, rest: &[Box<str>]) -> Value<'a> {
    let mut at = first;
    for name in rest {
        at = match at {
            Some(Attribute::Object(map)) => map.get(&**name).and_then(Attribute::of_json),
            _ => None,
        };
    }
    at.into()
}
