//! How many objects of each thing callers hold.

use alloc::collections::BTreeMap;

pub struct Holds<K>(BTreeMap<K, usize>);

impl<K: Ord> Holds<K> {
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Another object of it is held.
    pub fn hold(&mut self, what: K) {
        *self.0.entry(what).or_default() += 1;
    }

    /// One object of it is held no more.
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
