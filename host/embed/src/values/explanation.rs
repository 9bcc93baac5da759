//! The meaning of an HRESULT.

use crate::bindings::engine;
use crate::mirror::mirrored_record;

mirrored_record! {
    /// What an HRESULT means.
    #[derive(Clone, Debug, PartialEq, Eq)]
    Explanation = engine::Explanation {
        code: u32,
        /// The symbolic name in the headers.
        name: String,
        meaning: String,
        /// What to do about it, where haul reports it.
        advice: Option<String>,
    }
}
