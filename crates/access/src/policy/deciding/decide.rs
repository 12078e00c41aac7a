//! The decision.

use super::{
    evaluate::{Exhausted, Run},
    explain::role_call,
    fold::Fold,
    scratch::{Scratch, Work},
    value::{Truth, Value, texts},
};
use crate::policy::{
    Policy, Request,
    compiled::{
        index::{Entry, Group, Index, KEY_FIELDS, Key},
        load::micros,
        plan::{Branch, FieldTerm, Plan, Source},
        row::Row,
        rules_table::RulesTable,
    },
    expression::node::Node,
    model::matcher::Matcher,
    names_of::{NamesOf, is_kind},
    shared::names::{PREFIX, Symbol},
    verdict::{Cause, Effect, Verdict},
};
use std::cell::RefCell;

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::default());
}

/// A rule too far from the subject to be told how far.
const FAR: u32 = u32::MAX;

impl Policy {
    /// What the policy says to `request`. Allocates nothing once the thread's [`Scratch`] has grown to its size.
    #[must_use]
    pub fn decide(&self, request: &Request<'_>) -> Verdict {
        SCRATCH.with(|scratch| match scratch.try_borrow_mut() {
            Ok(mut scratch) => self.decide_with(request, &mut scratch),
            // Only properties that decide themselves come here.
            Err(_) => self.decide_with(request, &mut Scratch::default()),
        })
    }

    /// The same, in working memory of the caller's.
    #[must_use]
    pub fn decide_with(&self, request: &Request<'_>, scratch: &mut Scratch) -> Verdict {
        let Scratch { subject, object, work, sets } = scratch;
        let Some((matcher, plan, mut run)) = self.run(request, subject, object, work) else {
            return Verdict::refused(Cause::BadRequest);
        };
        let Some(table) = self.tables.iter().find(|table| table.number == matcher.policy) else {
            return Verdict::refused(Cause::BadRequest);
        };
        if table.live == 0 {
            // Each branch has a term that ties a field of a rule: without a rule it is unknown, and so no branch holds.
            if plan.branches.iter().all(|branch| branch.index.is_some()) {
                return Verdict::ABSTAIN;
            }
            return match run.truth(&matcher.node, None) {
                Ok(Truth::True) => Verdict { effect: Effect::Allow, rule: None, cause: Cause::WithoutRules },
                Ok(_) => Verdict::ABSTAIN,
                Err(Exhausted) => Verdict::refused(Cause::TooManySteps),
            };
        }
        let mut decision = Decision { run, matcher, plan, table, fold: Fold::new(matcher.effect) };
        for branch in &plan.branches {
            match decision.branch(branch, sets) {
                Ok(false) => {}
                Ok(true) => break,
                Err(Exhausted) => return Verdict::refused(Cause::TooManySteps),
            }
        }
        decision.fold.verdict()
    }

    /// Prepares a request; none when it cannot be asked.
    pub(super) fn run<'a>(
        &'a self,
        request: &'a Request<'a>,
        subject: &'a mut String,
        object: &'a mut String,
        work: &'a mut Work,
    ) -> Option<(&'a Matcher, &'a Plan, Run<'a>)> {
        let index = self.model.matcher(request.matcher)?;
        let (matcher, plan) = (&self.model.matchers[index], &self.plans[index]);
        let limits = &self.model.limits;
        for (entity, typed) in [(&request.subject, &mut *subject), (&request.resource, &mut *object)] {
            let well_formed = entity.kind.is_empty() || is_kind(entity.kind);
            if !well_formed || entity.id.len() + entity.kind.len() > limits.name_bytes {
                return None;
            }
            typed.clear();
            typed.push_str(entity.kind);
            typed.push(':');
            typed.push_str(entity.id);
        }
        let domain = request.domain.or(self.model.options().any_domain.as_deref());
        if request.action.id.len() > limits.name_bytes || domain.is_some_and(|text| text.len() > limits.name_bytes) {
            return None;
        }
        work.ready = 0;
        work.made.clear();
        work.steps = limits.steps;
        let options = self.model.options();
        let run = Run {
            policy: self,
            request,
            subject: NamesOf::new(request.subject.kind, request.subject.id, subject, options.subject_type.as_deref()),
            object: NamesOf::new(request.resource.kind, request.resource.id, object, options.object_type.as_deref()),
            domain,
            now: micros(request.now),
            definitions: (matcher.policy, matcher.request),
            slots: matcher.slots,
            work,
        };
        Some((matcher, plan, run))
    }
}

/// What is known of the values that a field may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// All of them.
    Wholly,
    /// Some of them; for all others the term is unknown.
    Partly,
    /// That they are not compared as texts.
    Otherwise,
}

struct Decision<'a> {
    run: Run<'a>,
    matcher: &'a Matcher,
    plan: &'a Plan,
    table: &'a RulesTable,
    fold: Fold,
}

impl<'a> Decision<'a> {
    /// Considers the rules that a branch may match; true when the verdict is found.
    fn branch(&mut self, branch: &'a Branch, sets: &mut [Vec<Symbol>; KEY_FIELDS]) -> Result<bool, Exhausted> {
        let guard = self.run.all(&branch.guards, None)?;
        if guard == Truth::False {
            return Ok(false);
        }
        if self.matcher.effect.is_by_subject() {
            self.find_nearness()?;
        }
        let Some(index) = branch.index.and_then(|index| self.table.indexes.get(index)) else {
            return self.every(branch, guard);
        };
        let (mut combinations, mut unknown) = (1usize, false);
        for (place, (term, set)) in branch.keys.iter().zip(sets.iter_mut()).enumerate() {
            let known = self.values(term, set)?;
            // A beginning is there because rules use it; that of a whole text says nothing.
            set.retain(|symbol| symbol & PREFIX != 0 || index.uses(place, *symbol));
            match known {
                Known::Wholly if set.is_empty() => return Ok(false),
                Known::Wholly => {}
                Known::Partly => unknown = true,
                Known::Otherwise => return self.every(branch, guard),
            }
            combinations = combinations.saturating_mul(set.len());
        }
        let mut roles = None;
        if let Some(Source::Role(call)) = branch.role.as_ref().and_then(|term| term.sources.first()) {
            let slot = self.run.reach(call, None)?;
            unknown |= self.run.work.reaches[slot].partial;
            roles = Some(slot);
        }
        // Where a term is unknown, the index has the rules for which it is true; for others only a denial counts.
        if unknown && self.denials(branch, guard)? {
            return Ok(true);
        }
        if combinations == 0 {
            return Ok(false);
        }
        if combinations > self.table.live {
            return self.every(branch, guard);
        }
        let mut at = [0; KEY_FIELDS];
        loop {
            let mut key = Key::default();
            for (slot, (set, at)) in key.iter_mut().zip(sets.iter().zip(at)).take(branch.keys.len()) {
                *slot = set[at];
            }
            if self.bucket(index, &key, roles, branch, guard)? {
                return Ok(true);
            }
            let Some(next) = (0..branch.keys.len()).find(|field| at[*field] + 1 < sets[*field].len()) else {
                return Ok(false);
            };
            at[..next].fill(0);
            at[next] += 1;
        }
    }

    /// The symbols that a field of the key may have.
    fn values(&mut self, term: &'a FieldTerm, set: &mut Vec<Symbol>) -> Result<Known, Exhausted> {
        let mut known = Known::Wholly;
        set.clear();
        let policy = self.run.policy;
        let mixed = term.is_mixed();
        for source in &term.sources {
            match source {
                Source::Role(call) => {
                    let slot = self.run.reach(call, None)?;
                    let reach = &self.run.work.reaches[slot];
                    if reach.partial {
                        known = Known::Partly;
                    }
                    set.extend(reach.order.iter().map(|(symbol, _)| symbol));
                }
                Source::Literal(symbol) if set.contains(symbol) => {}
                Source::Literal(symbol) => set.push(*symbol),
                Source::Value(node) | Source::Pattern(node) => {
                    let value = self.run.value(node, None)?;
                    let Some(names) = texts(value, &self.run.work.made) else {
                        match (source, value) {
                            (Source::Pattern(_), _) | (_, Value::Unknown) => known = Known::Partly,
                            // No value of a rule equals it.
                            (_, Value::List(_) | Value::Object) => {}
                            // A value of a rule may read as this number or boolean.
                            _ => return Ok(Known::Otherwise),
                        }
                        continue;
                    };
                    for name in names.iter() {
                        let mut push = |symbol| {
                            if set.len() > 64 || !set.contains(&symbol) {
                                set.push(symbol);
                            }
                        };
                        policy.names.find(name).into_iter().for_each(&mut push);
                        if matches!(source, Source::Pattern(_)) {
                            policy.prefixes.of(name, &mut push);
                        } else if mixed && let Some((prefix, _)) = name.split_once('*') {
                            policy.prefixes.of(prefix, &mut push);
                        }
                    }
                }
            }
        }
        Ok(known)
    }

    fn bucket(
        &mut self,
        index: &'a Index,
        key: &Key,
        roles: Option<usize>,
        branch: &'a Branch,
        guard: Truth,
    ) -> Result<bool, Exhausted> {
        self.run.step()?;
        let Some(group) = index.find(key) else { return Ok(false) };
        if let (Group::Many(many), Some(slot)) = (group, roles)
            && group.entries().len() > self.run.work.reaches[slot].order.len()
        {
            let mut next = 0;
            while let Some((role, _)) = self.run.work.reaches[slot].order.get(next).copied() {
                next += 1;
                self.run.step()?;
                for entry in many.of(role) {
                    if self.candidate(*entry, branch, guard)? {
                        return Ok(true);
                    }
                }
            }
            return Ok(false);
        }
        for entry in group.entries() {
            self.run.step()?;
            if roles.is_none_or(|slot| self.run.work.reaches[slot].distance(entry.role).is_some())
                && self.candidate(*entry, branch, guard)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn candidate(&mut self, entry: Entry, branch: &'a Branch, guard: Truth) -> Result<bool, Exhausted> {
        let table: &'a RulesTable = self.table;
        match table.rows.get(entry.row as usize) {
            Some(row) => self.consider(row, &branch.rest, guard),
            None => Ok(false),
        }
    }

    /// Considers every rule, where no index can say which ones matter.
    fn every(&mut self, branch: &'a Branch, guard: Truth) -> Result<bool, Exhausted> {
        let table: &'a RulesTable = self.table;
        for row in table.rows() {
            if self.consider(row, &branch.all, guard)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Considers every rule that denies.
    fn denials(&mut self, branch: &'a Branch, guard: Truth) -> Result<bool, Exhausted> {
        let table: &'a RulesTable = self.table;
        if table.denies == 0 {
            return Ok(false);
        }
        for row in table.rows().filter(|row| row.denies) {
            if self.consider(row, &branch.all, guard)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn consider(&mut self, row: &'a Row, rest: &'a [Node], guard: Truth) -> Result<bool, Exhausted> {
        self.run.step()?;
        if !row.window.contains(self.run.now) || (guard == Truth::Unknown && !row.denies) {
            return Ok(false);
        }
        if !self.fold.wants(row, || self.nearness(row)) {
            return Ok(false);
        }
        let made = self.run.work.made.len();
        let truth = guard.min(self.run.all(rest, Some(row))?);
        self.run.work.made.truncate(made);
        let nearness = self.nearness(row);
        Ok(self.fold.add(row, truth, nearness))
    }

    /// Finds the roles by which rules are near or far.
    fn find_nearness(&mut self) -> Result<(), Exhausted> {
        let Some((slot, _)) = self.plan.nearness else { return Ok(()) };
        let call = role_call(self.matcher, slot);
        call.map_or(Ok(()), |call| self.run.reach(call, None).map(|_| ()))
    }
    /// How far the rule's subject is from the request's, where the effect counts that.
    fn nearness(&self, row: &Row) -> u32 {
        if !self.matcher.effect.is_by_subject() {
            return 0;
        }
        let Some((slot, field)) = self.plan.nearness else { return FAR };
        let reach = self.run.work.reaches.get(slot as usize);
        reach.and_then(|reach| reach.distance(row.fields[field as usize])).unwrap_or(FAR)
    }
}
