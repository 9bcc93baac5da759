//! Options of a job, as settings of the queue.

use haul_queue::vocabulary::{Notification, ProxyUsage};
use haul_queue::{CommandError, Settings};

use crate::arguments::jobs::JobSettings;
use crate::headers;

/// The settings, with each `@FILE` replaced by the lines of the file.
///
/// # Errors
///
/// If options contradict each other, or a file of headers cannot be used.
pub fn settled(options: JobSettings) -> Result<Settings, CommandError> {
    let reads = count_from_standard_input(&options);
    let mut settings = Settings::from(options);
    check(&settings).map_err(CommandError::misuse)?;
    if reads > 1 {
        return Err(CommandError::misuse("standard input can be read once only; name a file in the place of one @-"));
    }
    headers::read("--header", &mut settings.header)?;
    headers::read("--auth-header", &mut settings.auth_header)?;
    Ok(settings)
}

/// The number of options that read standard input.
pub fn count_from_standard_input(options: &JobSettings) -> usize {
    headers::count_from_standard_input(&options.header) + headers::count_from_standard_input(&options.auth_header)
}

fn check(settings: &Settings) -> Result<(), &'static str> {
    match (settings.proxy_usage, &settings.proxy_list) {
        (Some(ProxyUsage::Override), None) => Err("--proxy-usage override needs --proxy-list"),
        (Some(usage), Some(_)) if usage != ProxyUsage::Override => {
            Err("--proxy-list needs --proxy-usage override; leave out one of them")
        }
        _ if settings.notify.len() > 1 && settings.notify.contains(&Notification::None) => {
            Err("--notify: none stands alone")
        }
        _ => Ok(()),
    }
}
