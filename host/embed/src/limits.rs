//! The resources of this machine that a component may use.

use std::time::Duration;

macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty = $default:expr;)+) => {
        /// The resources that the component of an engine and its clients may use: they may be hostile.
        ///
        /// A call that exceeds a limit fails with an error, if it has one. Else it ends the component: calls then fail
        /// with [`Error::Trapped`](crate::Error::Trapped), which says which limit it was, and other engines go on.
        ///
        /// ```
        /// use std::time::Duration;
        ///
        /// let limits = haul::Limits::default().memory(64 << 20).call_time(Duration::from_secs(30));
        /// let builder = haul::Engine::builder().limits(limits);
        /// ```
        #[derive(Clone, Debug)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
        #[non_exhaustive]
        pub struct Limits {
            $($(#[doc = $doc])+ pub $name: $type,)+
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($name: $default,)+ }
            }
        }

        impl Limits {
            $($(#[doc = $doc])+
            #[must_use]
            pub const fn $name(mut self, $name: $type) -> Self {
                self.$name = $name;
                self
            })+
        }
    };
}

limits! {
    /// Bytes of linear memory, of all memories of the component together. Default: 256 MiB.
    memory: usize = 256 << 20;
    /// Linear memories. Default: 16.
    memories: usize = 16;
    /// Tables. Default: 64.
    tables: usize = 64;
    /// Elements of all tables together. Default: 100,000.
    table_elements: usize = 100_000;
    /// Instances of core modules. Default: 64.
    instances: usize = 64;
    /// Handles of the component model: those that the component holds, and those on downloads, jobs and files that the host holds.
    /// Default: 1,000,000.
    handles: usize = 1_000_000;
    /// Resources of its host that the component may hold at once: streams, pollables, requests, bodies, fields, files. Default: 10,000.
    resources: usize = 10_000;
    /// How long code may run without calling its host, in whole seconds. Default: 20 s.
    compute_time: Duration = Duration::from_secs(20);
    /// How long a call of the component may take, whatever it does. Completing a job of very many files is one call. Default: 10 minutes.
    call_time: Duration = Duration::from_secs(600);
    /// How long the component may take to come back for a command while it works on transfers. Default: 2 minutes.
    wake_time: Duration = Duration::from_secs(120);
    /// Bytes that one call may bring from the component to its host, in its parameters or in its results. Default: 128 MiB.
    call_bytes: usize = 128 << 20;
    /// Events that the component may report at once. Default: 100,000.
    events: usize = 100_000;
    /// Bytes of texts in one event or one status. Default: 64 KiB.
    event_bytes: usize = 64 << 10;
    /// Digests and content ids that the component may wait for at once. Default: 10,000.
    questions: usize = 10_000;
    /// Requests whose response has not been dropped: one for each connection of a download. More are refused with
    /// `connection-limit-reached`. Default: 512.
    requests: usize = 512;
    /// Bytes of a request's path with its query, and of its authority; longer ones are refused. Default: 64 KiB.
    url_bytes: usize = 64 << 10;
    /// Bytes that one set of header fields takes in memory; the component traps beyond. Default: 128 KiB.
    header_bytes: usize = 128 << 10;
    /// Sets of header fields that the component has made and not dropped. Default: 2,048.
    fields: usize = 2048;
    /// Files and directories that the component has open, about three for each download that is running. More are refused with
    /// `insufficient-memory`. Default: 512.
    open_files: usize = 512;
    /// Listings of directories that the component may hold; more are refused with `insufficient-memory`. Default: 16.
    listings: usize = 16;
    /// Bytes that the stream of a request's body, and one that a download writes to, hold at once. Default: 1 MiB.
    stream_bytes: usize = 1 << 20;
    /// Downloads, jobs, files, errors and enumerators that one client component may hold at once; it traps beyond. Default: 50,000.
    client_handles: usize = 50_000;
    /// Bytes that one call of a client component may hand to the engine; more are refused with E_OUTOFMEMORY. Default: 8 MiB.
    client_call_bytes: usize = 8 << 20;
}
