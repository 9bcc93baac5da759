//! Reading and writing properties: who may, when, and within which limits.

use alloc::format;
use alloc::string::String;

use super::{Download, State};
use crate::failure::Cause;
use crate::property::{Property, PropertyId, SHORTEST_NO_PROGRESS_TIMEOUT};
use crate::request_fields;
use crate::transfer::Transfer;
use crate::url::Url;

/// Longest display name, in characters.
const LONGEST_DISPLAY_NAME: usize = 256;

/// Longest local path, in bytes.
const LONGEST_LOCAL_PATH: usize = 4096;

impl Download {
    /// # Errors
    ///
    /// [`Cause::NotSet`] where the property has no value.
    pub fn property(&self, id: PropertyId) -> Result<Property, Cause> {
        let report = self.transfer.as_ref().map(Transfer::report);
        let report = report.as_ref();
        let text = |value: Option<&String>, make: fn(String) -> Property| value.cloned().map(make).ok_or(Cause::NotSet);
        match id {
            PropertyId::Id => Ok(Property::Id(self.id.clone())),
            PropertyId::Uri => self.uri.as_ref().map(|url| Property::Uri(url.as_str().into())).ok_or(Cause::NotSet),
            PropertyId::DisplayName => text(self.display_name.as_ref(), Property::DisplayName),
            PropertyId::LocalPath => self.final_path().map(Property::LocalPath).ok_or(Cause::NotSet),
            PropertyId::HttpCustomHeaders => text(self.custom_headers.as_ref(), Property::HttpCustomHeaders),
            PropertyId::CallbackFreqSeconds => Ok(Property::CallbackFreqSeconds(self.callback_seconds)),
            PropertyId::NoProgressTimeoutSeconds => Ok(Property::NoProgressTimeoutSeconds(self.no_progress_seconds)),
            PropertyId::ForegroundPriority => Ok(Property::ForegroundPriority(self.foreground)),
            PropertyId::TotalSizeBytes => {
                let known = self.transfer.as_ref().and_then(|transfer| transfer.total());
                known.or(self.announced_size).map(Property::TotalSizeBytes).ok_or(Cause::NotSet)
            }
            PropertyId::HttpAllowSecureToNonSecureRedirect => {
                Ok(Property::HttpAllowSecureToNonSecureRedirect(self.allow_insecure_redirect))
            }
            PropertyId::HttpRedirectionTarget => {
                text(report.and_then(|report| report.redirected_to.as_ref()), Property::HttpRedirectionTarget)
            }
            PropertyId::HttpResponseHeaders => {
                text(report.and_then(|report| report.last_fields.as_ref()), Property::HttpResponseHeaders)
            }
            PropertyId::HttpStatusCode => {
                let status = report.and_then(|report| report.last_status);
                status.map(|status| Property::HttpStatusCode(status.into())).ok_or(Cause::NotSet)
            }
        }
    }

    /// The local path, with the name that the origin gave to the file where it was left to it.
    fn final_path(&self) -> Option<String> {
        let path = self.local_path.clone()?;
        let Some(name) = self.transfer.as_ref().and_then(Transfer::origin_name) else { return Some(path) };
        let directory = path.rfind('/').map_or("", |end| &path[..=end]);
        Some(format!("{directory}{name}"))
    }

    /// # Errors
    ///
    /// [`Cause::ReadOnlyProperty`] for what only the engine sets; [`Cause::InvalidState`] for the local path once started,
    /// for the URL while transferring, and for everything after the end; [`Cause::InvalidUrl`] and
    /// [`Cause::InvalidArgument`] for values out of their limits.
    pub(crate) fn set_property(&mut self, property: Property) -> Result<(), Cause> {
        self.require(!matches!(self.state, State::Finalized | State::Aborted))?;
        match property {
            Property::Uri(text) => {
                self.require(matches!(self.state, State::Created | State::Paused))?;
                self.uri = Some(Url::parse(&text).ok_or(Cause::InvalidUrl)?);
                self.uri_renewed |= self.state == State::Paused;
            }
            Property::LocalPath(path) => {
                self.require(self.state == State::Created)?;
                let sound = !path.is_empty() && path.len() <= LONGEST_LOCAL_PATH && !path.contains('\0');
                self.local_path = Some(sound.then_some(path).ok_or(Cause::InvalidArgument)?);
            }
            Property::DisplayName(name) => {
                let sound = name.chars().count() <= LONGEST_DISPLAY_NAME;
                self.display_name = Some(sound.then_some(name).ok_or(Cause::InvalidArgument)?);
            }
            Property::HttpCustomHeaders(text) => {
                request_fields::parse(&text)?;
                self.custom_headers = Some(text);
            }
            Property::NoProgressTimeoutSeconds(seconds) => {
                let sound = seconds == 0 || seconds >= SHORTEST_NO_PROGRESS_TIMEOUT;
                self.no_progress_seconds = sound.then_some(seconds).ok_or(Cause::InvalidArgument)?;
            }
            Property::CallbackFreqSeconds(seconds) => self.callback_seconds = seconds,
            Property::ForegroundPriority(foreground) => self.foreground = foreground,
            Property::TotalSizeBytes(size) => self.announced_size = Some(size),
            Property::HttpAllowSecureToNonSecureRedirect(allow) => self.allow_insecure_redirect = allow,
            Property::Id(_)
            | Property::HttpRedirectionTarget(_)
            | Property::HttpResponseHeaders(_)
            | Property::HttpStatusCode(_) => return Err(Cause::ReadOnlyProperty),
        }
        Ok(())
    }
}
