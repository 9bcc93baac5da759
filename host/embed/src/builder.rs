//! The settings of an engine.

use std::fs::File;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use wasmtime_wasi::FsPerms;

use crate::clock::{self, Clock};
use crate::component::Other;
use crate::content_resolver::ContentResolver;
use crate::grants::Grants;
use crate::http::{HostCertificate, HostResolver, HttpSettings, NetworkToken, Pin, ProxyLists};
use crate::limits::Limits;
use crate::locks::{Lock, Locks};
use crate::policy::Policy;
use crate::secret::Secret;
use crate::values::{Content, Network};

/// Settings of an [`Engine`](crate::Engine); nothing is granted by default.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Builder {
    pub(crate) grants: Vec<(PathBuf, FsPerms)>,
    pub(crate) policy: Policy,
    pub(crate) clock: Option<clock::Shared>,
    pub(crate) limits: Limits,
    /// In place of the system's locks.
    pub(crate) lock: Option<fn(&File) -> Lock>,
    pub(crate) component: Option<Other>,
    pub(crate) max_running: Option<u32>,
    pub(crate) max_rate: Option<u64>,
    pub(crate) max_per_origin: Option<u32>,
    pub(crate) http: HttpSettings,
    pub(crate) state_directory: Option<PathBuf>,
    pub(crate) records_directory: Option<PathBuf>,
    pub(crate) network: Option<Network>,
    pub(crate) resolver: Option<ContentResolver>,
}

impl Builder {
    pub(crate) fn locks(&self) -> Locks {
        self.lock.map_or_else(Locks::default, Locks::by)
    }

    /// The state directory as the component knows it: under its real name.
    pub(crate) fn state_directory_in(&self, grants: &Grants) -> io::Result<Option<String>> {
        named(self.state_directory.as_deref(), grants)
    }

    /// The records directory as the component knows it.
    pub(crate) fn records_directory_in(&self, grants: &Grants) -> io::Result<Option<String>> {
        named(self.records_directory.as_deref(), grants)
    }

    /// Lets the engine read and write this directory and all below it. Links that lead out of it are not followed.
    pub fn grant(mut self, directory: impl AsRef<Path>) -> Self {
        self.grants.push((directory.as_ref().into(), FsPerms::ReadWrite));
        self
    }

    /// Lets the engine read this directory and all below it, for files that describe others. Writing there is refused
    /// with E_ACCESSDENIED, unless [`Builder::grant`] is given the same directory, or one around it.
    pub fn grant_read(mut self, directory: impl AsRef<Path>) -> Self {
        self.grants.push((directory.as_ref().into(), FsPerms::ReadOnly));
        self
    }

    /// The resources of this machine that the component and its clients may use. Default: [`Limits::default`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Another build of the component in the place of the one in this crate, as WebAssembly: for hosts that update it by itself. It is
    /// compiled when the engine opens, which takes seconds, and has the same sandbox: it needs not be trusted.
    pub fn component(mut self, wasm: impl Into<Vec<u8>>) -> Self {
        self.component = Some(Other::new(wasm.into()));
        self
    }

    /// The requests that the engine may make, and the bytes that it may transfer. Default: nothing, see [`Policy::deny_all`].
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Downloads that transfer at the same time; others wait their turn. With 0 all wait: for a program that only lists them. Default: 5.
    pub fn max_running(mut self, downloads: u32) -> Self {
        self.max_running = Some(downloads);
        self
    }

    /// Bytes per second of all downloads together. Default: no limit.
    pub fn max_rate(mut self, bytes_per_second: u64) -> Self {
        self.max_rate = Some(bytes_per_second);
        self
    }

    /// Exchanges with one origin, of all downloads together; each download may have one beyond it. Default: 16 if the engine
    /// chooses the number of connections, else no limit.
    pub fn max_per_origin(mut self, exchanges: u32) -> Self {
        self.max_per_origin = Some(exchanges);
        self
    }

    /// The directory of non-volatile downloads, so that another engine finds them. A directory that is missing is created for
    /// its owner alone. One that exists, or that a link leads to, keeps its mode; if others may write to it, opening fails. It holds
    /// the settings of downloads, in files that their owner alone can read: URLs, headers, certificates with their keys. One engine
    /// at a time may use it, and no download can have its file there. Default: nothing is kept.
    pub fn state_directory(mut self, directory: impl AsRef<Path>) -> Self {
        self.state_directory = Some(directory.as_ref().into());
        self
    }

    /// The directory of the key that authenticates journals, in a file that only this user can read, and of the records of finished
    /// files; made if it is missing, and made its owner's alone. Several engines may share it. A later engine with the same directory
    /// resumes partial files, and recognises finished files. Without it only a digest proves either. Default: the state directory.
    pub fn records_directory(mut self, directory: impl AsRef<Path>) -> Self {
        self.records_directory = Some(directory.as_ref().into());
        self
    }

    /// The network at the time when the engine opens; [`Engine::set_network`](crate::Engine::set_network) reports changes. Default:
    /// connected, and free.
    pub fn network(mut self, network: Network) -> Self {
        self.network = Some(network);
        self
    }

    /// A clock in the place of the machine's clocks.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(clock::Shared::new(clock));
        self
    }

    /// Resolves content ids. The function is called on a thread that it may block; it returns `None` for an unknown id.
    pub fn resolve_content(mut self, resolve: impl Fn(&str) -> Option<Content> + Send + Sync + 'static) -> Self {
        self.resolver = Some(ContentResolver::new(resolve));
        self
    }

    /// Resolves the names of hosts in the place of the system. The function is called for each connection, with the name as in the URL.
    ///
    /// ```
    /// # use std::net::Ipv4Addr;
    /// let builder = haul::Engine::builder().resolve_host(async |host: String| match host.as_str() {
    ///     "files.example" => Ok(vec![Ipv4Addr::LOCALHOST.into()]),
    ///     _ => Err(std::io::ErrorKind::NotFound.into()),
    /// });
    /// # let _ = builder;
    /// ```
    pub fn resolve_host<R>(mut self, resolve: impl Fn(String) -> R + Send + Sync + 'static) -> Self
    where
        R: Future<Output = io::Result<Vec<IpAddr>>> + Send + 'static,
    {
        self.http.hosts = HostResolver::new(resolve);
        self
    }

    /// Whether HTTP/2 is spoken with origins that offer it. Requests for ranges go over HTTP/1.1 in any case, each over a connection
    /// of its own, because several connections carry a large file faster than one. Default: yes.
    pub fn http2(mut self, offered: bool) -> Self {
        self.http.without_http2 = !offered;
        self
    }

    /// Trusts these authorities beside those of the system: certificates in PEM (one or several) or DER (one).
    pub fn root_certificate(mut self, certificate: impl Into<Vec<u8>>) -> Self {
        self.http.root_certificates.push(certificate.into());
        self
    }

    /// Whether the authorities of the system are trusted. Without them only those of [`Self::root_certificate`] are. Default: yes.
    pub fn system_roots(mut self, trusted: bool) -> Self {
        self.http.only_extra_roots = !trusted;
        self
    }

    /// A client certificate for some origins, for downloads that have none of their own. `hosts` is a host, `*.domain` for those below
    /// it, an address, or a range of addresses, each with `:port` for one port only. `chain` and `key` are PEM, the client's own
    /// certificate first. Of several for one origin the first counts.
    ///
    /// It is not shown in an exchange whose security flags skip a check of the origin's certificate, nor through a proxy that the
    /// caller named.
    pub fn client_certificate(
        mut self,
        hosts: impl Into<String>,
        chain: impl Into<Vec<u8>>,
        key: impl AsRef<[u8]>,
    ) -> Self {
        let mut pem: Vec<u8> = chain.into();
        pem.push(b'\n');
        pem.extend_from_slice(key.as_ref());
        self.http.client_certificates.push(HostCertificate { hosts: hosts.into(), pem: pem.into() });
        self
    }

    /// A key that a host may have: the SHA-256 of its SubjectPublicKeyInfo in DER. With one or several pins for a host, or for a proxy
    /// that is spoken to over TLS, its certificate is verified as ever, and the key in it has to be one of these, whatever flags of
    /// a download pass over. `host` is a name or an address, without a port.
    pub fn pin(mut self, host: impl Into<String>, key: [u8; 32]) -> Self {
        self.http.pins.push(Pin { host: host.into(), key });
        self
    }

    /// Certificate revocation lists, in PEM (one or several) or DER (one). Downloads that ask for revocation refuse a server whose
    /// chain has a certificate that is on one of them, or of which none that is in force tells. Others do not look at them.
    pub fn revocation_list(mut self, list: impl Into<Vec<u8>>) -> Self {
        self.http.revocation_lists.push(list.into());
        self
    }

    /// The value of Authorization, such as `Bearer ...`, for requests that go out with the token of `caller` to `origin`,
    /// `https://host[:port]`. It takes the place of one that the caller set. With an origin of http it crosses the network in
    /// plain text. Of two values for one caller and one origin the later counts.
    ///
    /// A caller gets its token when it asks this engine for it: it sets [`Property::NetworkToken`](crate::Property::NetworkToken)
    /// through a handle of the host or as a client, or it starts a download that an earlier engine has kept. The component's word for
    /// the caller is not enough. A request that asks for the token fails with [`Rule::NetworkToken`](crate::Rule::NetworkToken) if
    /// the caller did not, if its security flags skip a check of the origin's certificate, or if it goes through a proxy that the
    /// caller named.
    pub fn network_token(
        mut self,
        caller: impl Into<String>,
        origin: impl Into<String>,
        authorization: impl Into<String>,
    ) -> Self {
        let (caller, origin, authorization) = (caller.into(), origin.into(), Secret::new(authorization.into()));
        self.http.network_tokens.push(NetworkToken { caller, origin, authorization });
        self
    }

    /// Proxies for every exchange that does not say otherwise, and for those that leave it to the host to find one: it does not
    /// look for any by itself. Default: none.
    ///
    /// `list`: `[scheme=][http://][user[:password]@]host[:port]`, separated by spaces or semicolons; the default port is 80. In the
    /// place of `http://` there may be `https://` for a proxy that is spoken to over TLS, with 443, or SOCKS5 with 1080: `socks5://`
    /// for one that is told addresses, `socks5h://` for one that is told names. The first one that answers is used; one that does
    /// not is tried after the others for a minute. A prefix such as `https=` restricts one to URLs of that scheme; a URL for which
    /// there is none is asked for directly. User and password are percent-encoded, and go to their proxy alone; without TLS
    /// they cross the network in plain text.
    ///
    /// `bypass`: hosts without a proxy, separated likewise: names, addresses, `*.domain` for the names below it, ranges such as
    /// `10.0.0.0/8`, each with `:port` for one port only, and `<local>` for names without a dot. May be empty.
    ///
    /// Requests for https go through a tunnel; those for http are read by the proxy. Either way the address of the server is not
    /// known. If a policy restricts addresses, they are resolved and checked here: no proxy is told a name, and requests for http
    /// go through a tunnel too, which not every proxy makes for port 80. A proxy that is named here may have any address; one that
    /// a download names must be allowed by [`Policy::allow_proxy`] and have an address that the policy admits.
    pub fn proxy(mut self, list: impl Into<String>, bypass: impl Into<String>) -> Self {
        self.http.proxies = Some(ProxyLists { list: Secret::new(list.into()), bypass: Secret::new(bypass.into()) });
        self
    }
}

/// A directory as the component knows it: under its real name.
fn named(directory: Option<&Path>, grants: &Grants) -> io::Result<Option<String>> {
    let Some(directory) = directory else { return Ok(None) };
    let named = grants.name(directory)?;
    Ok(Some(named.to_str().ok_or(io::ErrorKind::InvalidFilename)?.into()))
}
