//! Bytes of text in an answer of the component that its host keeps.

use crate::bindings::engine::{Event, Happening, Subject};
use crate::bindings::types::{DownloadStatus, Failure};

/// Most bytes of the id of a download or a job, so that a hostile component cannot fill the memory. The ids of the component are GUIDs,
/// which are shorter.
pub const MOST_ID: usize = 128;

pub trait TextSize {
    fn text_size(&self) -> usize;
}

impl TextSize for Failure {
    fn text_size(&self) -> usize {
        [&self.name, &self.description, &self.advice].into_iter().map(String::len).sum()
    }
}

impl<T: TextSize> TextSize for Option<T> {
    fn text_size(&self) -> usize {
        self.as_ref().map_or(0, TextSize::text_size)
    }
}

impl TextSize for DownloadStatus {
    fn text_size(&self) -> usize {
        self.error.text_size() + self.extended_error.text_size()
    }
}

impl TextSize for Event {
    fn text_size(&self) -> usize {
        self.subject.id().len()
            + match &self.what {
                Happening::Retrying(retry) => retry.cause.text_size(),
                Happening::SourceDropped(source) => source.url.len() + source.cause.text_size(),
                Happening::Unchecked(cause) => cause.text_size(),
                Happening::DigestWanted(request) => request.path.len(),
                Happening::DigestAhead(hint) => hint.path.len() + hint.algorithms.len(),
                Happening::ContentWanted(request) => request.content_id.len(),
                Happening::StatusChanged
                | Happening::JobTransferred
                | Happening::JobError
                | Happening::JobModification
                | Happening::OwnerChanged
                | Happening::Restarted(_)
                | Happening::RangeDropped(_) => 0,
            }
    }
}

impl Subject {
    pub fn id(&self) -> &str {
        let (Self::Download(id) | Self::Job(id) | Self::File((id, _))) = self;
        id
    }
}
