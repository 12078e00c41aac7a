//! A policy, compiled.
//!
//! All parts are kept in pages and shards that versions share: [`Policy::with`] copies what a change touches, a few
//! kilobytes, and the version before it stays as it was for those who still decide by it.

pub(crate) mod caches;
pub(crate) mod graph;
pub(crate) mod index;
pub(crate) mod load;
mod named;
pub(crate) mod plan;
pub(crate) mod row;
pub(crate) mod rules_table;
mod timed;

use super::{
    model::{Model, matcher::Matcher},
    rule::{Change, Rule, RuleError, RuleId},
    shared::{
        hash::of_numbers,
        names::{Names, Prefixes, Symbol},
        table::Table,
    },
};
use caches::{Conditions, Patterns};
use graph::{Graph, Link, NO_DOMAIN};
use index::{Entry, Index, Key};
use load::{Argument, Loaded, patterns_of};
use plan::Plan;
use row::Place;
use rules_table::{RulesTable, key_of};
use std::{collections::HashMap, sync::Arc};

/// At most this many mistakes are reported at once.
const MAX_ERRORS: usize = 100;

/// A model and its rules, ready to decide. Cloning is cheap, and so is a changed version.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) model: Arc<Model>,
    pub(crate) plans: Arc<[Plan]>,
    pub(crate) names: Names,
    pub(crate) prefixes: Prefixes,
    pub(crate) tables: Vec<RulesTable>,
    pub(crate) graphs: Vec<Graph>,
    pub(crate) conditions: Conditions,
    pub(crate) patterns: Patterns,
    /// The domain that stands for every one; [`NO_DOMAIN`] when the model has none.
    pub(crate) everywhere: Symbol,
    places: Table<Kept>,
    rules: usize,
    bytes: usize,
    names_when_built: usize,
}

/// A rule that is in the policy.
#[derive(Clone, Copy, Debug)]
struct Kept {
    id: RuleId,
    place: Place,
    /// Of its values.
    bytes: u32,
}

fn hash_of(id: RuleId) -> u64 {
    let (high, low) = id.as_uuid().as_u64_pair();
    #[allow(clippy::cast_possible_truncation, reason = "the halves of a number")]
    of_numbers(&[high as u32, (high >> 32) as u32, low as u32, (low >> 32) as u32])
}

impl Policy {
    /// Compiles `rules` for `model`. The order of the rules does not matter; see [`Rule::priority`].
    ///
    /// # Errors
    /// Up to a hundred of the mistakes: each with its rule, its value and the column in it.
    pub fn compile(model: Arc<Model>, rules: &[Rule]) -> Result<Self, Vec<RuleError>> {
        if rules.len() > model.limits.rules {
            return Err(vec![RuleError::batch(format!("a policy has at most {} rules", model.limits.rules))]);
        }
        let mut policy = Self::empty(model);
        policy.places.make_room(rules.len(), |kept| hash_of(kept.id));
        let mut errors = Vec::new();
        let mut links: Vec<Vec<(Symbol, Link)>> = vec![Vec::new(); policy.graphs.len()];
        for rule in rules {
            match policy.take_in(rule) {
                Ok(Some(Loaded::Link { definition, from, link })) => links[definition as usize].push((from, link)),
                Ok(_) => {}
                Err(error) if errors.len() < MAX_ERRORS => errors.push(error),
                Err(_) => break,
            }
        }
        policy.graphs = links.into_iter().map(Graph::build).collect();
        for graph in &policy.graphs {
            if let Some(cycle) = graph.cycle(policy.everywhere) {
                errors.push(policy.cyclic(None, graph, &cycle));
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        policy.build_indexes();
        policy.names_when_built = policy.names.len();
        Ok(policy)
    }

    fn empty(model: Arc<Model>) -> Self {
        let mut counts: HashMap<u8, usize> = HashMap::new();
        let mut names = Names::default();
        let plan = |matcher: &Matcher| Plan::new(matcher, counts.entry(matcher.policy).or_default(), &mut names);
        let plans: Arc<[Plan]> = model.matchers.iter().map(plan).collect();
        let count = |number: u8| counts.get(&number).copied().unwrap_or_default();
        let tables = model.definitions.policy_numbers().map(|number| RulesTable::new(&model, number, count(number)));
        let mut policy = Self {
            tables: tables.collect(),
            graphs: vec![Graph::default(); model.definitions.roles.len()],
            plans,
            names,
            prefixes: Prefixes::default(),
            conditions: Conditions::default(),
            patterns: Patterns::default(),
            everywhere: NO_DOMAIN,
            places: Table::default(),
            rules: 0,
            bytes: 0,
            names_when_built: 0,
            model: Arc::clone(&model),
        };
        if let Some(domain) = &model.options().any_domain {
            policy.everywhere = policy.names.add(domain);
        }
        for matcher in &model.matchers {
            for (argument, function, _) in patterns_of(&matcher.node) {
                if let Argument::Text(text) = argument {
                    // The model was checked: each of its patterns compiles.
                    let _ = policy.add_pattern(function, text);
                }
            }
        }
        policy
    }

    /// Loads a rule and remembers its place. A link is given back: it is not in its graph yet.
    fn take_in(&mut self, rule: &Rule) -> Result<Option<Loaded>, RuleError> {
        let loaded = self.load(rule)?;
        let (place, loaded) = match loaded {
            _ if !rule.active => (Place::Inactive, None),
            Loaded::Row { definition, row } => {
                let row = self.tables[definition as usize].add(row);
                (Place::Row { definition, row }, None)
            }
            Loaded::Link { definition, from, link } => {
                (Place::Link { definition, from }, Some(Loaded::Link { definition, from, link }))
            }
        };
        let bytes: usize = rule.values.iter().map(String::len).sum();
        let (hash, mut new) = (hash_of(rule.id), false);
        #[allow(clippy::cast_possible_truncation, reason = "values are limited to far fewer than 2^32 bytes")]
        let make = || {
            new = true;
            Kept { id: rule.id, place, bytes: bytes as u32 }
        };
        self.places.entry(hash, |kept| kept.id == rule.id, |kept| hash_of(kept.id), make);
        if !new {
            return Err(RuleError::row(rule.id, "the rule stands twice"));
        }
        self.rules += 1;
        self.bytes += bytes;
        Ok(loaded)
    }

    fn build_indexes(&mut self) {
        let plans = Arc::clone(&self.plans);
        for (number, branch) in branches(&self.model, &plans) {
            let Some(table) = self.tables.iter_mut().find(|table| table.number == number) else { continue };
            let mut all: Vec<(Key, Entry)> = Vec::with_capacity(table.live);
            for (place, row) in (0u32..).zip(table.rows.iter()) {
                if row.live {
                    all.push(key_of(branch, row, place, &self.names, &mut self.prefixes));
                }
            }
            if let Some(index) = branch.index.and_then(|index| table.indexes.get_mut(index)) {
                *index = Index::build(all);
            }
        }
    }

    /// The same policy with these changes, all or none. Costs what the changes touch, not what the policy holds.
    ///
    /// # Errors
    /// As [`Policy::compile`]; `self` is as it was in any case.
    pub fn with(&self, changes: &[Change]) -> Result<Self, Vec<RuleError>> {
        if changes.len() > self.model.limits.changes {
            return Err(vec![RuleError::batch(format!("at most {} changes at once", self.model.limits.changes))]);
        }
        let mut policy = self.clone();
        // Of several changes of one rule the last one counts.
        let mut last: HashMap<RuleId, &Change> = HashMap::new();
        let mut order = Vec::new();
        for change in changes {
            let id = match change {
                Change::Put(rule) => rule.id,
                Change::Remove(id) => *id,
            };
            if last.insert(id, change).is_none() {
                order.push(id);
            }
        }
        order.iter().for_each(|id| policy.remove(*id));
        let mut errors = Vec::new();
        for id in &order {
            if let Some(Change::Put(rule)) = last.get(id)
                && let Err(error) = policy.put(rule)
            {
                errors.push(error);
                if errors.len() >= MAX_ERRORS {
                    break;
                }
            }
        }
        if policy.rules > policy.model.limits.rules {
            errors.push(RuleError::batch(format!("a policy has at most {} rules", policy.model.limits.rules)));
        }
        if errors.is_empty() { Ok(policy) } else { Err(errors) }
    }

    fn put(&mut self, rule: &Rule) -> Result<(), RuleError> {
        let linked = self.take_in(rule)?;
        if let Some(Loaded::Link { definition, from, link }) = linked {
            let graph = &self.graphs[definition as usize];
            if let Some(cycle) = graph.cycle_with((from, link.to), link.domain, self.everywhere, &self.names) {
                return Err(self.cyclic(Some(rule.id), graph, &cycle));
            }
            self.graphs[definition as usize].add(from, &link);
        } else if let Some(Place::Row { definition, row }) = self.place(rule.id) {
            self.index(definition, row, true);
        }
        Ok(())
    }

    fn remove(&mut self, id: RuleId) {
        let Some(kept) = self.places.remove(hash_of(id), |kept| kept.id == id) else { return };
        self.rules -= 1;
        self.bytes -= kept.bytes as usize;
        match kept.place {
            Place::Inactive => {}
            Place::Link { definition, from } => self.graphs[definition as usize].remove(from, id),
            Place::Row { definition, row } => {
                self.index(definition, row, false);
                self.tables[definition as usize].remove(row);
            }
        }
    }

    fn place(&self, id: RuleId) -> Option<Place> {
        self.places.find(hash_of(id), |kept| kept.id == id).map(|kept| kept.place)
    }

    /// Adds a row to the indexes of its table, or takes it out of them.
    fn index(&mut self, definition: u8, place: u32, add: bool) {
        let plans = Arc::clone(&self.plans);
        let table = &mut self.tables[definition as usize];
        let Some(row) = table.rows.get(place as usize).cloned() else { return };
        for (_, branch) in branches(&self.model, &plans).filter(|(number, _)| *number == table.number) {
            let (key, entry) = key_of(branch, &row, place, &self.names, &mut self.prefixes);
            if let Some(index) = branch.index.and_then(|index| table.indexes.get_mut(index)) {
                if add { index.add(&key, entry) } else { index.remove(&key, entry) }
            }
        }
    }

    fn cyclic(&self, rule: Option<RuleId>, graph: &Graph, cycle: &[Symbol]) -> RuleError {
        let names: Vec<_> = cycle.iter().map(|symbol| self.names.text(*symbol)).collect();
        let between = |from: Symbol, to: Symbol| graph.links(from).find(|link| link.to == to);
        let rule = rule.or_else(|| cycle.windows(2).find_map(|pair| between(pair[0], pair[1])).map(|link| link.rule));
        let message = format!("cyclic roles: {}", names.join(" → "));
        RuleError { rule, ..RuleError::batch(message) }
    }

    /// The model it was compiled for.
    #[must_use]
    pub fn model(&self) -> &Arc<Model> {
        &self.model
    }
    /// How many rules it has, those that are not active included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules
    }
    /// How many bytes the values of all these rules have together.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }
    /// Whether it has no rules.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules == 0
    }
    /// Whether the rule is in it.
    #[must_use]
    pub fn contains(&self, id: RuleId) -> bool {
        self.place(id).is_some()
    }
    /// Whether so many rules came and went that compiling it anew would give memory back.
    #[must_use]
    pub fn is_worn(&self) -> bool {
        self.names.len() > 2 * self.names_when_built + 50_000 || self.patterns.regexes > self.model.limits.regexes / 2
    }
}

/// The branches that an index serves, with the number of their policy definition.
fn branches<'a>(model: &'a Model, plans: &'a [Plan]) -> impl Iterator<Item = (u8, &'a plan::Branch)> {
    let each = model.matchers.iter().zip(plans);
    each.flat_map(|(matcher, plan)| plan.branches.iter().map(|branch| (matcher.policy, branch)))
        .filter(|(_, branch)| branch.index.is_some())
}
