//! Events of a queue.

use std::time::Duration;

use haul::{Happening, Subject};
use serde::{Deserialize, Serialize};

use crate::error::Cause;
use crate::redaction::redact;

/// An event of a queue. It names a job and does not describe it: until a follower reads the event, the job may have changed again.
/// [`Request::Describe`](crate::Request::Describe) has its present state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// An event of a job, or of one of its files.
    Job {
        /// The id of the job.
        job: String,
        /// The number of the file, counted from 0; `None` for the job as a whole.
        file: Option<u32>,
        /// The event.
        change: Change,
    },
    /// The follower was too slow and lost events. It has to describe all jobs again.
    Missed {
        /// The number of lost events.
        events: u64,
    },
}

/// An event of a job or of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// The state, the progress, the files or the settings of the job changed, for progress at most twice a second; or the state of the
    /// file. A new job is announced with its first setting or file.
    Changed,
    /// An attempt failed.
    Retrying {
        /// The failure.
        cause: Cause,
        /// Time until the next attempt.
        after: Duration,
    },
    /// The file lost its bytes and starts again.
    Restarted {
        /// The reason, for people.
        reason: String,
    },
    /// These bytes had a wrong digest and are downloaded again.
    RangeDropped {
        /// The first byte, counted from 0.
        offset: u64,
        /// Bytes.
        length: u64,
    },
    /// The engine stopped using one of several sources.
    SourceDropped {
        /// The URL of the source, without user information and query.
        url: String,
        /// The failure.
        cause: Cause,
    },
    /// No piece digests are available; the download goes on without them.
    Unchecked {
        /// The failure to get them.
        cause: Cause,
    },
}

impl Event {
    /// `None` for events of downloads, which belong to no queue, and for those that only a job's callback concerns.
    pub(crate) fn of(event: haul::Event) -> Option<Self> {
        let (job, file) = match event.subject {
            Subject::Job(job) => (job, None),
            Subject::File { job, index } => (job, Some(index)),
            _ => return None,
        };
        Some(Self::Job { job, file, change: Change::of(event.what)? })
    }
}

impl Change {
    fn of(happening: Happening) -> Option<Self> {
        Some(match happening {
            Happening::Changed => Self::Changed,
            Happening::Retrying { cause, after } => Self::Retrying { cause: (&cause).into(), after },
            Happening::Restarted(reason) => Self::Restarted { reason: reason.to_string() },
            Happening::RangeDropped { offset, length } => Self::RangeDropped { offset, length },
            Happening::SourceDropped { url, cause } => {
                Self::SourceDropped { url: redact(&url), cause: (&cause).into() }
            }
            Happening::Unchecked(cause) => Self::Unchecked { cause: (&cause).into() },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_survives_the_way_to_another_process() {
        let cause = Cause { code: None, name: None, message: "refused".into(), advice: None };
        for (event, line) in [
            (
                Event::Job { job: "j".into(), file: None, change: Change::Changed },
                r#"{"event":"job","job":"j","file":null,"change":"changed"}"#,
            ),
            (
                Event::Job {
                    job: "j".into(),
                    file: Some(2),
                    change: Change::Retrying { cause, after: Duration::from_millis(1500) },
                },
                concat!(
                    r#"{"event":"job","job":"j","file":2,"change":{"retrying":"#,
                    r#"{"cause":{"message":"refused"},"after":{"secs":1,"nanos":500000000}}}}"#,
                ),
            ),
            (Event::Missed { events: 7 }, r#"{"event":"missed","events":7}"#),
        ] {
            assert_eq!(serde_json::to_string(&event).unwrap(), line);
            assert_eq!(serde_json::from_str::<Event>(line).unwrap(), event);
        }
    }
}
