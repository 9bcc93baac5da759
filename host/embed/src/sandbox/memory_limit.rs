//! Linear memory and tables, counted together: a component may have many of each.

use wasmtime::{Error, ResourceLimiter, Result};

use crate::limits::Limits;

/// Memory, tables and instances that the component has been granted.
#[derive(Debug)]
pub struct MemoryLimit {
    memory: Budget,
    elements: Budget,
    memories: usize,
    tables: usize,
    instances: usize,
}

/// A sum that may grow up to a bound.
#[derive(Debug)]
struct Budget {
    total: usize,
    most: usize,
    /// The last grant, which is given back if the system cannot keep it.
    last: usize,
    is_exhausted: bool,
}

impl Budget {
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

impl MemoryLimit {
    pub const fn new(limits: &Limits) -> Self {
        Self {
            memory: Budget::new(limits.memory),
            elements: Budget::new(limits.table_elements),
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

impl ResourceLimiter for MemoryLimit {
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
        let mut limit = MemoryLimit::new(&Limits::default().memory(100));
        assert!(limit.memory_growing(0, 60, None).is_ok_and(|granted| granted));
        assert!(limit.memory_growing(0, 41, None).is_ok_and(|granted| !granted));
        assert!(limit.memory_growing(0, 40, None).is_ok_and(|granted| granted));
    }

    #[test]
    fn what_cannot_be_had_is_given_back_once() {
        let mut budget = Budget::new(100);
        assert!(budget.grow(0, 90));
        budget.give_back();
        budget.give_back();
        assert!(budget.grow(0, 100) && !budget.grow(100, 101));
        budget.give_back();
        assert_eq!(budget.total, 100);
    }
}
