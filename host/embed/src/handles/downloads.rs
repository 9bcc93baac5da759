//! The downloads of a caller: EnumDownloads and its enumerator.

use super::Download;
use super::cursor::Cursor;

/// The downloads at the time of [`Engine::downloads`](crate::Engine::downloads), in the order of their creation, and a cursor among
/// them: IEnumUnknown.
#[derive(Clone, Debug)]
pub struct Downloads {
    downloads: Vec<Download>,
    cursor: Cursor,
}

impl Downloads {
    pub(crate) const fn new(downloads: Vec<Download>) -> Self {
        let cursor = Cursor::new(downloads.len());
        Self { downloads, cursor }
    }

    /// The next `count` downloads; fewer at the end.
    pub fn next(&mut self, count: usize) -> Vec<Download> {
        self.downloads[self.cursor.advance(count)].to_vec()
    }

    /// Passes over `count` downloads; `false` if fewer were left.
    pub fn skip(&mut self, count: usize) -> bool {
        self.cursor.skip(count)
    }

    /// Goes back to the first download.
    pub fn reset(&mut self) {
        self.cursor.reset();
    }
}

/// The downloads behind the cursor.
impl IntoIterator for Downloads {
    type Item = Download;
    type IntoIter = std::vec::IntoIter<Download>;

    fn into_iter(mut self) -> Self::IntoIter {
        let rest = self.cursor.advance(usize::MAX);
        self.downloads.split_off(rest.start).into_iter()
    }
}
