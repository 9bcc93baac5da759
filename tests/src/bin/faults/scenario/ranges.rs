//! Scenarios: the first connection or run breaks, and the request that continues it gets a wrong answer.

use haul_tests::origin::{Fault, Resource, When};

use super::files::killed_on;
use super::{BREAK, LENGTH, content, representation, serving, start};
use crate::stage::Stage;

/// The distance by which a range moves.
const SHIFT: u32 = 64 << 10;

pub fn ignored(probes: usize) -> Stage {
    resumed_with(Fault::IgnoreRange, probes)
}

pub fn early(probes: usize) -> Stage {
    resumed_with(Fault::EarlierRange { by: SHIFT.into() }, probes)
}

pub fn late(probes: usize) -> Stage {
    resumed_with(Fault::WrongContentRange { shift: SHIFT.into() }, probes)
}

pub fn unnamed(probes: usize) -> Stage {
    resumed_with(Fault::MissingContentRange, probes)
}

pub fn refused(probes: usize) -> Stage {
    let headers = vec![("Content-Range".into(), format!("bytes */{LENGTH}"))];
    resumed_with(Fault::Status { status: 416, headers, body: Vec::new() }, probes)
}

pub fn portal(probes: usize) -> Stage {
    Stage::new(serving(broken(probes).fault(second_and_third(probes), Fault::HtmlPage)), [content()])
}

pub fn portal_between_runs(probes: usize) -> Stage {
    let resource = Resource::new(representation()).fault(second_and_third(probes), Fault::HtmlPage);
    killed_on(resource, [content()], 1)
}

fn second_and_third(probes: usize) -> When {
    When::matching(move |request| (probes + 1..probes + 3).contains(&request.nth))
}

/// Answers every request that does not start at the first byte with `fault`.
fn resumed_with(fault: Fault, probes: usize) -> Stage {
    let continues = When::matching(|request| start(request) > 0);
    Stage::new(serving(broken(probes).fault(continues, fault)), [content()])
}

/// The content; the first download connection breaks.
fn broken(probes: usize) -> Resource {
    Resource::new(representation()).fault(When::Nth(probes), Fault::CutAfter(BREAK))
}
