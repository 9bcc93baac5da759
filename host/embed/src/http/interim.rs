//! Answers before the answer: an origin may give some, but not for ever.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::Request;
use tokio::sync::Notify;

/// Interim responses that one request may get, so that an origin cannot keep a request busy for ever.
const MOST: usize = 64;

#[derive(Default)]
pub struct Interim {
    count: AtomicUsize,
    enough: Notify,
}

impl Interim {
    /// Counts those to `request`.
    pub fn of<B>(request: &mut Request<B>) -> Arc<Self> {
        let interim = Arc::<Self>::default();
        let counted = interim.clone();
        hyper::ext::on_informational(request, move |_| {
            if counted.count.fetch_add(1, Ordering::Relaxed) == MOST {
                counted.enough.notify_one();
            }
        });
        interim
    }

    /// Ends when there are too many.
    pub async fn too_many(&self) {
        self.enough.notified().await;
    }
}
