//! What a job is told: as it is typed, as it is sent to the process that has the queue, as it is applied.

use std::time::Duration;

use clap::Args;
use clap::builder::{ArgPredicate, BoolishValueParser};
use haul::{Job, JobProperty, ProxySettings};
use serde::{Deserialize, Serialize};

use super::problem::Problem;
use super::words::{CostPolicy, Notification, Priority, ProxyUsage};
use crate::{headers, schedule, values};

#[derive(Args, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What the job is called
    #[arg(short = 'n', long, visible_alias = "name", value_name = "NAME")]
    pub display_name: Option<String>,

    /// Whatever is to be remembered with the job
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,

    /// A job goes before those of lower levels [default: normal]
    #[arg(long, value_name = "LEVEL")]
    pub priority: Option<Priority>,

    /// Wait at least this long before a failed file is tried again; less than 5 counts as 5, and 0 leaves it to the engine
    #[arg(long, visible_alias = "min-retry-delay", value_name = "SECONDS", value_parser = values::number)]
    pub retry_interval: Option<u32>,

    /// Fail after this long without a byte [default: a day, in the foreground an hour]
    #[arg(long, visible_alias = "no-progress-timeout", value_name = "SECONDS", value_parser = values::number)]
    pub retry_timeout: Option<u32>,

    /// On which networks the job runs [default: standard, in the foreground always]
    #[arg(long, visible_alias = "transfer-policy", value_name = "POLICY")]
    pub cost_policy: Option<CostPolicy>,

    /// Which proxy requests go through [default: preconfig; with --proxy-list: override]
    #[arg(long, value_name = "USAGE", default_value_if("proxy_list", ArgPredicate::IsPresent, "override"))]
    pub proxy_usage: Option<ProxyUsage>,

    /// Proxies as host:port, separated by spaces; the first one that answers is used
    #[arg(long, value_name = "LIST")]
    pub proxy_list: Option<String>,

    /// Hosts that are asked without a proxy, separated by spaces
    #[arg(long, value_name = "LIST", requires = "proxy_list")]
    pub proxy_bypass: Option<String>,

    /// Request header of all files, as 'Name: value', or @FILE for a file with one a line, @- for standard input; repeatable
    #[arg(
        short = 'H',
        long,
        visible_alias = "custom-headers",
        value_name = "HEADER",
        value_parser = values::header_or_file,
    )]
    pub header: Vec<String>,

    /// Like --header, but sent only once the origin has answered 401; repeatable
    #[arg(long, value_name = "HEADER", value_parser = values::header_or_file)]
    pub auth_header: Vec<String>,

    /// A file that cannot be fetched does not stop the others
    #[arg(
        long,
        value_name = "yes|no",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "yes",
        value_parser = BoolishValueParser::new(),
    )]
    pub keep_going: Option<bool>,

    /// Bytes per second of all files of the job together, with K, M or G, or unlimited
    #[arg(long, value_name = "BYTES", value_parser = limit)]
    pub limit_rate: Option<Limit>,

    /// What a program that serves the queue is called for; with commas
    #[arg(long, visible_alias = "notify-flags", value_name = "WHAT,...", value_delimiter = ',')]
    pub notify: Vec<Notification>,
}

/// Bytes per second; `None` for as fast as it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit(pub Option<u64>);

fn limit(text: &str) -> Result<Limit, String> {
    schedule::rate(text).map(Limit)
}

impl Settings {
    fn check(&self) -> Result<(), String> {
        match (self.proxy_usage, &self.proxy_list) {
            (Some(ProxyUsage::Override), None) => Err("--proxy-usage override needs --proxy-list"),
            (Some(usage), Some(_)) if usage != ProxyUsage::Override => {
                Err("--proxy-list needs --proxy-usage override; leave out one of them")
            }
            _ if self.notify.len() > 1 && self.notify.contains(&Notification::None) => {
                Err("--notify: none stands alone")
            }
            _ => Ok(()),
        }
        .map_err(String::from)
    }

    /// Puts the lines of files in the place of their names.
    ///
    /// # Errors
    ///
    /// Options that contradict each other, or a file of headers that cannot be used.
    pub fn settle(&mut self) -> Result<(), Problem> {
        self.check().map_err(Problem::misuse)?;
        if self.count_from_standard_input() > 1 {
            return Err(Problem::misuse("standard input can be read once only; name a file in the place of one @-"));
        }
        headers::read("--header", &mut self.header)?;
        Ok(headers::read("--auth-header", &mut self.auth_header)?)
    }

    /// How often standard input is named.
    pub fn count_from_standard_input(&self) -> usize {
        headers::count_from_standard_input(&self.header) + headers::count_from_standard_input(&self.auth_header)
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Tells a job.
    pub async fn apply(&self, job: &Job) -> Result<(), Problem> {
        let refused = |option: &'static str| move |error| Problem::from(error).about(option);
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

    /// What haul has beside the properties of BITS.
    async fn apply_options(&self, job: &Job) -> Result<(), Problem> {
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
        job.set_options(options).await.map_err(|error| Problem::from(error).about("--header"))
    }
}

fn lines(headers: &[String]) -> String {
    headers.iter().map(|header| format!("{header}\r\n")).collect()
}
