//! The HRESULTs that the library returns or recognises by itself. The component has the table of all of them; the two share no crate.

/// An HRESULT and its symbolic name.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    pub number: u32,
    pub name: &'static str,
}

pub const BLOCKED_BY_NO_NETWORK: Code = Code { number: 0x80D0_3805, name: "DO_E_BLOCKED_BY_NO_NETWORK" };
pub const INVALID_STATE: Code = Code { number: 0x80D0_2013, name: "DO_E_INVALID_STATE" };
pub const NO_SERVICE: Code = Code { number: 0x80D0_1001, name: "DO_E_NO_SERVICE" };
pub const OUT_OF_MEMORY: Code = Code { number: 0x8007_000E, name: "E_OUTOFMEMORY" };
