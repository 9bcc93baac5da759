//! Who knows the addresses of hosts.

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

type Resolving = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// From the name of a host to its addresses. The default asks the system.
#[derive(Clone)]
pub struct HostResolver(Arc<dyn Fn(String) -> Resolving + Send + Sync>);

impl HostResolver {
    pub fn new<R>(resolve: impl Fn(String) -> R + Send + Sync + 'static) -> Self
    where
        R: Future<Output = io::Result<Vec<IpAddr>>> + Send + 'static,
    {
        Self(Arc::new(move |host| Box::pin(resolve(host))))
    }

    pub fn resolve(&self, host: &str) -> Resolving {
        (self.0)(host.to_owned())
    }
}

impl Default for HostResolver {
    fn default() -> Self {
        Self::new(async |host| {
            let addresses = tokio::net::lookup_host((host, 0)).await?;
            Ok(addresses.map(|address| address.ip()).collect())
        })
    }
}

impl fmt::Debug for HostResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HostResolver")
    }
}
