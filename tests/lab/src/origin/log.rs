//! The log of requests, with functions that wait for an entry.

use crate::origin::RecordedRequest;
use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

/// The time a test waits for the log before it fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// Every request of an origin in the order of arrival.
#[derive(Default)]
pub(super) struct Log {
    entries: Mutex<Entries>,
    changed: Condvar,
    changed_async: Notify,
}

#[derive(Default)]
struct Entries {
    requests: Vec<RecordedRequest>,
    per_resource: HashMap<String, usize>,
}

impl Log {
    /// Adds a request for the resource `key` and numbers it.
    pub(super) fn enter(&self, key: &str, mut request: RecordedRequest) -> RecordedRequest {
        self.change(|entries| {
            let seen = entries.per_resource.entry(key.to_string()).or_default();
            request.nth = *seen;
            *seen += 1;
            request.number = entries.requests.len();
            entries.requests.push(request.clone());
        });
        request
    }

    /// Updates the request with this number.
    pub(super) fn note(&self, number: usize, note: impl FnOnce(&mut RecordedRequest)) {
        self.change(|entries| {
            if let Some(request) = entries.requests.get_mut(number) {
                note(request);
            }
        });
    }

    /// Reads the requests so far.
    pub(super) fn read<T>(&self, look: impl FnOnce(&[RecordedRequest]) -> T) -> T {
        look(&self.lock().requests)
    }

    /// Blocks until `shown` holds; panics with the log after 30 seconds.
    #[track_caller]
    pub(super) fn wait_for(&self, mut shown: impl FnMut(&[RecordedRequest]) -> bool) {
        let (entries, waited) = self
            .changed
            .wait_timeout_while(self.lock(), PATIENCE, |entries| !shown(&entries.requests))
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            let report = report(&entries.requests);
            drop(entries);
            panic!("{report}");
        }
    }

    /// Waits until `shown` holds; panics with the log after 30 seconds.
    pub(super) async fn until(&self, mut shown: impl FnMut(&[RecordedRequest]) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mut changed = std::pin::pin!(self.changed_async.notified());
            // Enabled before the check, so that no change after it is missed.
            changed.as_mut().enable();
            if self.read(&mut shown) {
                return;
            }
            if timeout_at(deadline, changed).await.is_err() {
                panic!("{}", self.read(report));
            }
        }
    }

    fn change(&self, change: impl FnOnce(&mut Entries)) {
        change(&mut self.lock());
        self.changed.notify_all();
        self.changed_async.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        // A predicate that panicked has only read the log.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn report(requests: &[RecordedRequest]) -> String {
    let lines: Vec<_> = requests.iter().map(ToString::to_string).collect();
    format!("the awaited did not happen within {PATIENCE:?}; {} requests:\n{}", lines.len(), lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::{Log, report};
    use crate::origin::RecordedRequest;

    #[test]
    fn requests_are_numbered_in_all_and_per_resource() {
        let log = Log::default();
        let numbers: Vec<_> = ["/a", "/b", "/a"]
            .map(|key| log.enter(key, RecordedRequest::default()))
            .iter()
            .map(|request| (request.number, request.nth))
            .collect();
        assert_eq!(numbers, [(0, 0), (1, 0), (2, 1)]);
    }

    #[test]
    fn a_note_wakes_whoever_waits() {
        let log = Log::default();
        log.enter("/", RecordedRequest::default());
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| log.wait_for(|requests| requests[0].body_sent == 5));
            log.note(0, |request| request.body_sent = 5);
            waiting.join().expect("it was shown");
        });
    }

    #[test]
    fn the_report_names_every_request() {
        let mut request = RecordedRequest::parse(b"GET /x HTTP/1.1\r\nRange: bytes=5-\r\n");
        request.as_mut().expect("well-formed").status = Some(206);
        let report = report(&[request.expect("well-formed")]);
        assert!(report.contains("1 requests:\n#0 connection 0: GET /x range: bytes=5- -> 206"));
    }
}
