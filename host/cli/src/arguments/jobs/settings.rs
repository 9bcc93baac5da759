//! The settings of a job, as options.

use clap::Args;
use clap::builder::{ArgPredicate, BoolishValueParser};
use haul_queue::vocabulary::{CostPolicy, Notification, Priority, ProxyUsage};
use haul_queue::{Limit, Settings, schedule};

use crate::values::{self, vocabulary};

/// The options of `haul jobs create`, `add` and `set`.
#[derive(Args, Debug)]
pub struct JobSettings {
    /// What the job is called
    #[arg(short = 'n', long, visible_alias = "name", value_name = "NAME")]
    pub display_name: Option<String>,

    /// Whatever is to be remembered with the job
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,

    /// A job goes before those of lower levels [default: normal]
    #[arg(long, value_name = "LEVEL", value_parser = vocabulary::word::<Priority>())]
    pub priority: Option<Priority>,

    /// Wait at least this long before a failed file is tried again; less than 5 counts as 5, and 0 leaves it to the engine
    #[arg(long, visible_alias = "min-retry-delay", value_name = "SECONDS", value_parser = values::number)]
    pub retry_interval: Option<u32>,

    /// Fail after this long without a byte [default: a day, in the foreground an hour]
    #[arg(long, visible_alias = "no-progress-timeout", value_name = "SECONDS", value_parser = values::number)]
    pub retry_timeout: Option<u32>,

    /// On which networks the job runs [default: standard, in the foreground always]
    #[arg(long, visible_alias = "transfer-policy", value_name = "POLICY", value_parser = vocabulary::word::<CostPolicy>())]
    pub cost_policy: Option<CostPolicy>,

    /// Which proxy requests go through [default: preconfig; with --proxy-list: override]
    #[arg(
        long,
        value_name = "USAGE",
        value_parser = vocabulary::proxy_usage(),
        default_value_if("proxy_list", ArgPredicate::IsPresent, "override"),
    )]
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
    #[arg(
        long,
        visible_alias = "notify-flags",
        value_name = "WHAT,...",
        value_delimiter = ',',
        value_parser = vocabulary::word::<Notification>(),
    )]
    pub notify: Vec<Notification>,
}

fn limit(text: &str) -> Result<Limit, String> {
    schedule::rate(text).map(Limit)
}

impl From<JobSettings> for Settings {
    fn from(options: JobSettings) -> Self {
        Self {
            display_name: options.display_name,
            description: options.description,
            priority: options.priority,
            retry_interval: options.retry_interval,
            retry_timeout: options.retry_timeout,
            cost_policy: options.cost_policy,
            proxy_usage: options.proxy_usage,
            proxy_list: options.proxy_list,
            proxy_bypass: options.proxy_bypass,
            header: options.header,
            auth_header: options.auth_header,
            keep_going: options.keep_going,
            limit_rate: options.limit_rate,
            notify: options.notify,
        }
    }
}
