//! Scenarios: the content changes, or appears to.

use haul_tests::origin::{Content, Fault, RecordedRequest, Representation, Resource, Site, When};

use super::files::killed_on;
use super::{BREAK, LENGTH, MIB, content, representation, serving, versioned};
use crate::stage::{Act, Stage};

/// The next version, of the same length.
fn next() -> Content {
    Content::new(2, LENGTH)
}

pub fn replaced(probes: usize) -> Stage {
    let new = versioned(next(), "v2", 2);
    replaced_by(new, representation(), probes)
}

pub fn replaced_without_validators(probes: usize) -> Stage {
    let new = Content::new(2, LENGTH + MIB);
    replaced_by(Representation::new(new), Representation::new(content()), probes)
}

fn replaced_by(new: Representation, old: Representation, probes: usize) -> Stage {
    let versions = [&old, &new].map(|version| version.content().clone());
    let resource = Resource::new(old).fault(When::Nth(probes), Fault::CutAfter(BREAK)).from_request(probes + 1, new);
    Stage::new(serving(resource), versions)
}

pub fn replaced_between_runs(probes: usize) -> Stage {
    let resource = Resource::new(representation()).from_request(probes + 1, versioned(next(), "v2", 2));
    killed_on(resource, [content(), next()], 1)
}

/// Every connection breaks, so each program makes requests after the change.
pub fn replaced_under_four_connections(_: usize) -> Stage {
    let old = Resource::new(representation())
        .fault(When::Every, Fault::CutAfter(MIB))
        .fault(When::Every, Fault::CapRate(MIB));
    let new = versioned(next(), "v2", 2).into();
    Stage::new(serving(old), [content(), next()]).with_connections(4).at(BREAK, Act::Serve(new))
}

pub fn edges(probes: usize) -> Stage {
    let made = move |request: &RecordedRequest| Some(edge(request).fault(When::Nth(probes), Fault::CutAfter(BREAK)));
    Stage::new(Site::new().fallback(made), [content()])
}

pub fn edges_under_four_connections(_: usize) -> Stage {
    let made = |request: &RecordedRequest| Some(edge(request).fault(When::Every, Fault::CapRate(2 * MIB)));
    Stage::new(Site::new().fallback(made), [content()]).with_connections(4)
}

/// The content, as the server machine of this connection has it.
fn edge(request: &RecordedRequest) -> Resource {
    Resource::new(representation().strong_etag(format!("edge-{}", request.connection)))
}
