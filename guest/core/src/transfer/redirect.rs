//! Where a redirect may lead, and which of the caller's fields go along.
//!
//! Every new request starts at the source's own URL: a target may expire or work only once.

use alloc::string::String;
use alloc::vec::Vec;

use crate::failure::Cause;
use crate::identity::AttemptId;
use crate::url::{Scheme, Url};

use super::{Context, Transfer};

/// Redirects followed in one exchange.
const MOST_REDIRECTS: u8 = 10;

/// Fields of the caller that may go to another origin: they carry no secret.
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

    /// The URL that a reference in an answer from `from` leads to.
    pub(super) fn target_of(&self, from: &Url, location: &str) -> Result<Url, Cause> {
        let target = from.join(location).ok_or(Cause::RedirectInvalid)?;
        let downgrade = from.scheme() == Scheme::Https && target.scheme() == Scheme::Http;
        if downgrade && !self.options.allow_insecure_redirect {
            return Err(Cause::RedirectInsecure);
        }
        Ok(target)
    }

    /// The caller's fields for a request to `url`: all at the origin of the URL that was given first, the harmless ones
    /// elsewhere.
    pub(super) fn caller_fields(&self, url: &Url) -> Vec<(String, String)> {
        let home = url.same_origin(self.sources.first());
        let may_go = |name: &str| home || HARMLESS.iter().any(|known| known.eq_ignore_ascii_case(name));
        self.options.fields.iter().filter(|(name, _)| may_go(name)).cloned().collect()
    }
}
