//! A scripted HTTP/1.1 origin on loopback.
//!
//! It implements RFC 9110 - ranges, `If-Range`, preconditions, persistent connections - and deviates only if a [`Fault`] tells it
//! to. It writes its responses byte by byte itself, so a test can put any malformed response on the wire. It records every
//! request together with its response, so a test waits for an entry of the log and not for time to pass.
//!
//! ```
//! # use haul_lab::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
//! # use std::io::{Read, Write};
//! let content = Content::new(1, 100_000);
//! let representation = Representation::new(content.clone()).strong_etag("v1");
//! let origin = Origin::start(Site::new().resource(
//!     "/file",
//!     Resource::new(representation).fault(When::Nth(0), Fault::CutAfter(40_000)),
//! ));
//!
//! let get = |range: &str| {
//!     let mut client = std::net::TcpStream::connect(origin.address()).unwrap();
//!     write!(client, "GET /file HTTP/1.0\r\nRange: bytes={range}\r\n\r\n").unwrap();
//!     let mut response = Vec::new();
//!     client.read_to_end(&mut response).unwrap();
//!     let head = response.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
//!     response.split_off(head)
//! };
//! let mut received = get("0-");
//! assert_eq!(received.len(), 40_000);
//! received.extend(get("40000-"));
//! assert!(received == content.bytes(0..100_000));
//!
//! origin.wait_for(|requests| requests.iter().filter(|request| request.ended).count() == 2);
//! assert_eq!(origin.requests()[1].range(), Some("bytes=40000-"));
//! assert_eq!(origin.body_bytes_sent(), 100_000);
//! ```

mod body;
mod content;
mod deliver;
mod fault;
mod log;
mod pace;
mod plan;
mod precondition;
mod range;
mod representation;
mod request;
mod response;
mod serve;
mod site;
mod state;
#[cfg(test)]
mod tests;
mod wire;

pub use content::Content;
pub use fault::{Fault, When};
pub use representation::{EntityTag, Representation};
pub use request::RecordedRequest;
pub use site::{Resource, Site};

use state::State;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

/// A running origin. It has its own thread and runtime, so that it serves synchronous and asynchronous tests alike. Dropping it
/// closes its connections and its port.
pub struct Origin {
    address: SocketAddr,
    state: Arc<State>,
    /// Dropping it stops the thread.
    alive: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Origin {
    /// Starts an origin on a free port of 127.0.0.1. It accepts connections as soon as this returns.
    ///
    /// # Panics
    ///
    /// If the system has no free port or cannot start a thread.
    pub fn start(site: Site) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port on loopback");
        listener.set_nonblocking(true).expect("a non-blocking port");
        let address = listener.local_addr().expect("the address of the port");
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime for the origin");
        let state = Arc::new(State::new(site));
        let (alive, stopped) = oneshot::channel();
        let served = state.clone();
        let thread = std::thread::Builder::new()
            .name("origin".into())
            .spawn(move || run(runtime, listener, served, stopped))
            .expect("a thread for the origin");
        Self { address, state, alive: Some(alive), thread: Some(thread) }
    }

    /// The address of the listening socket.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of a path, which begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests so far, in the order of arrival. A client may receive bytes an instant before they are recorded, so
    /// [`Origin::wait_for`] the expected record, such as `ended`.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state.log.read(<[_]>::to_vec)
    }

    /// The number of connections accepted so far.
    pub fn connections(&self) -> usize {
        self.state.connections()
    }

    /// The number of content bytes sent so far, over all requests.
    pub fn body_bytes_sent(&self) -> u64 {
        let sum = |requests: &[RecordedRequest]| requests.iter().map(|r| r.body_sent).sum();
        self.state.log.read(sum)
    }

    /// Blocks the thread until `shown` holds of the requests. It calls `shown` at once, perhaps before any request, and after
    /// each change. `shown` must not call the origin.
    ///
    /// # Panics
    ///
    /// If that takes longer than 30 seconds; the message has all requests.
    #[track_caller]
    pub fn wait_for(&self, shown: impl FnMut(&[RecordedRequest]) -> bool) {
        self.state.log.wait_for(shown);
    }

    /// Like [`Origin::wait_for`] for asynchronous tests: the thread stays free for the client. It needs a Tokio runtime with
    /// time.
    pub async fn until(&self, shown: impl FnMut(&[RecordedRequest]) -> bool) {
        self.state.log.until(shown).await;
    }

    /// Resumes all answers that [`Fault::HoldUntilReleased`] holds under this name, now or later.
    pub fn release(&self, name: &str) {
        self.state.release(name);
    }

    /// Replaces the representation at `path` for all later requests; responses under way keep the old bytes. The faults stay. If
    /// there is no resource, this creates one.
    pub fn replace(&self, path: &str, representation: impl Into<Representation>) {
        self.state.site().replace(path, representation.into());
    }

    /// Replaces the resource at `path` for all later requests, faults included. The count of requests continues.
    pub fn put(&self, path: &str, resource: impl Into<Resource>) {
        self.state.site().put(path.to_string(), resource.into());
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        drop(self.alive.take());
        if let Some(thread) = self.thread.take() {
            // The thread has reported its own panic.
            let _ = thread.join();
        }
    }
}

/// Serves until the other end of `stopped` is dropped. Dropping the runtime then drops all connections.
fn run(runtime: Runtime, listener: TcpListener, state: Arc<State>, stopped: oneshot::Receiver<()>) {
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).expect("a port to listen on");
        tokio::select! {
            () = serve::accept(listener, state) => {}
            _ = stopped => {}
        }
    });
}
