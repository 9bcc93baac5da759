//! Which proxy the requests of a job go through.

use std::fmt;

use crate::bindings::types;
use crate::mirror::mirrored_enum;
use crate::secret::Secret;

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
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ProxySettings {
    pub usage: ProxyUsage,
    /// Proxies, `http://host:port` or `host:port`, separated by spaces or semicolons; the first one that answers is used. A prefix
    /// such as `https=` restricts one to URLs of that scheme.
    pub proxy_list: Option<Secret<String>>,
    /// Hosts that are asked directly, separated by spaces or semicolons: names, addresses, `*.domain`, and `<local>` for names
    /// without a dot.
    pub proxy_bypass_list: Option<Secret<String>>,
}

/// Lists may hold passwords, and are not shown.
impl fmt::Debug for ProxySettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxySettings").field("usage", &self.usage).finish_non_exhaustive()
    }
}

impl From<ProxySettings> for types::ProxySettings {
    fn from(settings: ProxySettings) -> Self {
        let exposed = |list: Option<Secret<String>>| list.map(Secret::into_exposed);
        Self {
            usage: settings.usage.into(),
            proxy_list: exposed(settings.proxy_list),
            proxy_bypass_list: exposed(settings.proxy_bypass_list),
        }
    }
}

impl From<types::ProxySettings> for ProxySettings {
    fn from(settings: types::ProxySettings) -> Self {
        Self {
            usage: settings.usage.into(),
            proxy_list: settings.proxy_list.map(Into::into),
            proxy_bypass_list: settings.proxy_bypass_list.map(Into::into),
        }
    }
}
