//! The order of waiting downloads.

use super::{Refusal, Service};
use crate::gid::Gid;

/// The place from which a position counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The front of the queue.
    Start,
    /// The present place.
    Current,
    /// The end of the queue.
    End,
}

impl Service {
    /// Moves a download in the queue, and returns its new place. A place outside of the queue is its nearest end.
    ///
    /// # Errors
    ///
    /// [`Refusal::State`] if it does not wait.
    pub async fn move_to(&self, gid: Gid, offset: i64, anchor: Anchor) -> Result<usize, Refusal> {
        let _changes = self.lock().await;
        let (current, length) = {
            let book = self.book();
            let current = book.lists().position(gid).ok_or(Refusal::State)?;
            (current, book.lists().of(crate::book::List::Waiting).len())
        };
        let last = length.saturating_sub(1);
        let from = match anchor {
            Anchor::Start => 0,
            Anchor::Current => current,
            Anchor::End => last,
        };
        let distance = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
        let to = if offset < 0 { from.saturating_sub(distance) } else { from.saturating_add(distance).min(last) };
        let entry = self.entry(gid).ok_or(Refusal::State)?;
        self.put_at(entry, Some(to));
        Ok(to)
    }
}
