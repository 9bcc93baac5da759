//! The download that fetches one file of a job during one turn of that file.

use core::time::Duration;

use super::Download;
use crate::failure::Cause;
use crate::job::{Job, JobFile};
use crate::pacing::retry::Wait;
use crate::parse::url::Url;
use crate::settings::network::CostPolicy;
use crate::settings::proxy::ProxySettings;
use crate::transfer::{History, RetryPolicy};

/// The parts of the job and of the file's earlier turns that the download needs.
#[derive(Debug)]
pub(super) struct JobContext {
    pub history: History,
    pub proxy: ProxySettings,
}

impl Download {
    /// `before`: the failures of the file's last turn.
    ///
    /// # Errors
    ///
    /// [`Cause::InvalidUrl`]. A missing URL or local path is an error only at the start.
    pub(crate) fn for_job_file(job: &Job, file: &JobFile, before: Option<Wait>) -> Result<Self, Cause> {
        let mut download = Self::new(alloc::string::String::new(), job.owner().into());
        let (settings, special) = (&job.settings, file.special());
        let set = &mut download.properties;
        set.uri = file.remote_name.as_deref().map(|url| Url::parse(url).ok_or(Cause::InvalidUrl)).transpose()?;
        set.content_id = file.id.as_deref().filter(|_| file.remote_name.is_none()).map(Into::into);
        set.local_path = file.local_name.as_deref().map(Into::into);
        set.custom_headers = settings.options.custom_headers.clone();
        set.auth_headers = settings.options.auth_headers.clone();
        // The job checks the network itself and ends the turn if its flags forbid the network.
        set.cost_policy = Some(CostPolicy::Always);
        set.announced_size = special.size;
        set.integrity = special.integrity;
        set.integrity_mandatory = special.integrity_mandatory;
        set.decryption = special.decryption;
        download.options = special.options;
        download.options.refreshed |= special.renewed;
        let history = History {
            minimum_retry_delay: Duration::ZERO,
            silent_since: before.map(|before| before.silent_since),
            failures: before.map_or(0, |before| before.failures),
        };
        download.job = Some(JobContext { history, proxy: settings.proxy.clone() });
        download.obey_job(job, file);
        Ok(download)
    }

    /// Whether the download fetches a file of a job.
    pub(crate) const fn is_for_job(&self) -> bool {
        self.job.is_some()
    }

    /// Applies the priority and the retry policy of the job.
    pub(crate) fn obey_job(&mut self, job: &Job, file: &JobFile) {
        let policy = retry_policy_of(job, file);
        self.properties.foreground = job.settings.is_foreground();
        self.options.no_progress_timeout = Some(policy.no_progress_timeout);
        self.options.retries = policy.retries;
        if let Some(context) = &mut self.job {
            context.history.minimum_retry_delay = policy.minimum_retry_delay;
        }
        if let Some(transfer) = &mut self.transfer {
            transfer.set_retry_policy(policy);
        }
    }
}

fn retry_policy_of(job: &Job, file: &JobFile) -> RetryPolicy {
    let (settings, options) = (&job.settings, file.options());
    let timeout = Duration::from_secs(settings.transfer_no_progress_timeout().into());
    RetryPolicy {
        no_progress_timeout: options.and_then(|options| options.no_progress_timeout).unwrap_or(timeout),
        retries: match settings.every_failure_is_final() {
            true => Some(0),
            false => options.and_then(|options| options.retries),
        },
        minimum_retry_delay: Duration::from_secs(settings.minimum_retry_delay.into()),
    }
}
