//! `do-manager`

use super::do_download::Handle;
use super::{Component, convert, with_shell};
use crate::bindings::exports::haul::delivery_optimization::do_manager::{Download, Guest};

impl Guest for Component {
    fn create_download() -> Result<Download, convert::Failure> {
        with_shell(|shell| Ok(Download::new(Handle(shell.create()))))
    }
}
