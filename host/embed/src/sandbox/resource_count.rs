//! Counts of live things of one kind: for limits on kinds whose drop does not pass through this crate.

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::sync::{Arc, Weak};

use wasmtime::component::{Resource, ResourceTable};

/// A count of shared things.
#[derive(Debug)]
pub struct SharedCount<T> {
    known: Vec<Weak<T>>,
    most: usize,
}

impl<T> SharedCount<T> {
    pub const fn new(most: usize) -> Self {
        Self { known: Vec::new(), most }
    }

    pub fn is_full(&mut self) -> bool {
        if self.known.len() >= self.most {
            self.known.retain(|thing| thing.strong_count() > 0);
        }
        self.known.len() >= self.most
    }

    pub fn add(&mut self, thing: &Arc<T>) {
        self.known.push(Arc::downgrade(thing));
    }
}

/// A count of resources of one type in a table.
#[derive(Debug)]
pub struct ResourceCount<T> {
    known: BTreeSet<u32>,
    most: usize,
    of: PhantomData<fn() -> T>,
}

impl<T: 'static> ResourceCount<T> {
    pub const fn new(most: usize) -> Self {
        Self { known: BTreeSet::new(), most, of: PhantomData }
    }

    pub fn is_full(&mut self, table: &ResourceTable) -> bool {
        if self.known.len() >= self.most {
            self.known.retain(|rep| table.get(&Resource::<T>::new_borrow(*rep)).is_ok());
        }
        self.known.len() >= self.most
    }

    pub fn add(&mut self, resource: &Resource<T>) {
        self.known.insert(resource.rep());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gone_makes_room() {
        let mut count = SharedCount::new(2);
        let things = [Arc::new(1), Arc::new(2)];
        things.iter().for_each(|thing| count.add(thing));
        assert!(count.is_full());
        let [first, _second] = things;
        drop(first);
        assert!(!count.is_full());
    }

    #[test]
    fn resources_of_other_types_are_not_counted() -> wasmtime::Result<()> {
        let (mut table, mut counted) = (ResourceTable::new(), ResourceCount::<u8>::new(2));
        let (one, two) = (table.push(1_u8)?, table.push(2_u8)?);
        counted.add(&one);
        counted.add(&two);
        assert!(counted.is_full(&table));
        table.delete(one)?;
        table.push("in its place")?;
        assert!(!counted.is_full(&table));
        Ok(())
    }
}
