//! Scenarios: connections break, stall or redirect, or the origin is busy.

use haul_tests::origin::{Fault, Origin, RecordedRequest, Resource, Site, When};

use super::{BREAK, LENGTH, MIB, content, representation, serving, start};
use crate::stage::Stage;

pub fn cut(_: usize) -> Stage {
    served(Resource::new(representation()).fault(When::Every, Fault::CutAfter(BREAK)))
}

pub fn stall(probes: usize) -> Stage {
    served(Resource::new(representation()).fault(When::Nth(probes), Fault::StallAfter(MIB)))
}

/// The fault is in the third request of the download: one more follows, so a program can drop that connection and continue.
pub fn trickle(probes: usize) -> Stage {
    served(Resource::new(representation()).fault(When::Nth(probes + 2), Fault::Slow(1))).with_connections(4)
}

pub fn chunked(probes: usize) -> Stage {
    let cut = When::matching(move |request| (probes..probes + 2).contains(&request.nth));
    let chunked = Resource::new(representation()).fault(When::Every, Fault::Chunked);
    served(chunked.fault(cut, Fault::ChunkedTruncated(BREAK)))
}

/// The origin never sends a byte after 7 MiB, whatever the offset of the request.
pub fn truncated(_: usize) -> Stage {
    let made = |request: &RecordedRequest| {
        let left = (LENGTH - MIB).saturating_sub(start(request));
        Some(Resource::new(representation()).fault(When::Every, Fault::CutAfter(left)))
    };
    Stage::new(Site::new().fallback(made), [content()])
}

pub fn busy(_: usize) -> Stage {
    served(Resource::new(representation()).fault(When::First(2), Fault::retry_after(503, "1")))
}

/// Each redirect has a different target.
pub fn signed(_: usize) -> Stage {
    let storage = Origin::start(Site::new().fallback(|_| Some(valid_once())));
    let signed = storage.url("/signed/");
    let redirect = move |request: &RecordedRequest| {
        let location = format!("{signed}{}", request.nth);
        Some(Resource::new(content()).fault(When::Every, Fault::redirect(302, location)))
    };
    Stage::new(Site::new().fallback(redirect), [content()]).and_origin(storage)
}

fn valid_once() -> Resource {
    Resource::new(representation()).fault(When::Every, Fault::CutAfter(BREAK)).fault(When::From(1), Fault::status(403))
}

fn served(resource: Resource) -> Stage {
    Stage::new(serving(resource), [content()])
}
