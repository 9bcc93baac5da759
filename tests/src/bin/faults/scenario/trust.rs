//! Scenarios: secrets that an origin must not get, and decisions that it must not make.

use haul_tests::origin::{Fault, Origin, Resource, When};

use super::{content, representation, serving};
use crate::stage::{PATH, Stage};

/// The other origin differs in name and port.
pub fn secrets(_: usize) -> Stage {
    let other = Origin::start(serving(representation()));
    let location = format!("http://localhost:{}{PATH}", other.address().port());
    let resource = Resource::new(representation()).fault(When::Every, Fault::redirect(302, location));
    let stage = Stage::new(serving(resource), [content()]).and_origin(other);
    Stage { fields: &["Authorization: Bearer secret", "Cookie: session=secret"], ..stage }
}

pub fn disposition(_: usize) -> Stage {
    let evil = representation().header("Content-Disposition", "attachment; filename=\"../../evil\"");
    Stage { named_by_origin: true, ..Stage::new(serving(evil), [content()]) }
}
