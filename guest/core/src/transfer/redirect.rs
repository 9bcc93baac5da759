//! Redirects: allowed targets, and the caller's fields that go to them.
//!
//! Every new request starts at the source's own URL, because a redirect target may expire or work only once.

use alloc::string::String;
use alloc::vec::Vec;

use crate::border::identity::AttemptId;
use crate::failure::Cause;
use crate::parse::url::Url;

use super::attempt::Attempt;
use super::{Context, Transfer};

/// Limit on redirects in one exchange, so that a loop ends. curl's default is 50, a browser's 20; real chains have fewer than five.
const MOST_REDIRECTS: u8 = 10;

/// The caller's fields that may go to another origin, because they carry no secret.
const HARMLESS: [&str; 4] = ["accept", "accept-language", "user-agent", "referer"];

impl Transfer {
    pub(super) fn redirect(&mut self, cx: &mut Context<'_>, attempt: AttemptId, location: &str) {
        let Some(known) = self.attempts.get(&attempt) else { return };
        let (source, redirects, asked) = (known.source, known.redirects + 1, known.asked);
        let target = match self.target_of(&known.url, location) {
            Ok(target) => target,
            Err(cause) => return self.attempt_failed(cx, attempt, cause, None),
        };
        if redirects > MOST_REDIRECTS {
            return self.attempt_failed(cx, attempt, Cause::TooManyRedirects, None);
        }
        cx.drop_exchange(attempt);
        let next = cx.new_attempt();
        self.attempts.remove(&attempt);
        self.plan.hand_over(attempt, next);
        self.launch(cx, next, source, target, redirects, asked);
    }

    /// Resolves a reference in a response from `from`.
    pub(super) fn target_of(&self, from: &Url, location: &str) -> Result<Url, Cause> {
        from.redirect(location, self.options.allow_insecure_redirect)
    }

    /// The caller's fields for a request to `url`: all of them at the origin of the caller's URL, only harmless ones elsewhere.
    pub(super) fn caller_fields(&self, url: &Url) -> Vec<(String, String)> {
        let home = self.is_home(url);
        let answers = if home && self.challenged { &self.options.auth_fields[..] } else { &[] };
        let may_go = |name: &str| {
            let given_in_answer = answers.iter().any(|(known, _)| known == name);
            (home || HARMLESS.iter().any(|known| known.eq_ignore_ascii_case(name))) && !given_in_answer
        };
        let own = self.options.fields.iter().filter(|(name, _)| may_go(name));
        own.chain(answers).cloned().chain(self.options.exchange.of(home)).collect()
    }

    /// Whether `url` has the same origin as the caller's URL.
    pub(super) fn is_home(&self, url: &Url) -> bool {
        url.same_origin(self.sources.first())
    }

    /// Whether the origin of the caller's URL has challenged this exchange, and there are authentication fields that it did not carry.
    pub(super) fn can_answer(&self, attempt: AttemptId, status: u16) -> bool {
        let unanswered = |known: &Attempt| self.is_home(&known.url) && !known.introduced;
        let has_answer = self.attempts.get(&attempt).is_some_and(unanswered) && !self.options.auth_fields.is_empty();
        matches!(status, 401 | 407) && has_answer
    }

    /// Repeats the request with the authentication fields.
    pub(super) fn answer(&mut self, cx: &mut Context<'_>, attempt: AttemptId) {
        let Some(known) = self.attempts.remove(&attempt) else { return };
        self.challenged = true;
        cx.drop_exchange(attempt);
        let next = cx.new_attempt();
        self.plan.hand_over(attempt, next);
        self.launch(cx, next, known.source, known.url, known.redirects, known.asked);
    }
}
