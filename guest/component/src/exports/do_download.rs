//! `do-download`

use haul_core::border::identity::DownloadId;

use super::{Component, convert, with_shell};
use crate::bindings::exports::haul::delivery_optimization::do_download::{
    DownloadStatus, Guest, GuestDownload, OutputStream, Property, PropertyId, StartMode,
};
use crate::instance;

/// A caller's hold on a download.
pub struct Handle(pub DownloadId);

impl Clone for Handle {
    fn clone(&self) -> Self {
        instance::with(|shell| shell.hold(self.0));
        Self(self.0)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        instance::with(|shell| shell.let_go(self.0));
    }
}

impl Guest for Component {
    type Download = Handle;
}

impl GuestDownload for Handle {
    fn start(&self, mode: StartMode) -> Result<(), convert::Failure> {
        with_shell(|shell| shell.start(self.0, convert::start_mode(mode)))
    }

    fn pause(&self) -> Result<(), convert::Failure> {
        with_shell(|shell| shell.pause(self.0))
    }

    fn abort(&self) -> Result<(), convert::Failure> {
        with_shell(|shell| shell.abort(self.0))
    }

    fn finalize(&self) -> Result<(), convert::Failure> {
        with_shell(|shell| shell.finalize(self.0))
    }

    fn get_status(&self) -> DownloadStatus {
        let status = instance::with(|shell| shell.status(self.0)).flatten();
        convert::status(status)
    }

    fn get_property(&self, id: PropertyId) -> Result<Property, convert::Failure> {
        with_shell(|shell| convert::property_out(shell.property(self.0, convert::property_id(id))?))
    }

    fn set_property(&self, value: Property) -> Result<(), convert::Failure> {
        with_shell(|shell| shell.set_property(self.0, convert::property_in(value)?))
    }

    fn set_stream_interface(&self, sink: OutputStream) -> Result<(), convert::Failure> {
        with_shell(|shell| shell.set_stream(self.0, sink))
    }
}
