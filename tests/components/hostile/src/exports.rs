//! All exports of the engine. Functions that are not written out here carry out the order, if it names them, and trap.

pub mod download;
pub mod driver;
mod engine;
mod enumerators;
mod jobs;

use alloc::string::String;

use crate::bindings::exports::haul::delivery_optimization::types::{Failure, Fault};

/// Defines functions that carry out an order for them and then trap.
macro_rules! trapping {
    ($(fn $name:ident($($parameter:tt)*) $(-> $answer:ty)?;)+) => {
        $(#[allow(unused_variables, reason = "nothing is done with them")]
        fn $name($($parameter)*) $(-> $answer)? {
            crate::order::reached(stringify!($name));
            panic!(concat!(stringify!($name), " does nothing"))
        })+
    };
}

pub(crate) use trapping;

/// A failure whose description has `length` characters.
pub fn failure(length: usize) -> Failure {
    let description: String = "no".chars().cycle().take(length).collect();
    let (code, name, advice) = (u32::MAX, "E_FAIL".into(), String::new());
    Failure { code, name, fault: Fault::Engine, description, advice, rule: None }
}
