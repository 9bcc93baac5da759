//! Linear memory and tables, counted together: a component may have many of each.

use wasmtime::{Error, ResourceLimiter, Result};

use crate::limits::Limits;

/// What the component has been given.
#[derive(Debug)]
pub struct Space {
    memory: Grown,
    elements: Grown,
    memories: usize,
    tables: usize,
    instances: usize,
}

/// A sum that may grow up to a bound.
#[derive(Debug)]
struct Grown {
    total: usize,
    most: usize,
    /// The last grant, which is given back if the system cannot keep it.
    last: usize,
    is_exhausted: bool,
}

impl Grown {
    const fn new(most: usize) -> Self {
        Self { total: 0, most, last: 0, is_exhausted: false }
    }

    fn grow(&mut self, current: usize, desired: usize) -> bool {
        let more = desired.saturating_sub(current);
        let is_granted = self.total.checked_add(more).is_some_and(|total| total <= self.most);
        self.last = if is_granted { more } else { 0 };
        self.is_exhausted |= !is_granted;
        self.total += self.last;
        is_granted
    }

    fn give_back(&mut self) {
        self.total -= std::mem::take(&mut self.last);
    }
}

impl Space {
    pub const fn new(limits: &Limits) -> Self {
        Self {
            memory: Grown::new(limits.memory),
            elements: Grown::new(limits.table_elements),
            memories: limits.memories,
            tables: limits.tables,
            instances: limits.instances,
        }
    }

    /// Whether memory was refused.
    pub const fn is_out_of_memory(&self) -> bool {
        self.memory.is_exhausted
    }
}

impl ResourceLimiter for Space {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        Ok(self.memory.grow(current, desired))
    }

    fn memory_grow_failed(&mut self, _: Error) -> Result<()> {
        self.memory.give_back();
        Ok(())
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        Ok(self.elements.grow(current, desired))
    }

    fn table_grow_failed(&mut self, _: Error) -> Result<()> {
        self.elements.give_back();
        Ok(())
    }

    fn memories(&self) -> usize {
        self.memories
    }

    fn tables(&self) -> usize {
        self.tables
    }

    fn instances(&self) -> usize {
        self.instances
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memories_are_counted_together() {
        let mut space = Space::new(&Limits::default().memory(100));
        assert!(space.memory_growing(0, 60, None).is_ok_and(|granted| granted));
        assert!(space.memory_growing(0, 41, None).is_ok_and(|granted| !granted));
        assert!(space.memory_growing(0, 40, None).is_ok_and(|granted| granted));
    }

    #[test]
    fn what_cannot_be_had_is_given_back_once() {
        let mut grown = Grown::new(100);
        assert!(grown.grow(0, 90));
        grown.give_back();
        grown.give_back();
        assert!(grown.grow(0, 100) && !grown.grow(100, 101));
        grown.give_back();
        assert_eq!(grown.total, 100);
    }
}
