//! The settings of a job, and their way into the engine.

use std::time::Duration;

use haul::{Job, JobProperty, ProxySettings};
use serde::{Deserialize, Serialize};

use crate::error::CommandError;
use crate::vocabulary::{CostPolicy, Notification, Priority, ProxyUsage};

/// Settings of a job. `None`, or an empty list, leaves a setting as it is; a new job has the engine's default then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// A name for people; several jobs may share one.
    pub display_name: Option<String>,
    /// A text for people.
    pub description: Option<String>,
    /// Jobs run before those of lower priority.
    pub priority: Option<Priority>,
    /// Seconds until a failed file is retried, at least; less than 5 count as 5, and with 0 the engine chooses.
    pub retry_interval: Option<u32>,
    /// Seconds without a byte until the job fails.
    pub retry_timeout: Option<u32>,
    /// The networks on which the job may run.
    pub cost_policy: Option<CostPolicy>,
    /// The source of the proxy; [`ProxyUsage::Override`] needs a `proxy_list`.
    pub proxy_usage: Option<ProxyUsage>,
    /// Proxies as `host:port`, separated by spaces; may hold passwords. Only [`ProxyUsage::Override`] uses them.
    pub proxy_list: Option<String>,
    /// Hosts that the engine connects to without a proxy, separated by spaces.
    pub proxy_bypass: Option<String>,
    /// Request headers of all files, each as `Name: value`; may hold secrets.
    pub header: Vec<String>,
    /// Request headers that are sent only after the origin has answered 401; may hold secrets.
    pub auth_header: Vec<String>,
    /// Whether a file that fails leaves the others running.
    pub keep_going: Option<bool>,
    /// The rate of all files of the job together.
    pub limit_rate: Option<Limit>,
    /// The notifications for which the engine calls the job's callback.
    pub notify: Vec<Notification>,
}

/// A rate in bytes per second; `None` is unlimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit(pub Option<u64>);

impl Settings {
    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Changes the settings of `job`. Those before the first one that fails stay changed.
    ///
    /// # Errors
    ///
    /// The engine rejects a value; the error is about its option of `haul jobs set`.
    pub async fn apply(&self, job: &Job) -> Result<(), CommandError> {
        let refused = |option: &'static str| move |error| CommandError::from(error).about(option);
        if let Some(name) = &self.display_name {
            job.set_display_name(name).await.map_err(refused("--display-name"))?;
        }
        if let Some(text) = &self.description {
            job.set_description(text).await.map_err(refused("--description"))?;
        }
        if let Some(priority) = self.priority {
            job.set_priority(priority.into()).await.map_err(refused("--priority"))?;
        }
        if let Some(seconds) = self.retry_interval {
            let delay = Duration::from_secs(seconds.into());
            job.set_minimum_retry_delay(delay).await.map_err(refused("--retry-interval"))?;
        }
        if let Some(seconds) = self.retry_timeout {
            let timeout = Duration::from_secs(seconds.into());
            job.set_no_progress_timeout(timeout).await.map_err(refused("--retry-timeout"))?;
        }
        if let Some(policy) = self.cost_policy {
            let property = JobProperty::CostFlags(policy.flags());
            job.set_property(property).await.map_err(refused("--cost-policy"))?;
        }
        if let Some(usage) = self.proxy_usage {
            let secret = |list: &Option<String>| list.as_deref().map(Into::into);
            let (proxy_list, proxy_bypass_list) = (secret(&self.proxy_list), secret(&self.proxy_bypass));
            let settings = ProxySettings { usage: usage.into(), proxy_list, proxy_bypass_list };
            job.set_proxy_settings(settings).await.map_err(refused("--proxy-usage"))?;
        }
        if !self.notify.is_empty() {
            job.set_notify_flags(Notification::flags(&self.notify)).await.map_err(refused("--notify"))?;
        }
        self.apply_options(job).await
    }

    /// Settings that BITS does not have.
    async fn apply_options(&self, job: &Job) -> Result<(), CommandError> {
        let mut options = job.options().await?;
        let before = options.clone();
        if !self.header.is_empty() {
            options.custom_headers = lines(&self.header).into();
        }
        if !self.auth_header.is_empty() {
            options.auth_headers = lines(&self.auth_header).into();
        }
        options.keep_going = self.keep_going.unwrap_or(options.keep_going);
        options.max_rate = self.limit_rate.map_or(options.max_rate, |limit| limit.0);
        if options == before {
            return Ok(());
        }
        job.set_options(options).await.map_err(|error| CommandError::from(error).about("--header"))
    }
}

fn lines(headers: &[String]) -> String {
    headers.iter().map(|header| format!("{header}\r\n")).collect()
}
