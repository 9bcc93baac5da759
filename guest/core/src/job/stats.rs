//! Statistics and state of one file of a job.

use alloc::string::String;

use super::file::{JobFile, Stage};
use super::{FileProgress, FileState, Job, Phase, Priority};
use crate::failure::Cause;
use crate::layout::RequestedRange;
use crate::parse::url::Url;

/// The values of SwarmStatus that apply without peers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SwarmStatus {
    Downloading,
    Complete,
    Paused,
}

/// The fields of DOSwarmStats that apply without peers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stats {
    /// Length in bytes of the requested part of the content; zero while it is unknown.
    pub size: u64,
    /// Bytes received in all turns.
    pub received: u64,
    /// Duration of all turns in milliseconds.
    pub active: u32,
    pub status: SwarmStatus,
    pub is_background: bool,
}

impl Job {
    pub fn remote_name(&self, index: u32) -> Option<&str> {
        self.file(index)?.remote_name.as_deref()
    }

    pub fn local_name(&self, index: u32) -> Option<&str> {
        self.file(index)?.local_name.as_deref()
    }

    /// The caller's id for the content, or its URL if there is none.
    pub fn file_id(&self, index: u32) -> &str {
        let file = self.file(index);
        file.and_then(|file| file.id.as_deref().or(file.remote_name.as_deref())).unwrap_or_default()
    }

    /// Empty for the whole file.
    pub fn file_ranges(&self, index: u32) -> &[RequestedRange] {
        self.file(index).map_or(&[], JobFile::ranges)
    }

    /// Length of the content in bytes, as stated by the caller or as found.
    pub fn file_size(&self, index: u32) -> Option<u64> {
        let file = self.file(index)?;
        if file.ranges().is_empty() { file.total() } else { file.special().size }
    }

    pub fn integrity_is_mandatory(&self, index: u32) -> bool {
        self.file(index).is_some_and(|file| file.special().integrity_mandatory)
    }

    /// The URL of one of the file's sources, by index; 0 is the remote name.
    pub fn source(&self, index: u32, source: usize) -> Option<String> {
        let file = self.file(index)?;
        match source.checked_sub(1) {
            None => file.remote_name.as_deref().map(Into::into),
            Some(mirror) => file.special().options.mirrors.get(mirror).map(|url: &Url| url.as_str().into()),
        }
    }

    pub fn file_stats(&self, index: u32) -> Option<Stats> {
        let file = self.file(index)?;
        let status = match file.stage {
            stage if stage.is_here() => SwarmStatus::Complete,
            _ if self.phase == Phase::Running => SwarmStatus::Downloading,
            _ => SwarmStatus::Paused,
        };
        Some(Stats {
            size: file.total().unwrap_or(0),
            received: file.received,
            active: file.active,
            status,
            is_background: self.settings.priority != Priority::Foreground,
        })
    }

    pub fn file_progress(&self, index: u32) -> Option<FileProgress> {
        let file = self.file(index)?;
        Some(FileProgress {
            bytes_total: file.total(),
            bytes_transferred: file.written,
            completed: file.stage == Stage::Named,
        })
    }

    /// State of a file, and the cause if it failed or waits for a retry.
    pub fn file_state(&self, index: u32) -> Option<(FileState, Option<Cause>)> {
        let turn = self.turns.get(&index);
        Some(match (self.file(index)?.stage, turn.map(|turn| turn.waiting)) {
            (_, Some(Some(cause))) => (FileState::Retrying, Some(cause)),
            (_, Some(None)) => (FileState::Transferring, None),
            (Stage::Waiting | Stage::Begun, None) => match self.line.retry_of(index) {
                Some(cause) => (FileState::Retrying, Some(cause)),
                None => (FileState::Waiting, None),
            },
            (Stage::Failed(cause), None) => (FileState::Failed, Some(cause)),
            (Stage::Transferred | Stage::Present, None) => (FileState::Transferred, None),
            (Stage::Named | Stage::Dropped, None) => (FileState::Over, None),
        })
    }
}
