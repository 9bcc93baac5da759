//! Counts of the objects that callers hold.

use alloc::collections::BTreeMap;

pub struct Holds<K>(BTreeMap<K, usize>);

impl<K: Ord> Holds<K> {
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Adds a hold.
    pub fn hold(&mut self, what: K) {
        *self.0.entry(what).or_default() += 1;
    }

    /// Drops a hold.
    pub fn let_go(&mut self, what: K) {
        if let Some(holds) = self.0.get_mut(&what) {
            *holds -= 1;
            if *holds == 0 {
                self.0.remove(&what);
            }
        }
    }

    pub fn has(&self, what: &K) -> bool {
        self.0.contains_key(what)
    }
}
