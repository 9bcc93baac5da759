//! Which proxy the requests of a job go through.

use crate::bindings::types;
use crate::mirror::mirrored_enum;

mirrored_enum! {
    /// BG_JOB_PROXY_USAGE.
    #[derive(Default)]
    ProxyUsage = types::ProxyUsage {
        /// What the host has been told to use.
        #[default]
        Preconfig,
        NoProxy,
        /// One of the list.
        Override,
        /// What the host finds out by itself.
        Autodetect,
    }
}

/// Which proxy the requests of a job go through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProxySettings {
    pub usage: ProxyUsage,
    /// Proxies, `http://host:port` or `host:port`, separated by spaces or semicolons; the first one that answers is used. A prefix
    /// such as `https=` restricts one to URLs of that scheme.
    pub proxy_list: Option<String>,
    /// Hosts that are asked directly, separated by spaces or semicolons: names, addresses, `*.domain`, and `<local>` for names
    /// without a dot.
    pub proxy_bypass_list: Option<String>,
}

impl From<ProxySettings> for types::ProxySettings {
    fn from(settings: ProxySettings) -> Self {
        let ProxySettings { usage, proxy_list, proxy_bypass_list } = settings;
        Self { usage: usage.into(), proxy_list, proxy_bypass_list }
    }
}

impl From<types::ProxySettings> for ProxySettings {
    fn from(settings: types::ProxySettings) -> Self {
        let types::ProxySettings { usage, proxy_list, proxy_bypass_list } = settings;
        Self { usage: usage.into(), proxy_list, proxy_bypass_list }
    }
}
