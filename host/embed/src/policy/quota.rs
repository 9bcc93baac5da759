//! How many bytes may be transferred.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::refusal::Refusal;
use crate::error::Rule;

/// Bytes that may be transferred, at all or in each span of time. Clones count together: several engines can share one.
#[derive(Clone, Debug)]
pub struct Quota {
    bytes: u64,
    span: Option<Duration>,
    spent: Arc<Mutex<Spent>>,
}

#[derive(Debug, Default)]
struct Spent {
    bytes: u64,
    /// When the present span began: with its first byte.
    since: Option<Instant>,
}

impl Quota {
    /// A number of bytes, once and for all. The host stores the count between runs, see [`Quota::with_used`].
    pub fn total(bytes: u64) -> Self {
        Self { bytes, span: None, spent: Arc::default() }
    }

    /// A number of bytes in each span of time. The first span begins with the first byte; unused bytes of a span are lost.
    pub fn per(bytes: u64, span: Duration) -> Self {
        Self { bytes, span: Some(span), spent: Arc::default() }
    }

    /// As if `bytes` of it were used already: those of an earlier run, say.
    #[must_use]
    pub fn with_used(self, bytes: u64) -> Self {
        self.spend(|spent| spent.bytes = bytes);
        self
    }

    /// Used bytes: of the present span, if the quota has spans.
    pub fn used(&self) -> u64 {
        self.spend(|spent| spent.bytes)
    }

    /// Takes as many of `wanted` bytes as are left; with the refusal of the others.
    pub(super) fn take(&self, wanted: u64) -> (u64, Option<Refusal>) {
        self.spend(|spent| {
            let taken = wanted.min(self.bytes.saturating_sub(spent.bytes));
            spent.bytes += taken;
            (taken, (taken < wanted).then(|| self.refusal(spent)))
        })
    }

    /// Gives bytes back that were taken and did not come.
    pub(super) fn give_back(&self, bytes: u64) {
        self.spend(|spent| spent.bytes = spent.bytes.saturating_sub(bytes));
    }

    /// # Errors
    ///
    /// If nothing is left.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        self.spend(|spent| if spent.bytes < self.bytes { Ok(()) } else { Err(self.refusal(spent)) })
    }

    fn refusal(&self, spent: &Spent) -> Refusal {
        match self.span {
            None => Rule::Quota.into(),
            Some(span) => {
                let left = spent.since.map_or(Duration::ZERO, |since| span.saturating_sub(since.elapsed()));
                Refusal { rule: Rule::QuotaForNow, retry_after: Some(left) }
            }
        }
    }

    fn spend<R>(&self, spend: impl FnOnce(&mut Spent) -> R) -> R {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(span) = self.span {
            let since = *spent.since.get_or_insert_with(Instant::now);
            if since.elapsed() >= span {
                *spent = Spent { bytes: 0, since: Some(Instant::now()) };
            }
        }
        spend(&mut spent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_up_is_refused() {
        let quota = Quota::total(10);
        assert_eq!(quota.take(7), (7, None));
        assert_eq!(quota.clone().take(7), (3, Some(Rule::Quota.into())));
        assert_eq!(quota.take(1), (0, Some(Rule::Quota.into())));
        assert_eq!(quota.check(), Err(Rule::Quota.into()));
        quota.give_back(2);
        assert_eq!((quota.used(), quota.take(2)), (8, (2, None)));
    }

    #[test]
    fn a_span_that_is_over_does_not_count() {
        let quota = Quota::per(10, Duration::from_secs(3600)).with_used(10);
        let refusal = quota.check().unwrap_err();
        assert_eq!(refusal.rule, Rule::QuotaForNow);
        assert!(refusal.retry_after.is_some_and(|after| after > Duration::from_secs(3500)));
        let quota = Quota::per(10, Duration::ZERO).with_used(10);
        assert_eq!(quota.take(4), (4, None));
    }

    #[test]
    fn what_an_earlier_run_used_counts() {
        assert_eq!(Quota::total(10).with_used(9).take(5), (1, Some(Rule::Quota.into())));
    }
}
