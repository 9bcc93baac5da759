//! Options of a job, as settings of the queue.

use haul_queue::vocabulary::{Notification, ProxyUsage};
use haul_queue::{CommandError, Settings};

use crate::documents;

/// The settings, with each `@FILE` replaced by the lines of the file.
///
/// # Errors
///
/// If options contradict each other, or a file of headers cannot be used.
pub fn settled(mut settings: Settings) -> Result<Settings, CommandError> {
    check(&settings).map_err(CommandError::misuse)?;
    settings.header = documents::headers("--header", settings.header)?;
    settings.auth_header = documents::headers("--auth-header", settings.auth_header)?;
    Ok(settings)
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
