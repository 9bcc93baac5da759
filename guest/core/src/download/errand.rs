//! A download that fetches one file of a job, for one turn of it.

use core::time::Duration;

use super::Download;
use crate::failure::Cause;
use crate::job::{Job, JobFile, Retry};
use crate::network::CostPolicy;
use crate::proxy::ProxySettings;
use crate::transfer::History;
use crate::url::Url;

/// What a download knows of the job that it fetches a file of.
#[derive(Debug)]
pub(super) struct Errand {
    pub history: History,
    pub proxy: ProxySettings,
}

impl Download {
    /// `before`: what the file's last turn has told.
    ///
    /// # Errors
    ///
    /// [`Cause::NoUri`] and [`Cause::NoLocalPath`] are left to the start.
    pub(crate) fn errand(job: &Job, file: &JobFile, before: Option<Retry>) -> Result<Self, Cause> {
        let mut download = Self::new(alloc::string::String::new(), job.owner().into());
        let (settings, special) = (&job.settings, file.special());
        let set = &mut download.properties;
        set.uri = file.remote_name.as_deref().map(|url| Url::parse(url).ok_or(Cause::InvalidUrl)).transpose()?;
        set.content_id = file.id.as_deref().filter(|_| file.remote_name.is_none()).map(Into::into);
        set.local_path = file.local_name.as_deref().map(Into::into);
        set.custom_headers = settings.options.custom_headers.clone();
        set.auth_headers = settings.options.auth_headers.clone();
        // Whether the network may be used is the job's to know.
        set.cost_policy = Some(CostPolicy::Always);
        set.foreground = settings.is_foreground();
        set.announced_size = special.size;
        set.integrity = special.integrity;
        set.integrity_mandatory = special.integrity_mandatory;
        set.decryption = special.decryption;
        let timeout = Duration::from_secs(settings.no_progress_timeout().into());
        download.options = special.options;
        download.options.refreshed |= special.renewed;
        download.options.no_progress_timeout.get_or_insert(timeout);
        if settings.every_failure_is_final() {
            download.options.retries = Some(0);
        }
        let history = History {
            minimum_retry_delay: Duration::from_secs(settings.minimum_retry_delay.into()),
            silent_since: before.map(|retry| retry.silent_since),
            failures: before.map_or(0, |retry| retry.failures),
        };
        download.errand = Some(Errand { history, proxy: settings.proxy.clone() });
        Ok(download)
    }

    /// Whether it belongs to a job.
    pub(crate) const fn is_errand(&self) -> bool {
        self.errand.is_some()
    }

    pub(crate) const fn set_foreground(&mut self, foreground: bool) {
        self.properties.foreground = foreground;
    }
}
