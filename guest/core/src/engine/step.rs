//! The next step of a body, within the rate limits.

use super::Engine;
use super::rates::{Share, Spender};
use crate::border::identity::{AttemptId, DownloadId};
use crate::border::time::Instant;
use crate::download::Download;
use crate::transfer::Step;

/// Limit on the bytes of one step, so that every exchange gets its turn.
const LARGEST_STEP: u64 = 1 << 20;

impl Engine {
    /// The share of a rate for one exchange of `download`.
    fn share_of(&self, download: DownloadId) -> Share {
        let exchanges = self.outbox.exchanges();
        let weight = |id: &DownloadId| self.downloads.get(id).map_or(1, Download::weight);
        let job = self.book.active_files.get(&download).map(|active| active.job);
        let of_job = |id: &DownloadId| job.is_some() && self.book.active_files.get(id).map(|active| active.job) == job;
        Share {
            exchanges: exchanges.get(&download).copied().unwrap_or(1),
            exchanges_of_job: exchanges.iter().filter(|(id, _)| of_job(id)).map(|(_, count)| count).sum(),
            weight: weight(&download),
            all: exchanges.keys().map(weight).sum(),
        }
    }

    pub(super) fn spend(&mut self, attempt: AttemptId, bytes: u64) {
        let download = self.owner(attempt);
        let active = download.and_then(|download| self.book.active_files.get_mut(&download));
        let job = active.map(|active| {
            active.received = active.received.saturating_add(bytes);
            active.job
        });
        let spenders = [download.map(Spender::Download), job.map(Spender::Job)];
        self.scheduler.rates.spend(spenders.into_iter().flatten(), bytes);
    }

    /// `attempt` waits for the sink of its bytes; that time does not count against the origin.
    pub fn wait_for_sink(&mut self, now: Instant, attempt: AttemptId) {
        let owner = self.outbox.owner(attempt).and_then(|download| self.downloads.get_mut(&download));
        if let Some(download) = owner {
            download.held(now, attempt);
        }
    }

    /// Whether any rate limit is in force.
    pub fn is_rationed(&self) -> bool {
        self.scheduler.rates.are_rationed()
    }

    /// The use of the next bytes of `attempt`'s body, within the rate limits.
    pub fn step(&mut self, now: Instant, attempt: AttemptId) -> Step {
        let Some(download) = self.outbox.owner(attempt) else { return Step::Wait };
        let step = self.downloads.get(&download).map_or(Step::Wait, |download| download.step(attempt));
        if !matches!(step, Step::Write { .. } | Step::Skip { .. } | Step::Collect { .. }) {
            return step;
        }
        let own_rate = self.downloads.get(&download).and_then(Download::max_rate);
        let job = self.book.active_files.get(&download).map(|active| active.job);
        let rate_of_job = job.and_then(|job| Some((job, self.book.jobs.get(&job)?.settings.options.max_rate?)));
        let allowed = match self.scheduler.rates.are_limited() || own_rate.is_some() || rate_of_job.is_some() {
            true => {
                let share = self.share_of(download);
                let own = own_rate.map(|rate| (Spender::Download(download), rate));
                let its_job = rate_of_job.map(|(job, rate)| (Spender::Job(job), rate));
                self.scheduler.rates.allowance(now, [own, its_job], share).min(LARGEST_STEP)
            }
            false => LARGEST_STEP,
        };
        if allowed == 0
            && let Some(held) = self.downloads.get_mut(&download)
        {
            held.held(now, attempt);
        }
        match step {
            _ if allowed == 0 => Step::Wait,
            Step::Write { offset, limit } => Step::Write { offset, limit: limit.min(allowed) },
            Step::Skip { limit } => Step::Skip { limit: limit.min(allowed) },
            Step::Collect { limit } => Step::Collect { limit: limit.min(allowed) },
            other => other,
        }
    }
}
