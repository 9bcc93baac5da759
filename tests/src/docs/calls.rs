//! Where each call of COM's two families went: its name in WIT, and its name in Rust.

mod delivery;
mod download;
mod file;
mod internal;
mod job;
mod job_error;
mod job_manager;
mod job_properties;
mod manager;
mod properties;

use super::markdown::{head, row};

/// One call or one property.
pub struct Call {
    /// As the headers name it, with what goes in and out.
    pub com: &'static str,
    /// The interface in `wit/`.
    pub interface: &'static str,
    /// A function of it, as `download.start`, or a case of a variant, as `property.uri`.
    pub wit: &'static str,
    /// Public items of the crate `haul`, as `Download::start`.
    pub rust: &'static [&'static str],
    /// What a caller who comes from COM meets otherwise than there.
    pub remark: &'static str,
}

/// The calls of one COM interface.
pub struct Group {
    pub title: &'static str,
    pub about: &'static str,
    pub calls: &'static [Call],
}

/// The native family, interface by interface, and then that of jobs.
pub const GROUPS: [&Group; 19] = [
    &manager::MANAGER,
    &manager::ENUMERATOR,
    &download::DOWNLOAD,
    &properties::PROPERTIES,
    &download::CALLBACK,
    &internal::INTERNAL,
    &internal::PROPERTIES,
    &job_manager::MANAGER,
    &job_manager::ENUMERATOR,
    &job::JOB,
    &job_properties::JOB5,
    &delivery::JOB,
    &job::CALLBACK,
    &job_error::ERROR,
    &file::FILE,
    &file::FILE2,
    &file::FILE5,
    &delivery::FILE,
    &file::ENUMERATOR,
];

/// All calls of all groups.
pub fn all() -> impl Iterator<Item = &'static Call> {
    GROUPS.iter().flat_map(|group| group.calls)
}

/// The page with one table a group.
pub(super) fn page() -> String {
    let mut page = String::from(INTRODUCTION);
    for group in GROUPS {
        page.push_str(&format!("\n## {}\n\n{}\n\n", group.title, group.about));
        page.push_str(&head(&["COM", "WIT", "Rust", "Remark"]));
        page.extend(group.calls.iter().map(line));
    }
    page
}

fn line(call: &Call) -> String {
    let rust: Vec<_> = call.rust.iter().map(|item| format!("`{item}`")).collect();
    let wit = format!("[`{0}`](interfaces.md#{0}) `{1}`", call.interface, call.wit);
    row([&*format!("`{}`", call.com), &wit, &rust.join(", "), call.remark])
}

const INTRODUCTION: &str = "\
# From COM to WIT to Rust

Each call of Delivery Optimization's interfaces and of BITS' jobs, with its function or case in `wit/` and its item in the crate `haul`.
`make docs` writes this page. [interfaces.md](interfaces.md) describes each call, and [conformance.md](conformance.md) lists the tested
statements.

These rules hold for all calls:

- A failing HRESULT is the record `failure` in WIT, and `Error::Failed` with a `Failure` in Rust. S_OK is success.
- A VARIANT is a case of the variant `property`, so a value always has the type of its property.
- The caller owns the strings and arrays that a call returns, and releases a returned object by dropping it.
- QueryInterface has no counterpart: the functions of the other interface borrow the object.
";
