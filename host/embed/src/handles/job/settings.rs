//! The settings of a job.

use std::time::Duration;

use super::Job;
use crate::error::Error;
use crate::runtime::Instance;
use crate::values::{JobKind, JobOptions, JobPriority, JobProperty, JobPropertyId, NotifyFlags, ProxySettings};

impl Job {
    /// The kind of the job: always [`JobKind::Download`].
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn kind(&self) -> Result<JobKind, Error> {
        self.object.call(async |instance, job| instance.job(job).kind().await).await
    }

    /// The host's name for the caller that the job belongs to; empty for the host itself.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn owner(&self) -> Result<String, Error> {
        self.object.call(async |instance, job| instance.job(job).owner().await).await
    }

    /// Makes the caller of this handle's engine the owner of the job. The job's request headers are dropped, and so is the callback
    /// of another owner.
    ///
    /// # Errors
    ///
    /// E_ACCESSDENIED, unless that is the host itself or has the job already.
    pub async fn take_ownership(&self) -> Result<(), Error> {
        self.object.call(async |instance, job| instance.job(job).take_ownership().await).await
    }

    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn display_name(&self) -> Result<String, Error> {
        self.object.call(async |instance, job| instance.job(job).display_name().await).await
    }

    /// # Errors
    ///
    /// BG_E_STRING_TOO_LONG beyond 256 characters.
    pub async fn set_display_name(&self, name: &str) -> Result<(), Error> {
        let name = name.to_owned();
        let set = async move |instance: &mut Instance, job| instance.job(job).set_display_name(&name).await;
        self.object.call(set).await
    }

    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn description(&self) -> Result<String, Error> {
        self.object.call(async |instance, job| instance.job(job).description().await).await
    }

    /// # Errors
    ///
    /// BG_E_STRING_TOO_LONG beyond 1,024 characters.
    pub async fn set_description(&self, text: &str) -> Result<(), Error> {
        let text = text.to_owned();
        let set = async move |instance: &mut Instance, job| instance.job(job).set_description(&text).await;
        self.object.call(set).await
    }

    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn priority(&self) -> Result<JobPriority, Error> {
        self.object.call(async |instance, job| instance.job(job).priority().await).await
    }

    /// Takes effect at once.
    ///
    /// # Errors
    ///
    /// DO_E_INVALID_STATE if the job is over.
    pub async fn set_priority(&self, priority: JobPriority) -> Result<(), Error> {
        let set = async move |instance: &mut Instance, job| instance.job(job).set_priority(priority.into()).await;
        self.object.call(set).await
    }

    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn notify_flags(&self) -> Result<NotifyFlags, Error> {
        self.object.call(async |instance, job| instance.job(job).notify_flags().await).await
    }

    /// The changes that the callback is called for. Default: [`NotifyFlags::JOB_TRANSFERRED`] and [`NotifyFlags::JOB_ERROR`].
    ///
    /// # Errors
    ///
    /// E_NOTIMPL for [`NotifyFlags::FILE_RANGES_TRANSFERRED`].
    pub async fn set_notify_flags(&self, which: NotifyFlags) -> Result<(), Error> {
        let set = async move |instance: &mut Instance, job| instance.job(job).set_notify_flags(which.into()).await;
        self.object.call(set).await
    }

    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn minimum_retry_delay(&self) -> Result<Duration, Error> {
        let seconds = self.object.call(async |instance, job| instance.job(job).minimum_retry_delay().await).await?;
        Ok(Duration::from_secs(seconds.into()))
    }

    /// How long to wait at least before a failed file is tried again: whole seconds; less than 5 counts as 5. Zero, the
    /// value of a new job, leaves it to the engine.
    ///
    /// # Errors
    ///
    /// DO_E_INVALID_STATE if the job is over.
    pub async fn set_minimum_retry_delay(&self, delay: Duration) -> Result<(), Error> {
        let seconds = whole_seconds(delay);
        let set = async move |instance: &mut Instance, job| instance.job(job).set_minimum_retry_delay(seconds).await;
        self.object.call(set).await
    }

    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn no_progress_timeout(&self) -> Result<Duration, Error> {
        let seconds = self.object.call(async |instance, job| instance.job(job).no_progress_timeout().await).await?;
        Ok(Duration::from_secs(seconds.into()))
    }

    /// How long there may be no byte after a failure that may mend itself, in whole seconds, before it is a [`JobState::Error`];
    /// zero makes every failure one. Default: an hour in the foreground, else a day.
    ///
    /// # Errors
    ///
    /// DO_E_INVALID_STATE if the job is over.
    ///
    /// [`JobState::Error`]: crate::JobState::Error
    pub async fn set_no_progress_timeout(&self, timeout: Duration) -> Result<(), Error> {
        let seconds = whole_seconds(timeout);
        let set = async move |instance: &mut Instance, job| instance.job(job).set_no_progress_timeout(seconds).await;
        self.object.call(set).await
    }

    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn proxy_settings(&self) -> Result<ProxySettings, Error> {
        self.object.call(async |instance, job| instance.job(job).proxy_settings().await).await
    }

    /// Which proxy requests go through from now on.
    ///
    /// # Errors
    ///
    /// E_INVALIDARG if [`ProxyUsage::Override`](crate::ProxyUsage::Override) comes without a list, or a list without it;
    /// BG_E_PROXY_LIST_TOO_LARGE and BG_E_PROXY_BYPASS_LIST_TOO_LARGE beyond 4,000 characters. The lists are parsed when a
    /// request goes out: then BG_E_INVALID_PROXY_INFO stops the job.
    pub async fn set_proxy_settings(&self, settings: ProxySettings) -> Result<(), Error> {
        let settings = settings.into();
        let set = async move |instance: &mut Instance, job| instance.job(job).set_proxy_settings(&settings).await;
        self.object.call(set).await
    }

    /// # Errors
    ///
    /// DO_E_UNKNOWN_PROPERTY_ID for a property of BITS alone; E_NOT_SET for a class that was not set.
    pub async fn property(&self, id: JobPropertyId) -> Result<JobProperty, Error> {
        self.object.call(async move |instance, job| instance.job(job).property(id).await).await
    }

    /// # Errors
    ///
    /// DO_E_UNKNOWN_PROPERTY_ID for a property of BITS alone; E_INVALIDARG for a class that is no GUID.
    pub async fn set_property(&self, property: JobProperty) -> Result<(), Error> {
        self.object.call(async move |instance, job| instance.job(job).set_property(property).await).await
    }

    /// The options that [`Job::set_options`] has set.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn options(&self) -> Result<JobOptions, Error> {
        self.object.call(async |instance, job| instance.job(job).options().await).await
    }

    /// # Errors
    ///
    /// E_INVALIDARG for fields that cannot be sent; DO_E_INVALID_STATE if the job is over.
    pub async fn set_options(&self, options: JobOptions) -> Result<(), Error> {
        self.object.call(async move |instance, job| instance.job(job).set_options(options).await).await
    }
}

/// Rounded up.
fn whole_seconds(duration: Duration) -> u32 {
    let seconds = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
    u32::try_from(seconds).unwrap_or(u32::MAX)
}
