//! The rules of one policy definition, and their indexes.

use super::{
    index::{Entry, Index, Key},
    plan::{Branch, FieldTerm},
    row::Row,
};
use crate::policy::{
    expression::functions::Function,
    model::Model,
    shared::{
        names::{Names, Prefixes, Symbol},
        pages::Pages,
    },
};
use std::sync::Arc;

/// What the fields of a policy definition mean.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) fields: Vec<String>,
    /// How many values a rule must have at least.
    pub(crate) required: usize,
    pub(crate) effect: Option<usize>,
    pub(crate) priority: Option<usize>,
    /// Fields that hold conditions, with the matcher that reads each.
    pub(crate) conditions: Vec<(u8, usize)>,
    /// Fields that hold patterns, by function.
    pub(crate) patterns: Vec<(u8, Function)>,
}

impl Shape {
    pub(crate) fn new(model: &Model, number: u8) -> Self {
        let fields = model.definitions.policy(number).unwrap_or_default().to_vec();
        let find = |name: &str| fields.iter().position(|field| field == name);
        let (effect, priority) = (find("eft"), find("priority"));
        let conditions: Vec<_> = model
            .condition_fields(number)
            .into_iter()
            .filter_map(|(field, matcher)| Some((field, model.matcher(matcher.number)?)))
            .collect();
        let mut patterns = Vec::new();
        for matcher in model.matchers.iter().filter(|matcher| matcher.policy == number) {
            for (argument, function, _) in super::load::patterns_of(&matcher.node) {
                if let super::load::Argument::Field(field) = argument
                    && !patterns.contains(&(field, function))
                {
                    patterns.push((field, function));
                }
            }
        }
        let may_miss =
            |field: usize| effect == Some(field) || conditions.iter().any(|(known, _)| *known as usize == field);
        let required = fields.len() - (0..fields.len()).rev().take_while(|field| may_miss(*field)).count();
        Self { required: required.max(1), effect, priority, conditions, patterns, fields }
    }
}

/// The rules of one policy definition.
#[derive(Clone, Debug)]
pub(crate) struct RulesTable {
    pub(crate) number: u8,
    pub(crate) shape: Arc<Shape>,
    pub(crate) rows: Pages<Row>,
    /// Places of removed rules.
    free: Vec<u32>,
    pub(crate) live: usize,
    /// How many of them deny.
    pub(crate) denies: usize,
    pub(crate) indexes: Vec<Index>,
}

impl RulesTable {
    pub(crate) fn new(model: &Model, number: u8, indexes: usize) -> Self {
        Self {
            number,
            shape: Arc::new(Shape::new(model, number)),
            rows: Pages::default(),
            free: Vec::new(),
            live: 0,
            denies: 0,
            indexes: (0..indexes).map(|_| Index::default()).collect(),
        }
    }
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.live)
    }
    /// Adds a row and says where. The indexes are the caller's to change.
    pub(crate) fn add(&mut self, row: Row) -> u32 {
        self.live += 1;
        self.denies += usize::from(row.denies);
        if let Some(place) = self.free.pop()
            && let Some(old) = self.rows.get_mut(place as usize)
        {
            *old = row;
            return place;
        }
        self.rows.push(row);
        #[allow(clippy::cast_possible_truncation, reason = "rules are limited to far fewer than 2^32")]
        let place = (self.rows.len() - 1) as u32;
        place
    }
    pub(crate) fn remove(&mut self, place: u32) -> Option<Row> {
        let row = self.rows.get_mut(place as usize)?;
        row.live = false;
        let row = row.clone();
        self.live -= 1;
        self.denies -= usize::from(row.denies);
        self.free.push(place);
        Some(row)
    }
}

/// Under which key a branch keeps a row, and where under it.
pub(crate) fn key_of(branch: &Branch, row: &Row, place: u32, names: &Names, prefixes: &mut Prefixes) -> (Key, Entry) {
    let mut key = Key::default();
    for (slot, term) in key.iter_mut().zip(&branch.keys) {
        *slot = value_of(term, row, names, prefixes);
    }
    let role = branch.role.as_ref().map_or(0, |term| row.fields[term.field as usize]);
    (key, Entry { role, row: place })
}

fn value_of(term: &FieldTerm, row: &Row, names: &Names, prefixes: &mut Prefixes) -> Symbol {
    let symbol = row.fields[term.field as usize];
    if term.has_patterns()
        && let Some((prefix, _)) = names.text(symbol).split_once('*')
    {
        return prefixes.add(prefix);
    }
    symbol
}
