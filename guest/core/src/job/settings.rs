//! Settings of a job and their limits.

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::failure::Cause;
use crate::http::request_fields;
use crate::settings::network::CostFlags;
use crate::settings::proxy::ProxySettings;
use crate::text::secret::Secret;

/// Limits on a display name and on a description, in characters: those of BITS.
const LONGEST_NAME: usize = 256;
const LONGEST_DESCRIPTION: usize = 1024;

/// Smallest retry delay other than zero, in seconds, which BITS has too. Smaller values are raised to it.
const SHORTEST_RETRY_DELAY: u32 = 5;

/// BG_JOB_PRIORITY, the highest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Priority {
    Foreground,
    High,
    #[default]
    Normal,
    Low,
}

/// A set of BG_NOTIFY flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotifyFlags(u32);

impl NotifyFlags {
    pub const JOB_TRANSFERRED: Self = Self(0x1);
    pub const JOB_ERROR: Self = Self(0x2);
    pub const DISABLE: Self = Self(0x4);
    pub const JOB_MODIFICATION: Self = Self(0x8);
    pub const FILE_TRANSFERRED: Self = Self(0x10);
    pub const FILE_RANGES_TRANSFERRED: Self = Self(0x20);

    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    pub const fn bits(self) -> u32 {
        self.0
    }

    pub const fn has(self, flag: Self) -> bool {
        self.0 & flag.0 != 0
    }
}

impl Default for NotifyFlags {
    fn default() -> Self {
        Self(Self::JOB_TRANSFERRED.0 | Self::JOB_ERROR.0)
    }
}

/// Options beyond the properties of BITS and DO.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobOptions {
    pub custom_headers: Secret<String>,
    pub auth_headers: Secret<String>,
    /// Whether the other files continue after one has failed.
    pub keep_going: bool,
    /// Bytes per second, for all files together.
    pub max_rate: Option<u64>,
}

impl fmt::Debug for JobOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("JobOptions");
        shown.field("keep_going", &self.keep_going).field("max_rate", &self.max_rate).finish_non_exhaustive()
    }
}

/// One setting of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    DisplayName(String),
    Description(String),
    Priority(Priority),
    NotifyFlags(NotifyFlags),
    /// Seconds.
    MinimumRetryDelay(u32),
    /// Seconds.
    NoProgressTimeout(u32),
    CostFlags(CostFlags),
    /// A GUID as a number; zero for none.
    NotificationClass(u128),
    Proxy(ProxySettings),
    Options(JobOptions),
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Settings {
    pub display_name: String,
    pub description: String,
    pub priority: Priority,
    pub notify_flags: NotifyFlags,
    pub minimum_retry_delay: u32,
    no_progress_timeout: Option<u32>,
    cost_flags: Option<CostFlags>,
    pub notification_class: u128,
    pub proxy: ProxySettings,
    pub options: JobOptions,
}

impl Settings {
    /// # Errors
    ///
    /// [`Cause::InvalidArgument`] for a name of more than 256 characters.
    pub fn named(display_name: String) -> Result<Self, Cause> {
        let name = limited(display_name, LONGEST_NAME).map_err(|_| Cause::InvalidArgument)?;
        Ok(Self { display_name: name, ..Self::default() })
    }

    /// # Errors
    ///
    /// [`Cause::TextTooLong`]; [`Cause::NotSupported`] for notifications of ranges; the errors of request fields.
    pub fn set(&mut self, setting: Setting) -> Result<(), Cause> {
        match setting {
            Setting::DisplayName(name) => self.display_name = limited(name, LONGEST_NAME)?,
            Setting::Description(text) => self.description = limited(text, LONGEST_DESCRIPTION)?,
            Setting::Priority(priority) => self.priority = priority,
            Setting::NotifyFlags(flags) if flags.has(NotifyFlags::FILE_RANGES_TRANSFERRED) => {
                return Err(Cause::NotSupported);
            }
            Setting::NotifyFlags(flags) => self.notify_flags = flags,
            Setting::MinimumRetryDelay(0) => self.minimum_retry_delay = 0,
            Setting::MinimumRetryDelay(seconds) => self.minimum_retry_delay = seconds.max(SHORTEST_RETRY_DELAY),
            Setting::NoProgressTimeout(seconds) => self.no_progress_timeout = Some(seconds),
            Setting::CostFlags(flags) => self.cost_flags = Some(flags),
            Setting::NotificationClass(class) => self.notification_class = class,
            Setting::Proxy(proxy) => self.proxy = proxy,
            Setting::Options(options) => {
                request_fields::parse(options.custom_headers.expose())?;
                request_fields::parse(options.auth_headers.expose())?;
                self.options = options;
            }
        }
        Ok(())
    }

    pub fn is_foreground(&self) -> bool {
        self.priority == Priority::Foreground
    }

    /// Seconds.
    pub fn no_progress_timeout(&self) -> u32 {
        self.no_progress_timeout.unwrap_or(self.default_timeout())
    }

    /// Timeout of each transfer, in seconds. A job timeout of zero makes every failure final but must not end a transfer that has not
    /// failed, so such a transfer gets the default.
    pub fn transfer_no_progress_timeout(&self) -> u32 {
        match self.no_progress_timeout() {
            0 => self.default_timeout(),
            seconds => seconds,
        }
    }

    fn default_timeout(&self) -> u32 {
        if self.is_foreground() { 3600 } else { 86_400 }
    }

    pub fn cost_flags(&self) -> CostFlags {
        self.cost_flags.unwrap_or(CostFlags::default_for(self.is_foreground()))
    }

    /// Whether a transient failure becomes an error at once.
    pub fn every_failure_is_final(&self) -> bool {
        self.no_progress_timeout() == 0 || self.minimum_retry_delay > self.no_progress_timeout()
    }

    /// Whether headers or a proxy are set, either of which may hold passwords.
    pub fn has_secrets(&self) -> bool {
        let options = &self.options;
        let is_override = matches!(self.proxy, ProxySettings::Override { .. });
        is_override || !options.custom_headers.expose().is_empty() || !options.auth_headers.expose().is_empty()
    }

    /// Whether replacing these settings with `new` leaves one of these secrets in an old record.
    pub fn has_secrets_other_than(&self, new: &Self) -> bool {
        self.has_secrets() && (&self.proxy, &self.options) != (&new.proxy, &new.options)
    }

    pub fn footprint(&self) -> usize {
        self.display_name.len()
            + self.description.len()
            + self.proxy.footprint()
            + self.options.custom_headers.expose().len()
            + self.options.auth_headers.expose().len()
    }
}

fn limited(text: String, longest: usize) -> Result<String, Cause> {
    if text.chars().count() <= longest { Ok(text) } else { Err(Cause::TextTooLong) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_retry_delays_are_lengthened() {
        let mut settings = Settings::default();
        for (set, got) in [(0, 0), (1, 5), (5, 5), (600, 600)] {
            settings.set(Setting::MinimumRetryDelay(set)).unwrap();
            assert_eq!(settings.minimum_retry_delay, got);
        }
    }

    #[test]
    fn the_default_timeout_follows_the_priority() {
        let mut settings = Settings::default();
        assert_eq!(settings.no_progress_timeout(), 86_400);
        settings.set(Setting::Priority(Priority::Foreground)).unwrap();
        assert_eq!(settings.no_progress_timeout(), 3600);
        settings.set(Setting::NoProgressTimeout(0)).unwrap();
        assert!(settings.every_failure_is_final());
        assert_eq!(settings.transfer_no_progress_timeout(), 3600);
    }
}
