//! The proxy of a job.

use std::fmt;

use crate::bindings::types;
use crate::mirror::{mirrored_enum, mirrored_secrets};
use crate::secret::Secret;

mirrored_enum! {
    /// BG_JOB_PROXY_USAGE.
    #[derive(Default)]
    ProxyUsage = types::ProxyUsage {
        /// The proxies that the host was configured with.
        #[default]
        Preconfig,
        NoProxy,
        /// One of the list.
        Override,
        /// The proxy that the host finds by itself.
        Autodetect,
    }
}

mirrored_secrets! {
    /// The proxy that the requests of a job go through.
    #[derive(Clone, Default, PartialEq, Eq)]
    ProxySettings = types::ProxySettings {
        usage: ProxyUsage,
        /// Proxies, `http://host:port` or `host:port`, separated by spaces or semicolons; the first one that answers is used. A prefix
        /// such as `https=` restricts one to URLs of that scheme.
        proxy_list: Option<Secret<String>>,
        /// Hosts that are asked directly, separated by spaces or semicolons: names, addresses, `*.domain`, and `<local>` for names
        /// without a dot.
        proxy_bypass_list: Option<Secret<String>>,
    }
}

/// Lists may hold passwords, and are not shown.
impl fmt::Debug for ProxySettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxySettings").field("usage", &self.usage).finish_non_exhaustive()
    }
}
