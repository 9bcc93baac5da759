//! An HTTP/1.1 origin on loopback which follows a script.
//!
//! It answers as RFC 9110 has it - ranges, `If-Range`, preconditions, persistent connections -
//! and deviates exactly where a [`Fault`] tells it to. It writes its responses byte for byte
//! itself, therefore anything at all can go wrong on the wire. Every request is recorded with
//! what was sent in answer, and a test can wait for the record to show something instead of
//! waiting for time to pass.
//!
//! ```
//! # use haul_tests::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
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

/// A running origin. It has a thread and a runtime of its own, so that it serves synchronous and
/// asynchronous tests alike; dropping it closes its connections and its port.
pub struct Origin {
    address: SocketAddr,
    state: Arc<State>,
    /// Dropping it stops the thread.
    alive: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Origin {
    /// Starts an origin on a free port of 127.0.0.1. Connections are accepted from now on.
    ///
    /// # Panics
    ///
    /// When the system has no port or no thread to give.
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

    /// Where the origin listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of a path, which begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests so far, in the order of arrival. A client may have received bytes an instant
    /// before they are recorded: [`Origin::wait_for`] what is expected, as `ended`.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state.log.read(<[_]>::to_vec)
    }

    /// How many connections have been accepted so far.
    pub fn connections(&self) -> usize {
        self.state.connections()
    }

    /// How many bytes of content have been sent so far, over all requests.
    pub fn body_bytes_sent(&self) -> u64 {
        let sum = |requests: &[RecordedRequest]| requests.iter().map(|r| r.body_sent).sum();
        self.state.log.read(sum)
    }

    /// Blocks the thread until `shown` holds of the requests. It is called at once - there may be
    /// no request yet - and after each change, and must not call the origin.
    ///
    /// # Panics
    ///
    /// With all requests, when that takes longer than 30 seconds.
    #[track_caller]
    pub fn wait_for(&self, shown: impl FnMut(&[RecordedRequest]) -> bool) {
        self.state.log.wait_for(shown);
    }

    /// Like [`Origin::wait_for`], for asynchronous tests: the thread stays free for the client.
    /// It needs a Tokio runtime with time.
    pub async fn until(&self, shown: impl FnMut(&[RecordedRequest]) -> bool) {
        self.state.log.until(shown).await;
    }

    /// Lets all answers go on which [`Fault::HoldUntilReleased`] halts under this name, now or
    /// later.
    pub fn release(&self, name: &str) {
        self.state.release(name);
    }

    /// Makes this the representation at `path` for all requests to come; what is being sent is
    /// finished with the old bytes. The faults stay. Without a resource there, one is made.
    pub fn replace(&self, path: &str, representation: impl Into<Representation>) {
        self.state.site().replace(path, representation.into());
    }

    /// Puts this resource at `path` for all requests to come, faults included. The count of
    /// requests goes on.
    pub fn put(&self, path: &str, resource: impl Into<Resource>) {
        self.state.site().put(path.to_string(), resource.into());
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        drop(self.alive.take());
        if let Some(thread) = self.thread.take() {
            // A panic there has been reported by the thread itself.
            let _ = thread.join();
        }
    }
}

/// Serves until the other end of `stopped` is dropped; then, with the runtime, all connections
/// are.
fn run(runtime: Runtime, listener: TcpListener, state: Arc<State>, stopped: oneshot::Receiver<()>) {
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).expect("a port to listen on");
        tokio::select! {
            () = serve::accept(listener, state) => {}
            _ = stopped => {}
        }
    });
}
