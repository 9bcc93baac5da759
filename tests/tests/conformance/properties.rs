//! The thirty properties.

mod access;
mod callback;
mod headers;
mod identity;
pub mod integrity;
mod policy;
mod response;
mod security;
mod settable;
mod timing;

use crate::statement::Theme;

/// In the order of the page.
pub const THEMES: [Theme; 10] = [
    access::THEME,
    settable::THEME,
    identity::THEME,
    headers::THEME,
    policy::THEME,
    security::THEME,
    callback::THEME,
    timing::THEME,
    integrity::THEME,
    response::THEME,
];
