//! Failed exchanges: retry later, use fewer connections, use another source, or give up.

use alloc::vec::Vec;
use core::time::Duration;

use crate::border::identity::AttemptId;
use crate::border::output::Happening;
use crate::failure::{Cause, NetworkCause};

use super::attempt::Stage;
use super::{Context, Transfer};

/// Failures of a source up to which an error status of its redirect target is retried, because the next request starts at the source, which
/// may redirect to a better target.
const TARGET_REFUSALS: u32 = 3;

/// Limit on consecutive delays requested by a source that do not count against the no-progress timeout, so that an origin cannot hold a
/// download for ever.
const IMPOSED_WAITS: u32 = 20;

/// Consecutive failures after which the engine drops an unreachable source, if there is another one, so that one lost packet does not drop
/// it.
const UNREACHABLE: u32 = 3;

/// Consecutive failures after which the engine drops a source that other sources have to wait for, so that a refusal for a moment does not
/// lose the best one.
const STANDS_IN_THE_WAY: u32 = 5;

impl Transfer {
    pub(super) fn attempt_failed(
        &mut self,
        cx: &mut Context<'_>,
        attempt: AttemptId,
        cause: Cause,
        retry_after: Option<Duration>,
    ) {
        let Some(failed) = self.attempts.remove(&attempt) else { return };
        let retry_after = retry_after.or(cause.retry_after());
        let index = failed.source;
        let in_use = self.in_use(index) + 1;
        self.release(cx, index, attempt);
        cx.drop_exchange(attempt);
        let others_flow =
            self.attempts.values().any(|other| other.source == index && matches!(other.stage, Stage::Body { .. }));
        let at_target = failed.redirects > 0 && self.sources.get(index).backoff.failures() < TARGET_REFUSALS;
        let objects =
            matches!(cause, Cause::HttpStatus(429 | 503)) || (others_flow && matches!(cause, Cause::HttpStatus(_)));
        if objects {
            self.sources.objected(index, cx.now, in_use);
            self.connections.settle();
        }
        let may_ask_again = cause.is_transient() || (at_target && matches!(cause, Cause::HttpStatus(_)));
        if matches!(cause, Cause::Disk(_) | Cause::Engine) {
            self.stop(cx, Some(cause));
        } else if may_ask_again || (others_flow && objects) {
            self.ask_again(cx, index, cause, retry_after);
        } else {
            self.drop_source(cx, index, cause);
        }
    }

    fn ask_again(&mut self, cx: &mut Context<'_>, index: usize, cause: Cause, retry_after: Option<Duration>) {
        self.last_failure = Some(cause);
        let most_failures = self.most_failures(index, cause);
        let source = self.sources.get_mut(index);
        // Concurrent exchanges that fail together count as one failure.
        if retry_after.is_none() && source.resume_at.is_some_and(|at| at > cx.now) {
            return;
        }
        let delay =
            source.backoff.failure(retry_after, &mut cx.outbox.random).max(self.options.history.minimum_retry_delay);
        let failures = source.backoff.failures();
        let resume_at = cx.now + delay;
        source.resume_at = Some(source.resume_at.map_or(resume_at, |earlier| earlier.max(resume_at)));
        if most_failures.is_some_and(|most| failures > most) {
            return self.drop_source(cx, index, cause);
        }
        if retry_after.is_some() && failures <= IMPOSED_WAITS {
            self.progress.excuse_until(resume_at);
        }
        cx.notify(Happening::Retrying { cause, after: delay });
    }

    fn most_failures(&self, index: usize, cause: Cause) -> Option<u32> {
        let unreachable = matches!(cause, Cause::Network(NetworkCause::ConnectFailed | NetworkCause::NameNotResolved));
        let has_other = self.sources.usable() > 1;
        let stands_in_the_way = self.only_source() == Some(index);
        let most = match has_other {
            true if unreachable => Some(UNREACHABLE),
            true if stands_in_the_way => Some(STANDS_IN_THE_WAY),
            _ => None,
        };
        most.into_iter().chain(self.options.chosen.retries).min()
    }

    /// Drops the source of a response that cannot provide the content.
    pub(super) fn refuse(&mut self, cx: &mut Context<'_>, attempt: AttemptId, cause: Cause) {
        if let Some(index) = self.attempts.get(&attempt).map(|known| known.source) {
            self.drop_source(cx, index, cause);
        }
    }

    /// Whether a contradiction between a source and the present bytes is the source's fault.
    pub(super) fn can_be_wrong_source(&self) -> bool {
        self.confirmed && self.is_provable() && self.sources.usable() > 1
    }

    /// Drops the source. Without another one the run fails.
    pub(super) fn drop_source(&mut self, cx: &mut Context<'_>, index: usize, cause: Cause) {
        self.sources.get_mut(index).dropped = Some(cause);
        self.only = self.only.filter(|only| *only != index);
        let its: Vec<_> = self.attempts.iter().filter(|(_, known)| known.source == index).map(|(id, _)| *id).collect();
        its.into_iter().for_each(|attempt| self.cancel(cx, attempt));
        if self.sources.usable() == 0 {
            return self.stop(cx, self.sources.why_none());
        }
        cx.notify(Happening::SourceDropped { source: index, cause });
        self.progress.excuse_until(cx.now);
    }
}
