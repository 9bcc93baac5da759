//! Resolution of content ids by the driver: prompt, late, wrong or missing.

use arbitrary::Arbitrary;
use haul_core::border::identity::{DownloadId, OperationId};
use haul_core::border::input::{Content, Input};
use haul_core::parse::url::Url;

use super::World;
use super::origin::url;
use super::script::{Digests, Mirrors, Size, pieces};

/// The only content id.
pub const CONTENT_ID: &str = "content";

/// The description of a content.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub struct Described {
    /// The caller's URL is one of the content's URLs.
    pub at_url: bool,
    pub mirrors: Mirrors,
    pub digests: Digests,
    /// Length of the pieces with known digests.
    pub piece: Option<Size>,
    /// The right length, or another one.
    pub length: Option<bool>,
}

impl Described {
    pub fn has_pieces(self, length: u64) -> bool {
        pieces(self.piece, length).is_some()
    }
}

const PLAINLY: Described =
    Described { at_url: true, mirrors: Mirrors::None, digests: Digests::None, piece: None, length: None };

impl World {
    pub(super) fn want_content(&mut self, download: DownloadId, id: OperationId, content_id: &str) {
        assert_eq!(content_id, CONTENT_ID);
        assert!(id.0 > self.last_operation, "{id:?} is used twice");
        self.last_operation = id.0;
        self.contents.push_back((download, id));
    }

    /// Answers pending resolutions, unless the driver is slow.
    pub(super) fn answer_contents(&mut self) {
        while !self.slow_contents && !self.contents.is_empty() {
            self.answer_content(Some(PLAINLY));
        }
    }

    /// Answers the oldest resolution.
    pub(super) fn answer_content(&mut self, described: Option<Described>) {
        let Some((download, id)) = self.contents.pop_front() else { return };
        let Some(index) = self.index_of(download) else { return };
        let content = described.map(|described| self.content(self.subjects[index].url, described));
        let subject = &mut self.subjects[index];
        if subject.is_transferring() {
            subject.resolved = described;
        }
        self.handle(Input::Content { download, id, content });
    }

    fn content(&self, number: u8, described: Described) -> Content {
        let own = described.at_url.then(|| Url::parse(url(number)).expect("a sound URL"));
        Content {
            urls: own.into_iter().chain(described.mirrors.urls()).collect(),
            digests: described.digests.expected(),
            pieces: pieces(described.piece, self.described),
            length: described.length.map(|right| if right { self.described } else { self.described / 2 + 1 }),
        }
    }

    /// An answer that the engine does not wait for changes nothing.
    pub(super) fn stale_content(&mut self, operation: u8, described: Option<Described>) {
        let Some(download) = self.subjects.first().map(|subject| subject.id) else { return };
        let id = OperationId(u64::from(operation) % (self.last_operation + 3));
        if self.contents.iter().all(|(_, asked)| *asked != id) {
            let content = described.map(|described| self.content(0, described));
            self.nothing_follows(Input::Content { download, id, content });
        }
    }
}
