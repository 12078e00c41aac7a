//! Who has which role: one graph for each role definition.

use super::row::Window;
use crate::policy::{
    rule::RuleId,
    shared::names::{Names, Symbol},
};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

/// One grouping row: its owner has the role `to`.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    /// The domain; [`NO_DOMAIN`] where the definition has none.
    pub(crate) domain: Symbol,
    pub(crate) to: Symbol,
    pub(crate) window: Window,
    pub(crate) rule: RuleId,
}

/// The domain of links whose definition has none, and of questions that name one nobody knows.
pub(crate) const NO_DOMAIN: Symbol = Symbol::MAX;

/// Which links hold in a domain: its own, and those of the domain that stands for every one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Within {
    pub(crate) domain: Symbol,
    pub(crate) everywhere: Symbol,
}

impl Within {
    fn holds(self, link: &Link) -> bool {
        link.domain == self.domain || link.domain == self.everywhere
    }
}

/// How many names a page has.
const PAGE: usize = 256;

/// The links of some names, close together: a decision visits a dozen names and waits for memory at each.
#[derive(Clone, Debug)]
struct Page {
    /// Where the links of each name begin; the last one is where all end.
    starts: [u32; PAGE + 1],
    /// Domain and role of each link.
    ends: Vec<(Symbol, Symbol)>,
    /// The rest of each link.
    facts: Vec<(Window, RuleId)>,
    /// Whether any of them holds for a time only.
    timed: bool,
}

impl Default for Page {
    fn default() -> Self {
        Self { starts: [0; PAGE + 1], ends: Vec::new(), facts: Vec::new(), timed: false }
    }
}

impl Page {
    fn range(&self, name: usize) -> std::ops::Range<usize> {
        self.starts[name] as usize..self.starts[name + 1] as usize
    }
    fn push(&mut self, name: usize, link: &Link) {
        // In the order of their rules, as when they are built at once: so what is found on a way through them is the same.
        let range = self.range(name);
        let at = range.start + self.facts[range].partition_point(|(_, rule)| *rule < link.rule);
        self.ends.insert(at, (link.domain, link.to));
        self.facts.insert(at, (link.window, link.rule));
        self.starts[name + 1..].iter_mut().for_each(|start| *start += 1);
        self.timed |= link.window != Window::ALWAYS;
    }
    fn remove(&mut self, name: usize, rule: RuleId) {
        let Some(at) = self.range(name).find(|at| self.facts[*at].1 == rule) else { return };
        self.ends.remove(at);
        self.facts.remove(at);
        self.starts[name + 1..].iter_mut().for_each(|start| *start -= 1);
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    pages: Vec<Arc<Page>>,
}

impl Graph {
    /// All links at once.
    pub(crate) fn build(mut all: Vec<(Symbol, Link)>) -> Self {
        all.sort_unstable_by_key(|(from, link)| (*from, link.rule));
        let mut pages: Vec<Page> = Vec::new();
        for (from, link) in &all {
            while pages.len() <= *from as usize / PAGE {
                pages.push(Page::default());
            }
            // They come in the order of their names: each goes to the end of its page.
            if let Some(page) = pages.last_mut() {
                page.ends.push((link.domain, link.to));
                page.facts.push((link.window, link.rule));
                page.starts[*from as usize % PAGE + 1] += 1;
                page.timed |= link.window != Window::ALWAYS;
            }
        }
        for page in &mut pages {
            let mut sum = 0;
            for start in &mut page.starts {
                sum += *start;
                *start = sum;
            }
        }
        Self { pages: pages.into_iter().map(Arc::new).collect() }
    }
    /// The roles that `from` has itself by links that hold, and how many links were looked at.
    pub(crate) fn roles(&self, from: Symbol, within: Within, now: i64, mut found: impl FnMut(Symbol)) -> u32 {
        let Some(page) = self.pages.get(from as usize / PAGE) else { return 0 };
        let range = page.range(from as usize % PAGE);
        for at in range.clone() {
            let (domain, to) = page.ends[at];
            if (domain == within.domain || domain == within.everywhere)
                && (!page.timed || page.facts[at].0.contains(now))
            {
                found(to);
            }
        }
        u32::try_from(range.len()).unwrap_or(u32::MAX)
    }
    fn link(&self, from: Symbol, number: usize) -> Option<Link> {
        let page = self.pages.get(from as usize / PAGE)?;
        let at = page.range(from as usize % PAGE).nth(number)?;
        let ((domain, to), (window, rule)) = (page.ends[at], page.facts[at]);
        Some(Link { domain, to, window, rule })
    }
    /// The links of `from`, in the order of their rules.
    pub(crate) fn links(&self, from: Symbol) -> impl Iterator<Item = Link> {
        (0..).map_while(move |number| self.link(from, number))
    }
    /// When each link holds, of the names some of whose links do not always.
    pub(crate) fn windows(&self) -> impl Iterator<Item = Window> {
        let timed = self.pages.iter().filter(|page| page.timed);
        timed.flat_map(|page| page.facts.iter().map(|(window, _)| *window))
    }
    fn names(&self) -> Symbol {
        Symbol::try_from(self.pages.len() * PAGE).unwrap_or(Symbol::MAX)
    }
    fn domains(&self) -> impl Iterator<Item = Symbol> {
        self.pages.iter().flat_map(|page| page.ends.iter().map(|(domain, _)| *domain))
    }
    pub(crate) fn add(&mut self, from: Symbol, link: &Link) {
        let at = from as usize / PAGE;
        if self.pages.len() <= at {
            // Pages without links are one and the same.
            self.pages.resize(at + 1, Arc::new(Page::default()));
        }
        Arc::make_mut(&mut self.pages[at]).push(from as usize % PAGE, link);
    }
    pub(crate) fn remove(&mut self, from: Symbol, rule: RuleId) {
        if let Some(page) = self.pages.get_mut(from as usize / PAGE) {
            Arc::make_mut(page).remove(from as usize % PAGE, rule);
        }
    }

    /// A way from `to` back to `from`, were `from` given the role `to`: the names in their order, `from` first and
    /// last. It depends on the links and on nothing else: not on the numbers that names happen to have.
    pub(crate) fn cycle_with(
        &self,
        (from, to): (Symbol, Symbol),
        domain: Symbol,
        everywhere: Symbol,
        names: &Names,
    ) -> Option<Vec<Symbol>> {
        if domain == NO_DOMAIN || domain != everywhere {
            return self.way(from, to, &|link| Within { domain, everywhere }.holds(link));
        }
        // A link that holds in every domain may close a cycle in any of them.
        self.way(from, to, &|_| true)?;
        let domains: HashSet<Symbol> = self.domains().chain([everywhere]).collect();
        let domains: BTreeSet<_> = domains.into_iter().map(|domain| (names.text(domain), domain)).collect();
        domains
            .into_iter()
            .find_map(|(_, domain)| self.way(from, to, &|link| Within { domain, everywhere }.holds(link)))
    }
    fn way(&self, goal: Symbol, start: Symbol, holds: &dyn Fn(&Link) -> bool) -> Option<Vec<Symbol>> {
        let mut reached_from = HashMap::from([(start, goal)]);
        let mut open = vec![start];
        while let Some(node) = open.pop() {
            if node == goal {
                let mut way = vec![goal];
                let mut at = node;
                while let Some(before) = reached_from.get(&at) {
                    way.push(*before);
                    at = *before;
                    if at == goal {
                        break;
                    }
                }
                way.reverse();
                return Some(way);
            }
            for link in self.links(node).filter(holds) {
                reached_from.entry(link.to).or_insert_with(|| {
                    open.push(link.to);
                    node
                });
            }
        }
        None
    }

    /// A cycle among all links, if there is one.
    pub(crate) fn cycle(&self, everywhere: Symbol) -> Option<Vec<Symbol>> {
        // Nearly always there is none over all domains together, and then there is none in a single one.
        self.cycle_among(&|_| true)?;
        let domains: BTreeSet<Symbol> = self.domains().collect();
        domains.into_iter().find_map(|domain| self.cycle_among(&|link| Within { domain, everywhere }.holds(link)))
    }
    fn cycle_among(&self, holds: &dyn Fn(&Link) -> bool) -> Option<Vec<Symbol>> {
        let mut done = HashSet::new();
        for start in 0..self.names() {
            if self.links(start).next().is_none() || done.contains(&start) {
                continue;
            }
            let mut path = vec![(start, 0)];
            let mut on_path = HashSet::from([start]);
            while let Some((node, next)) = path.last_mut() {
                let Some(link) = self.link(*node, *next) else {
                    on_path.remove(node);
                    done.insert(*node);
                    path.pop();
                    continue;
                };
                *next += 1;
                if !holds(&link) || done.contains(&link.to) {
                    continue;
                }
                if !on_path.insert(link.to) {
                    let begin = path.iter().position(|(node, _)| *node == link.to).unwrap_or(0);
                    let cycle = path[begin..].iter().map(|(node, _)| *node);
                    return Some(cycle.chain([link.to]).collect());
                }
                path.push((link.to, 0));
            }
        }
        None
    }
}
