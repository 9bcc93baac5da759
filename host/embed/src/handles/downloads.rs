//! Finding downloads again: EnumDownloads and its enumerator.

use super::Download;

/// The downloads that were there when it was made, in the order of their creation, and a place among them: IEnumUnknown.
#[derive(Clone, Debug)]
pub struct Downloads {
    snapshot: Vec<Download>,
    at: usize,
}

impl Downloads {
    pub(crate) const fn new(snapshot: Vec<Download>) -> Self {
        Self { snapshot, at: 0 }
    }

    /// At most `count` downloads, and goes on behind them; fewer where there are no more.
    pub fn next(&mut self, count: usize) -> Vec<Download> {
        self.advance(count).to_vec()
    }

    /// Passes over `count` downloads; `false` where there were not as many.
    pub fn skip(&mut self, count: usize) -> bool {
        self.advance(count).len() == count
    }

    /// Goes back to the first one.
    pub fn reset(&mut self) {
        self.at = 0;
    }

    fn advance(&mut self, count: usize) -> &[Download] {
        let from = self.at;
        self.at = from.saturating_add(count).min(self.snapshot.len());
        &self.snapshot[from..self.at]
    }
}

/// Those that the enumerator has not passed yet.
impl IntoIterator for Downloads {
    type Item = Download;
    type IntoIter = std::vec::IntoIter<Download>;

    fn into_iter(mut self) -> Self::IntoIter {
        self.snapshot.split_off(self.at).into_iter()
    }
}
