//! An exchange that failed: ask again later, with fewer connections, or give up.

use core::time::Duration;

use crate::failure::Cause;
use crate::identity::AttemptId;
use crate::output::{Happening, Output};

use super::attempt::Stage;
use super::{Context, Transfer};

/// Times that a redirect target may refuse for good before the refusal counts: the next request starts at the source, which
/// may name a better target.
const TARGET_REFUSALS: u32 = 3;

/// Waits in a row imposed by the origin that do not count against the no-progress timeout.
const TOLD_WAITS: u32 = 20;

impl Transfer {
    pub(super) fn attempt_failed(
        &mut self,
        cx: &mut Context<'_>,
        attempt: AttemptId,
        cause: Cause,
        told: Option<Duration>,
    ) {
        let in_use = u32::try_from(self.attempts.len()).unwrap_or(u32::MAX);
        let Some(failed) = self.attempts.remove(&attempt) else { return };
        self.plan.release(attempt, cx.now);
        cx.outputs.push_back(Output::Cancel { attempt });
        let at_target = failed.redirects > 0 && self.backoff.failures() < TARGET_REFUSALS;
        let others_flow = self.attempts.values().any(|other| matches!(other.stage, Stage::Body { .. }));
        let objects =
            matches!(cause, Cause::HttpStatus(429 | 503)) || (others_flow && matches!(cause, Cause::HttpStatus(_)));
        if objects {
            self.connections.objected(in_use);
        }
        let may_ask_again = cause.is_transient() || (at_target && matches!(cause, Cause::HttpStatus(_)));
        if may_ask_again || (others_flow && objects) {
            self.ask_again(cx, cause, told);
        } else {
            self.stop(cx, Some(cause));
        }
    }

    fn ask_again(&mut self, cx: &mut Context<'_>, cause: Cause, told: Option<Duration>) {
        self.last_failure = Some(cause);
        // Exchanges that fail together fail once.
        if told.is_none() && self.resume_at.is_some_and(|at| at > cx.now) {
            return;
        }
        let delay = self.backoff.failure(told, cx.random);
        if self.options.retries.is_some_and(|most| self.backoff.failures() > most) {
            return self.stop(cx, Some(cause));
        }
        let resume_at = cx.now + delay;
        if told.is_some() && self.backoff.failures() <= TOLD_WAITS {
            self.progress_at = self.progress_at.max(resume_at);
        }
        self.resume_at = Some(self.resume_at.map_or(resume_at, |earlier| earlier.max(resume_at)));
        cx.tell(Happening::Retrying { cause, after: delay });
    }
}
