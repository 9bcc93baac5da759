//! The settings of a job, as options.

use clap::Args;
use clap::builder::{ArgPredicate, BoolishValueParser};
use haul_queue::vocabulary::{CostPolicy, Notification, Priority, ProxyUsage};
use haul_queue::{Limit, Settings, schedule};

use crate::values::{self, vocabulary};

/// The options of `haul jobs create`, `add` and `set`.
#[derive(Args, Debug)]
pub struct JobSettings {
    /// Display name of the job
    #[arg(short = 'n', long, visible_alias = "name", value_name = "NAME")]
    pub display_name: Option<String>,

    /// Note that is kept with the job
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,

    /// A job goes before those of lower levels [default: normal]
    #[arg(long, value_name = "LEVEL", value_parser = vocabulary::word::<Priority>())]
    pub priority: Option<Priority>,

    /// Seconds to wait at least before a failed file is tried again; less than 5 counts as 5, and 0 lets the engine choose
    #[arg(long, visible_alias = "min-retry-delay", value_name = "SECONDS", value_parser = values::number)]
    pub retry_interval: Option<u32>,

    /// Seconds without a byte after which the job fails [default: a day, in the foreground an hour]
    #[arg(long, visible_alias = "no-progress-timeout", value_name = "SECONDS", value_parser = values::number)]
    pub retry_timeout: Option<u32>,

    /// Allowed networks [default: standard, in the foreground always]
    #[arg(long, visible_alias = "transfer-policy", value_name = "POLICY", value_parser = vocabulary::word::<CostPolicy>())]
    pub cost_policy: Option<CostPolicy>,

    /// Source of the proxy [default: preconfig; with --proxy-list: override]
    #[arg(
        long,
        value_name = "USAGE",
        value_parser = vocabulary::proxy_usage(),
        default_value_if("proxy_list", ArgPredicate::IsPresent, "override"),
    )]
    pub proxy_usage: Option<ProxyUsage>,

    /// host:port entries, separated by spaces; the first that answers is used
    #[arg(long, value_name = "LIST")]
    pub proxy_list: Option<String>,

    /// Hosts that are reached directly, separated by spaces
    #[arg(long, value_name = "LIST", requires = "proxy_list")]
    pub proxy_bypass: Option<String>,

    /// Request header of all files; @FILE reads headers from a file, one on each line, and @- from standard input; repeatable
    #[arg(
        short = 'H',
        long,
        visible_alias = "custom-headers",
        value_name = "HEADER",
        value_parser = values::header_or_file,
    )]
    pub header: Vec<String>,

    /// Like --header, but sent only after the server has answered 401; repeatable
    #[arg(long, value_name = "HEADER", value_parser = values::header_or_file)]
    pub auth_header: Vec<String>,

    /// A failed file does not stop the others
    #[arg(
        long,
        value_name = "yes|no",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "yes",
        value_parser = BoolishValueParser::new(),
    )]
    pub keep_going: Option<bool>,

    /// Bytes per second of all files of the job together (suffix K, M or G), or unlimited
    #[arg(long, value_name = "BYTES", value_parser = limit)]
    pub limit_rate: Option<Limit>,

    /// Events that a program that serves the queue is called for, separated by commas
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
