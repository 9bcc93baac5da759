//! A few things by key, of which the one not used for longest goes first.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Things kept at the same time, so that the memory is bounded.
const MOST: usize = 32;

pub struct RecentlyUsed<K, V>(Mutex<VecDeque<(K, V)>>);

impl<K, V> Default for RecentlyUsed<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: PartialEq, V: Clone> RecentlyUsed<K, V> {
    pub fn find(&self, key: &K) -> Option<V> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(known, _)| known == key)?;
        let found = kept.remove(place)?;
        let value = found.1.clone();
        kept.push_front(found);
        Some(value)
    }

    pub fn keep(&self, key: K, value: V) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_front((key, value));
        kept.truncate(MOST);
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_used_for_longest_is_dropped() {
        let kept = RecentlyUsed::default();
        (0..MOST).for_each(|number| kept.keep(number, number));
        assert_eq!(kept.find(&0), Some(0));
        kept.keep(MOST, MOST);
        assert_eq!(kept.find(&1), None);
        assert!((2..=MOST).chain([0]).all(|number| kept.find(&number) == Some(number)));
    }
}
