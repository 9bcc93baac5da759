//! The tasks that may move bytes now: not while an origin holds the fleet back, and only within the shares of the worker.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::clock::Moment;
use crate::spec::Spec;
use crate::values::Share;

/// Exchanges that a task needs at each origin.
pub type Needs = BTreeMap<String, u32>;

/// The budgets of origins, as the last answers of the database have them.
#[derive(Debug, Default)]
pub struct Budget {
    pub is_paused: bool,
    holds: BTreeMap<String, Moment>,
    shares: BTreeMap<String, Share>,
}

/// The needs of a job, of which the worker downloads this many files at a time. Each file has one exchange, because the worker gives it
/// one connection if the origin has a limit.
pub fn needs(spec: &Spec, files: u32) -> Needs {
    let needed = |count| u32::try_from(count).unwrap_or(u32::MAX).min(files);
    spec.origins().into_iter().map(|(origin, count)| (origin, needed(count))).collect()
}

/// The needs of several tasks together.
pub fn sum<'a>(tasks: impl Iterator<Item = &'a Needs>) -> Needs {
    let mut all = Needs::new();
    for (origin, count) in tasks.flatten() {
        let sum = all.entry(origin.clone()).or_insert(0);
        *sum = sum.saturating_add(*count);
    }
    all
}

impl Budget {
    pub fn set_shares(&mut self, shares: BTreeMap<String, Share>) {
        self.shares = shares;
    }

    pub fn set_holds(&mut self, holds: Vec<(String, Duration)>) {
        let now = Moment::now();
        self.holds = holds.into_iter().map(|(origin, time)| (origin, now.after(time))).collect();
    }

    /// Holds the worker's own tasks back at once, before the database answers.
    pub fn hold(&mut self, origin: &str, time: Duration) {
        let until = Moment::now().after(time);
        let known = self.holds.entry(origin.into()).or_insert(until);
        *known = until.max(*known);
    }

    /// Whether an origin of the task has a limit.
    pub fn is_limited(&self, needs: &Needs) -> bool {
        needs.keys().any(|origin| self.shares.contains_key(origin))
    }

    /// The origin that never has room for the task, and the slots of the whole fleet there.
    pub fn never_fits<'a>(&self, needs: &'a Needs) -> Option<(&'a str, u32)> {
        let too_large = |(origin, count): (&'a String, &u32)| {
            let share = self.shares.get(origin)?;
            (*count > share.total).then_some((origin.as_str(), share.total))
        };
        needs.iter().find_map(too_large)
    }

    /// The rate of a task; `None` is unlimited.
    pub fn rate(&self, needs: &Needs) -> Option<u64> {
        let rate =
            |(origin, count): (&String, &u32)| Some(self.shares.get(origin)?.rate?.saturating_mul(u64::from(*count)));
        needs.iter().filter_map(rate).min()
    }

    /// The tasks that may move bytes, in the order of `tasks`, as far as the shares go.
    pub fn admitted<'a>(&self, tasks: impl Iterator<Item = (&'a str, &'a Needs)>) -> BTreeSet<&'a str> {
        let mut used: BTreeMap<&str, u32> = BTreeMap::new();
        let mut admitted = BTreeSet::new();
        for (task, needs) in tasks.filter(|_| !self.is_paused) {
            let is_held = |origin: &String| self.holds.get(origin).is_some_and(|until| !until.is_past());
            let has_room = |(origin, count): (&'a String, &u32)| {
                let taken = used.get(origin.as_str()).copied().unwrap_or(0);
                self.shares.get(origin).is_none_or(|share| taken.saturating_add(*count) <= share.slots)
            };
            if needs.keys().any(is_held) || !needs.iter().all(has_room) {
                continue;
            }
            for (origin, count) in needs {
                let taken = used.entry(origin).or_insert(0);
                *taken = taken.saturating_add(*count);
            }
            admitted.insert(task);
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(pairs: &[(&str, u32)]) -> Needs {
        pairs.iter().map(|(origin, count)| ((*origin).to_owned(), *count)).collect()
    }

    fn admitted(budget: &Budget, tasks: &[(&'static str, Needs)]) -> Vec<String> {
        let tasks = tasks.iter().map(|(task, needs)| (*task, needs));
        budget.admitted(tasks).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn tasks_move_within_the_share_of_each_origin() {
        let mut budget = Budget::default();
        let share = |slots| Share { slots, total: 4, rate: Some(100) };
        budget.set_shares([("a".to_owned(), share(3)), ("b".to_owned(), share(0))].into());
        let tasks = [
            ("1", needs(&[("a", 2)])),
            ("2", needs(&[("a", 2)])),
            ("3", needs(&[("a", 1), ("c", 9)])),
            ("4", needs(&[("b", 1)])),
        ];
        assert_eq!(admitted(&budget, &tasks), ["1", "3"]);
        assert_eq!((budget.rate(&tasks[0].1), budget.rate(&needs(&[("c", 1)]))), (Some(200), None));
        assert_eq!(budget.never_fits(&needs(&[("a", 5)])), Some(("a", 4)));
        assert!(budget.is_limited(&tasks[2].1) && !budget.is_limited(&needs(&[("c", 9)])));
        budget.is_paused = true;
        assert_eq!(admitted(&budget, &tasks), [""; 0]);
    }

    #[test]
    fn an_origin_that_asks_for_a_wait_stops_its_tasks_until_then() {
        let mut budget = Budget::default();
        let tasks = [("1", needs(&[("a", 1)])), ("2", needs(&[("b", 1)]))];
        budget.hold("a", Duration::from_secs(60));
        assert_eq!(admitted(&budget, &tasks), ["2"]);
        budget.set_holds(vec![("a".into(), Duration::ZERO)]);
        assert_eq!(admitted(&budget, &tasks), ["1", "2"]);
    }

    #[test]
    fn a_job_needs_an_exchange_for_each_file_in_flight() {
        let file = |url: &str| haul_queue::NewFile { url: url.into(), ..haul_queue::NewFile::default() };
        let files = ["http://h/1", "http://h/2", "http://h/3", "https://h/4"].map(file).to_vec();
        let spec = Spec { files, ..Spec::default() };
        assert_eq!(super::needs(&spec, 2), needs(&[("http://h:80", 2), ("https://h:443", 1)]));
        let all = [needs(&[("a", 1), ("b", 2)]), needs(&[("b", 3)])];
        assert_eq!(sum(all.iter()), needs(&[("a", 1), ("b", 5)]));
    }
}
