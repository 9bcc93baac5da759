//! The meaning of an HRESULT.

use crate::bindings::engine;
use crate::mirror::mirrored_record;

mirrored_record! {
    /// An explanation of an HRESULT.
    #[derive(Clone, Debug, PartialEq, Eq)]
    Explanation = engine::Explanation {
        code: u32,
        /// The symbolic name in the headers.
        name: String,
        meaning: String,
        /// Advice, for a code that haul reports.
        advice: Option<String>,
    }
}
