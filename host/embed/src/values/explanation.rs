//! The meaning of an HRESULT.

use crate::bindings::engine;

/// What an HRESULT means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    pub code: u32,
    /// The symbolic name in the headers.
    pub name: String,
    pub meaning: String,
    /// What to do about it, where haul reports it.
    pub advice: Option<String>,
}

impl From<engine::Explanation> for Explanation {
    fn from(explanation: engine::Explanation) -> Self {
        let engine::Explanation { code, name, meaning, advice } = explanation;
        Self { code, name, meaning, advice }
    }
}
