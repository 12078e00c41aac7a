//! One rule, checked and turned into numbers.

use super::{
    Policy,
    graph::{Link, NO_DOMAIN},
    row::{Row, Window},
};
use crate::policy::{
    expression::{
        functions::Function,
        node::{Kind, Node},
    },
    model::definitions::{MAX_FIELDS, RoleDefinition, numbered},
    patterns::Pattern,
    rule::{Rule, RuleError, RuleId},
    shared::names::Symbol,
};
use keystead_domain::Timestamp;
use std::sync::Arc;

/// Where a loaded rule belongs.
pub(super) enum Loaded {
    Row { definition: u8, row: Row },
    Link { definition: u8, from: Symbol, link: Link },
}

impl Policy {
    /// Checks a rule, and adds its texts, its conditions and its patterns to the policy.
    pub(super) fn load(&mut self, rule: &Rule) -> Result<Loaded, RuleError> {
        let limit = self.model.limits.value_bytes;
        if rule.values.is_empty() || rule.values.len() > MAX_FIELDS {
            return Err(RuleError::row(
                rule.id,
                format!("a rule has 1 to {MAX_FIELDS} values, not {}", rule.values.len()),
            ));
        }
        if let Some(field) = rule.values.iter().position(|value| value.len() > limit) {
            return Err(RuleError::field(rule.id, field, 1, format!("longer than {limit} bytes")));
        }
        let window = Window::new(rule.not_before, rule.expires_at);
        let model = Arc::clone(&self.model);
        if let Some((definition, _)) = model.definitions.role(&rule.ptype) {
            return self.load_link(rule, definition, &model.definitions.roles[definition as usize], window);
        }
        let number = numbered(&rule.ptype, 'p').filter(|number| model.definitions.policy(*number).is_some());
        match number.and_then(|number| self.tables.iter().position(|table| table.number == number)) {
            #[allow(clippy::cast_possible_truncation, reason = "a model has at most 99 policy definitions")]
            Some(definition) => self.load_row(rule, definition as u8, window),
            None => Err(RuleError::row(rule.id, format!("the model has no definition `{}`", rule.ptype))),
        }
    }

    fn load_link(
        &mut self,
        rule: &Rule,
        definition: u8,
        role: &RoleDefinition,
        window: Window,
    ) -> Result<Loaded, RuleError> {
        let (least, most) = role.values();
        if rule.values.len() < least || rule.values.len() > most {
            let count = if least == most { least.to_string() } else { format!("{least} to {most}") };
            let message = format!("`{}` takes {count} values, not {}", role.name, rule.values.len());
            return Err(RuleError::row(rule.id, message));
        }
        let names = if role.with_domain { 3 } else { 2 };
        if let Some(field) = rule.values[..names].iter().position(String::is_empty) {
            return Err(RuleError::field(rule.id, field, 1, "a name is missing"));
        }
        let time = |field: usize, open: i64| match rule.values.get(field).map(|text| text.trim()) {
            None | Some("" | "_") => Ok(open),
            Some(text) => moment(text).ok_or_else(|| {
                RuleError::field(rule.id, field, 1, "a time is `2026-01-31 00:00:00` (UTC), RFC 3339, or `_` for none")
            }),
        };
        let held = Window { from: time(names, i64::MIN)?, until: time(names + 1, i64::MAX)? };
        if rule.values[0] == rule.values[1] {
            let message = format!("cyclic roles: {0} → {0}", rule.values[0]);
            return Err(RuleError::field(rule.id, 1, 1, message));
        }
        let from = self.names.add(&rule.values[0]);
        let link = Link {
            to: self.names.add(&rule.values[1]),
            domain: if role.with_domain { self.names.add(&rule.values[2]) } else { NO_DOMAIN },
            window: window.both(held),
            rule: rule.id,
        };
        Ok(Loaded::Link { definition, from, link })
    }

    fn load_row(&mut self, rule: &Rule, definition: u8, window: Window) -> Result<Loaded, RuleError> {
        let shape = Arc::clone(&self.tables[definition as usize].shape);
        let (least, most) = (shape.required, shape.fields.len());
        if rule.values.len() < least || rule.values.len() > most {
            let count = if least == most { least.to_string() } else { format!("{least} to {most}") };
            let message = format!("`{}` takes {count} values, not {}", rule.ptype, rule.values.len());
            return Err(RuleError::row(rule.id, message));
        }
        let given = |field: usize| rule.values.get(field).map(|value| value.trim());
        let denies = match shape.effect.and_then(given) {
            None | Some("allow") => false,
            Some("deny") => true,
            Some(_) => {
                return Err(RuleError::field(rule.id, shape.effect.unwrap_or(0), 1, "an effect is `allow` or `deny`"));
            }
        };
        let priority = match shape.priority.and_then(|field| given(field).map(|text| (field, text))) {
            None => rule.priority.unwrap_or(i64::MAX),
            Some((field, text)) => text.parse().map_err(|_| {
                RuleError::field(rule.id, field, 1, "a priority is a whole number; the smaller comes first")
            })?,
        };
        for (field, function) in &shape.patterns {
            let text = rule.values.get(*field as usize).map_or("", String::as_str);
            self.add_pattern(*function, text).map_err(|refused| refused.in_rule(rule.id, *field, 1))?;
        }
        for (field, matcher) in &shape.conditions {
            let text = rule.values.get(*field as usize).map_or("", String::as_str);
            self.add_condition(rule, *field, *matcher, text)?;
        }
        let mut fields = [0; MAX_FIELDS];
        for (field, symbol) in fields.iter_mut().enumerate().take(most) {
            let missing = if shape.effect == Some(field) { "allow" } else { "" };
            *symbol = self.names.add(rule.values.get(field).map_or(missing, String::as_str));
        }
        Ok(Loaded::Row { definition, row: Row { id: rule.id, priority, window, fields, denies, live: true } })
    }

    fn add_condition(&mut self, rule: &Rule, field: u8, matcher: usize, text: &str) -> Result<(), RuleError> {
        let model = Arc::clone(&self.model);
        let Some(matcher) = model.matchers.get(matcher) else { return Ok(()) };
        let fault = |fault: crate::policy::position::Fault| {
            RuleError::field(rule.id, field as usize, fault.at.column, fault.message)
        };
        let symbol = self.names.add(text);
        let key = (matcher.policy, matcher.request);
        let node = match self.conditions.get(key, symbol) {
            Some(known) => known.clone(),
            None => {
                let node = matcher.condition(text, &model.definitions, &model.limits).map_err(fault)?.map(Arc::new);
                self.conditions.put(key, symbol, node.clone());
                node
            }
        };
        let Some(node) = node else { return Ok(()) };
        for (argument, function, at) in patterns_of(&node) {
            let text = match argument {
                Argument::Text(text) => text,
                Argument::Field(field) => rule.values.get(field as usize).map_or("", String::as_str),
            };
            self.add_pattern(function, text).map_err(|refused| refused.in_rule(rule.id, field, at))?;
        }
        Ok(())
    }

    /// Compiles the pattern of a function, unless it is there already.
    pub(super) fn add_pattern(&mut self, function: Function, text: &str) -> Result<(), Refused> {
        if function == Function::IpMatch {
            return Pattern::check(function, text, &self.model.limits).map_err(Refused::Wrong);
        }
        let symbol = self.names.add(text);
        if function.compiles() && self.patterns.get(function, symbol).is_none() {
            let pattern = Pattern::compile(function, text, &self.model.limits).map_err(Refused::Wrong)?;
            let most = self.model.limits.regexes;
            if matches!(pattern, Pattern::Regex(_)) && self.patterns.regexes >= most {
                return Err(Refused::TooMany(most));
            }
            self.patterns.put(function, symbol, Arc::new(pattern));
        }
        Ok(())
    }
}

/// Why a pattern is not taken in.
pub(super) enum Refused {
    /// It is none.
    Wrong(String),
    /// There are so many regular expressions already, those of rules that are gone among them.
    TooMany(usize),
}

impl Refused {
    fn in_rule(self, rule: RuleId, field: u8, column: u32) -> RuleError {
        let error = |message| RuleError::field(rule, field as usize, column, message);
        match self {
            Self::Wrong(message) => error(message),
            Self::TooMany(most) => {
                let message = format!("a policy has at most {most} regular expressions");
                RuleError { by_leftovers: true, ..error(message) }
            }
        }
    }
}

pub(crate) enum Argument<'a> {
    Text(&'a str),
    Field(u8),
}

/// The patterns in a matcher or condition: where each comes from, its function and its column.
pub(crate) fn patterns_of(node: &Node) -> Vec<(Argument<'_>, Function, u32)> {
    let mut found = Vec::new();
    node.walk(&mut |node| {
        if let Kind::Call(function, arguments) = &node.kind
            && (function.compiles() || *function == Function::IpMatch)
            && let Some(pattern) = arguments.get(1)
        {
            let column = pattern.span.at.column;
            match &pattern.kind {
                Kind::Text(text) => found.push((Argument::Text(text), *function, column)),
                Kind::Field(field) => found.push((Argument::Field(*field), *function, column)),
                _ => {}
            }
        }
    });
    found
}

pub(crate) fn micros(time: Timestamp) -> i64 {
    time.as_datetime().timestamp_micros()
}

fn moment(text: &str) -> Option<i64> {
    let plain = || Timestamp::parse(&format!("{}Z", text.replacen(' ', "T", 1)));
    Timestamp::parse(text).or_else(plain).map(micros)
}
