//! How many bytes of text a component's answer brings, where its host keeps it.

use crate::bindings::engine::{Event, Happening, Subject};
use crate::bindings::types::{DownloadStatus, Failure};

/// Most bytes of the id of a download or a job: theirs are GUIDs.
pub const MOST_ID: usize = 128;

pub trait Weight {
    fn weight(&self) -> usize;
}

impl Weight for Failure {
    fn weight(&self) -> usize {
        [&self.name, &self.description, &self.advice].into_iter().map(String::len).sum()
    }
}

impl<T: Weight> Weight for Option<T> {
    fn weight(&self) -> usize {
        self.as_ref().map_or(0, Weight::weight)
    }
}

impl Weight for DownloadStatus {
    fn weight(&self) -> usize {
        self.error.weight() + self.extended_error.weight()
    }
}

impl Weight for Event {
    fn weight(&self) -> usize {
        self.subject.id().len()
            + match &self.what {
                Happening::Retrying(retry) => retry.cause.weight(),
                Happening::SourceDropped(source) => source.url.len() + source.cause.weight(),
                Happening::Unchecked(cause) => cause.weight(),
                Happening::DigestWanted(request) => request.path.len(),
                Happening::DigestAhead(wish) => wish.path.len() + wish.algorithms.len(),
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
