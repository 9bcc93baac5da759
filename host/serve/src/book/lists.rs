//! The order of downloads.

use crate::gid::Gid;

/// A list of downloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Those that have a place, in the order of their start.
    Active,
    /// Those that wait for a place or for their user, in the order in which they will start.
    Waiting,
    /// Those that are over, the one that is over for the longest time first.
    Stopped,
}

/// The lists; a download is in one of them.
#[derive(Debug, Default)]
pub struct Lists {
    active: Vec<Gid>,
    waiting: Vec<Gid>,
    stopped: Vec<Gid>,
}

impl Lists {
    /// The downloads of a list.
    pub fn of(&self, list: List) -> &[Gid] {
        match list {
            List::Active => &self.active,
            List::Waiting => &self.waiting,
            List::Stopped => &self.stopped,
        }
    }

    /// Every download: those with a place first, then the waiting ones, then the others.
    pub fn all(&self) -> impl Iterator<Item = Gid> {
        self.active.iter().chain(&self.waiting).chain(&self.stopped).copied()
    }

    /// The place of a waiting download.
    pub fn position(&self, gid: Gid) -> Option<usize> {
        self.waiting.iter().position(|other| *other == gid)
    }

    /// Puts a download into a list, at a place or at its end. `before` is the list that has it. Without a place, a download stays at its
    /// own if its list is the same.
    pub fn place(&mut self, gid: Gid, before: Option<List>, list: List, at: Option<usize>) {
        if at.is_none() && before == Some(list) {
            return;
        }
        if let Some(before) = before {
            self.remove(gid, before);
        }
        let list = self.of_mut(list);
        let at = at.map_or(list.len(), |at| at.min(list.len()));
        list.insert(at, gid);
    }

    /// Takes a download out of its list.
    pub fn remove(&mut self, gid: Gid, list: List) {
        self.of_mut(list).retain(|other| *other != gid);
    }

    fn of_mut(&mut self, list: List) -> &mut Vec<Gid> {
        match list {
            List::Active => &mut self.active,
            List::Waiting => &mut self.waiting,
            List::Stopped => &mut self.stopped,
        }
    }
}
