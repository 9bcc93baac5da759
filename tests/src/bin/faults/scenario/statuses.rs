//! Scenarios: the file comes with an unusual status, or is refused only for a while or only in parts.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use haul_tests::origin::{Fault, RecordedRequest, Resource, Site, When};

use super::files::killed_on;
use super::{BREAK, LENGTH, content, representation, serving};
use crate::stage::Stage;

pub fn ranges_forbidden(probes: usize) -> Stage {
    served(forbidden().fault(When::Nth(probes), Fault::CutAfter(BREAK)))
}

pub fn ranges_forbidden_between_runs(_: usize) -> Stage {
    killed_on(forbidden(), [content()], 1)
}

fn forbidden() -> Resource {
    Resource::new(representation()).fault(When::ranged(), Fault::status(403))
}

pub fn transformed(_: usize) -> Stage {
    served(answered(203, vec![]))
}

pub fn unrequested_part(_: usize) -> Stage {
    let range = format!("bytes 0-{}/{LENGTH}", LENGTH - 1);
    served(answered(206, vec![("Content-Range".into(), range)]))
}

fn answered(status: u16, headers: Vec<(String, String)>) -> Resource {
    let body = content().bytes(0..LENGTH);
    Resource::new(representation()).fault(When::unranged(), Fault::Status { status, headers, body })
}

pub fn choices(_: usize) -> Stage {
    let redirect = Resource::new(content()).fault(When::Every, Fault::redirect(300, "/preferred"));
    Stage::new(serving(redirect).resource("/preferred", representation()), [content()])
}

/// From the first request on.
pub fn busy_for_a_while(_: usize) -> Stage {
    let begun = OnceLock::new();
    let answer = move |_: &RecordedRequest| {
        let is_busy = begun.get_or_init(Instant::now).elapsed() < Duration::from_secs(3);
        let resource = Resource::new(representation());
        Some(if is_busy { resource.fault(When::Every, Fault::retry_after(503, "0")) } else { resource })
    };
    Stage::new(Site::new().fallback(answer), [content()])
}

fn served(resource: Resource) -> Stage {
    Stage::new(serving(resource), [content()])
}
