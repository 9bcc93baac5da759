//! A directed graph of names, and rings in it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::path::PathBuf;

/// The place of an import.
#[derive(Clone, Debug)]
pub struct Arrow {
    pub file: PathBuf,
    pub line: usize,
}

/// Arrows between names; of several between the same two the first counts.
#[derive(Debug, Default)]
pub struct Graph {
    arrows: BTreeMap<String, BTreeMap<String, Arrow>>,
}

impl Graph {
    pub fn add(&mut self, from: &str, to: &str, arrow: Arrow) {
        self.arrows.entry(from.into()).or_default().entry(to.into()).or_insert(arrow);
    }

    /// A shortest ring, one arrow a line; `None` if there is no ring.
    pub fn ring(&self) -> Option<String> {
        let rings = self.arrows.keys().filter_map(|start| self.ring_through(start));
        rings.min_by_key(Vec::len).map(|ring| self.describe(&ring))
    }

    /// A shortest way from `start` back to it: the names on it, in order.
    fn ring_through<'a>(&'a self, start: &'a str) -> Option<Vec<&'a str>> {
        let mut reached = BTreeSet::new();
        let mut ways = VecDeque::from([vec![start]]);
        while let Some(way) = ways.pop_front() {
            let last = way.last()?;
            for next in self.arrows.get(*last).into_iter().flat_map(BTreeMap::keys) {
                if next == start {
                    return Some(way);
                }
                if reached.insert(next) {
                    ways.push_back([&way[..], &[next]].concat());
                }
            }
        }
        None
    }

    fn describe(&self, ring: &[&str]) -> String {
        let next = ring.iter().cycle().skip(1);
        let lines = ring.iter().zip(next).map(|(from, to)| {
            let Arrow { file, line } = &self.arrows[*from][*to];
            format!("  {from} -> {to} ({}:{line})\n", file.display())
        });
        lines.collect()
    }
}

impl fmt::Display for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs = self.arrows.iter().flat_map(|(from, to)| to.keys().map(move |to| format!("{from} -> {to}")));
        f.write_str(&pairs.collect::<Vec<_>>().join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arrows: &[(&str, &str)], expected: Option<&str>) {
        let mut graph = Graph::default();
        for (from, to) in arrows {
            graph.add(from, to, Arrow { file: "f.rs".into(), line: 7 });
        }
        assert_eq!(graph.ring().as_deref(), expected, "{arrows:?}");
    }

    #[test]
    fn a_shortest_ring_is_described() {
        check(&[("a", "b"), ("b", "c"), ("a", "c")], None);
        check(&[("a", "b"), ("b", "a")], Some("  a -> b (f.rs:7)\n  b -> a (f.rs:7)\n"));
        let longer = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "b")];
        check(&longer, Some("  b -> c (f.rs:7)\n  c -> b (f.rs:7)\n"));
    }
}
