//! Failed exchanges: retry later, use fewer connections, use another source, or give up.

use alloc::vec::Vec;
use core::time::Duration;

use crate::border::identity::AttemptId;
use crate::border::output::Happening;
use crate::border::time::Instant;
use crate::failure::{Cause, NetworkCause};
use crate::layout::Wanted;
use crate::verdict::Asked;

use super::attempt::Stage;
use super::{Context, Style, Transfer};

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

const fn is_unreachable(cause: Cause) -> bool {
    matches!(cause, Cause::Network(NetworkCause::ConnectFailed | NetworkCause::NameNotResolved))
}

impl Transfer {
    pub(super) fn attempt_failed(
        &mut self,
        cx: &mut Context<'_>,
        attempt: AttemptId,
        cause: Cause,
        retry_after: Option<Duration>,
    ) {
        let Some(failed) = self.attempts.remove(&attempt) else { return };
        // A URL that the host cannot use is the origin's fault if the origin named it.
        let cause = if failed.redirects > 0 && cause == Cause::InvalidUrl { Cause::RedirectInvalid } else { cause };
        let retry_after = retry_after.or(cause.retry_after());
        let index = failed.source;
        let in_use = self.in_use(index) + 1;
        self.release(cx, index, attempt);
        if is_crowded(cause, failed.stage == Stage::AwaitingHead && cx.origins.has_others(attempt)) {
            cx.origins.objected(cx.now, attempt);
        }
        cx.drop_exchange(attempt);
        if self.attempts.is_empty() {
            // While the file waits for its retry, others can have its place.
            cx.origins.give_place_back(cx.download);
        }
        // The connection broke, or a timer of the host fired, because this process did not run.
        if failed.may_break && matches!(cause, Cause::Network(_)) && cause.is_transient() {
            return;
        }
        if failed.given.is_some() && !failed.is_worth_its_request(cx.now, self.exchange_timeout()) {
            self.progress.take_back(cx.now, failed.no_progress_since);
        }
        let refuses_file = cause.status().filter(|status| !matches!(status, 401 | 407));
        if failed.asked != Asked::Whole && refuses_file.is_some() {
            self.sources.get_mut(index).refused_range = true;
        }
        let others_flow =
            self.attempts.values().any(|other| other.source == index && matches!(other.stage, Stage::Body { .. }));
        let at_target = failed.redirects > 0 && self.sources.get(index).backoff.failures() < TARGET_REFUSALS;
        let objects = matches!(cause, Cause::HttpStatus(429 | 503)) || (others_flow && cause.status().is_some());
        if objects {
            self.sources.objected(index, cx.now, in_use);
            self.connections.settle();
        }
        let may_ask_again = cause.is_transient() || (at_target && cause.status().is_some());
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
        let imposed = retry_after.map(|delay| cx.now + delay);
        // Concurrent exchanges that fail together count as one failure.
        if let Some(at) = source.resume_at.filter(|at| *at > cx.now) {
            source.resume_at = Some(at.max(imposed.unwrap_or(at)));
            return;
        }
        let delay =
            source.backoff.failure(retry_after, &mut cx.outbox.random).max(self.options.history.minimum_retry_delay);
        let failures = source.backoff.failures();
        let resume_at = cx.now + delay;
        source.resume_at = Some(resume_at);
        if most_failures.is_some_and(|most| failures > most) || self.is_out_of_reach(cause, resume_at) {
            return self.drop_source(cx, index, cause);
        }
        if let Some(imposed) = imposed.filter(|_| failures <= IMPOSED_WAITS) {
            self.progress.excuse_until(imposed);
        }
        cx.notify(Happening::Retrying { cause, after: delay, asked: retry_after.is_some() });
    }

    /// Whether the caller waits no longer for a host that was never reached: its name or port is probably a typing error. An answer or
    /// kept bytes prove the opposite, so a download that has begun stays patient.
    fn is_out_of_reach(&self, cause: Cause, resume_at: Instant) -> bool {
        let begun = self.report.last_status.is_some() || self.report.resumed > 0;
        let timeout = self.options.chosen.unreachable_timeout.filter(|_| is_unreachable(cause) && !begun);
        timeout.is_some_and(|timeout| resume_at >= self.progress.over_at(timeout))
    }

    fn most_failures(&self, index: usize, cause: Cause) -> Option<u32> {
        let has_other = self.sources.usable() > 1;
        let stands_in_the_way = self.only_source() == Some(index);
        let most = match has_other {
            true if is_unreachable(cause) => Some(UNREACHABLE),
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

    /// Before the run fails, asks the sources that refused range requests for the whole file, without Range and If-Range, and skips the
    /// written bytes of the body. The caller of a whole file asked for no range, and a later run would send the same fields again. Returns
    /// whether there is such a source.
    pub(super) fn ask_plainly(&mut self, cx: &mut Context<'_>) -> bool {
        let has_asked = self.style == Style::Plain || self.wanted != Wanted::Whole;
        if has_asked || !self.sources.readmit_range_refusers() {
            return false;
        }
        self.style = Style::Plain;
        self.cancel_all_but(cx, None);
        self.progress.excuse_until(cx.now);
        true
    }

    /// Drops the source. Without another one the run fails. Digests of several of its pieces may be under way, so it can be dropped again.
    pub(super) fn drop_source(&mut self, cx: &mut Context<'_>, index: usize, cause: Cause) {
        if self.sources.get(index).dropped.is_some() {
            return;
        }
        self.sources.get_mut(index).dropped = Some(cause);
        self.only = self.only.filter(|only| *only != index);
        let its: Vec<_> = self.attempts.iter().filter(|(_, known)| known.source == index).map(|(id, _)| *id).collect();
        its.into_iter().for_each(|attempt| self.cancel(cx, attempt));
        if self.sources.usable() == 0 {
            let why = self.sources.why_none();
            if !self.ask_plainly(cx) {
                self.stop(cx, why);
            }
            return;
        }
        cx.notify(Happening::SourceDropped { source: index, cause });
        self.progress.excuse_until(cx.now);
    }
}

/// Whether a failure means that the origin has too many exchanges. `is_one_of_many`: no response came while others were open.
fn is_crowded(cause: Cause, is_one_of_many: bool) -> bool {
    let is_turned_away = matches!(cause, Cause::Network(NetworkCause::ConnectFailed | NetworkCause::ConnectionLost));
    matches!(cause, Cause::HttpStatus(429 | 503)) || (is_one_of_many && is_turned_away)
}
