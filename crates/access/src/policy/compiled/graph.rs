//! Who has which role: one graph for each role definition.

use super::row::Window;
use crate::policy::{
    rule::RuleId,
    shared::{names::Symbol, pages::Pages},
};
use std::collections::{HashMap, HashSet};

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

#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    links: Pages<Box<[Link]>>,
}

impl Graph {
    /// All links at once.
    pub(crate) fn build(all: Vec<(Symbol, Link)>) -> Self {
        let mut by_owner: HashMap<Symbol, Vec<Link>> = HashMap::new();
        for (from, link) in all {
            by_owner.entry(from).or_default().push(link);
        }
        let mut graph = Self::default();
        let most = by_owner.keys().max().map_or(0, |most| *most as usize + 1);
        for symbol in 0..most {
            #[allow(clippy::cast_possible_truncation, reason = "it counts up to a symbol")]
            let links = by_owner.remove(&(symbol as Symbol)).unwrap_or_default();
            graph.links.push(links.into());
        }
        graph
    }
    pub(crate) fn links(&self, from: Symbol) -> &[Link] {
        self.links.get(from as usize).map_or(&[], |links| links)
    }
    pub(crate) fn add(&mut self, from: Symbol, link: Link) {
        while self.links.len() <= from as usize {
            self.links.push(Box::default());
        }
        if let Some(links) = self.links.get_mut(from as usize) {
            let mut all = std::mem::take(links).into_vec();
            all.push(link);
            *links = all.into();
        }
    }
    pub(crate) fn remove(&mut self, from: Symbol, rule: RuleId) {
        if let Some(links) = self.links.get_mut(from as usize) {
            let mut all = std::mem::take(links).into_vec();
            all.retain(|link| link.rule != rule);
            *links = all.into();
        }
    }

    /// A way from `to` back to `from`, were `from` given the role `to`: the names in their order, `from` first and
    /// last.
    pub(crate) fn cycle_with(
        &self,
        from: Symbol,
        to: Symbol,
        domain: Symbol,
        everywhere: Symbol,
    ) -> Option<Vec<Symbol>> {
        if domain == NO_DOMAIN || domain != everywhere {
            return self.way(from, to, &|link| Within { domain, everywhere }.holds(link));
        }
        // A link that holds in every domain may close a cycle in any of them.
        self.way(from, to, &|_| true)?;
        let mut domains = HashSet::from([everywhere]);
        domains.extend(self.links.iter().flatten().map(|link| link.domain));
        domains.into_iter().find_map(|domain| self.way(from, to, &|link| Within { domain, everywhere }.holds(link)))
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
            for link in self.links(node).iter().filter(|link| holds(link)) {
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
        let domains: HashSet<Symbol> = self.links.iter().flatten().map(|link| link.domain).collect();
        domains.into_iter().find_map(|domain| self.cycle_among(&|link| Within { domain, everywhere }.holds(link)))
    }
    fn cycle_among(&self, holds: &dyn Fn(&Link) -> bool) -> Option<Vec<Symbol>> {
        let mut done = HashSet::new();
        for start in 0..self.links.len() {
            #[allow(clippy::cast_possible_truncation, reason = "it counts up to a symbol")]
            let start = start as Symbol;
            if self.links(start).is_empty() || done.contains(&start) {
                continue;
            }
            let mut path = vec![(start, 0)];
            let mut on_path = HashSet::from([start]);
            while let Some((node, next)) = path.last_mut() {
                let Some(link) = self.links(*node).get(*next) else {
                    on_path.remove(node);
                    done.insert(*node);
                    path.pop();
                    continue;
                };
                *next += 1;
                if !holds(link) || done.contains(&link.to) {
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
