//! Properties: access, states that allow a change, and limits.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;

use super::{Download, State};
use crate::content::digest::ExpectedDigest;
use crate::failure::Cause;
use crate::http::request_fields;
use crate::layout::Wanted;
use crate::parse::url::Url;
use crate::parse::{client_certificate, visible_text};
use crate::settings::network::CostPolicy;
use crate::settings::property::{Properties, Property, PropertyId, SHORTEST_NO_PROGRESS_TIMEOUT, SecurityFlags};
use crate::settings::transfer_options::TransferOptions;
use crate::transfer::Transfer;

/// Limit on a display name, in characters: that of BITS for the names of jobs.
const LONGEST_DISPLAY_NAME: usize = 256;

/// Limit on a local path, in bytes: PATH_MAX of Linux.
const LONGEST_LOCAL_PATH: usize = 4096;

/// The previous values after a setter, for a rollback.
#[derive(Debug)]
pub(crate) enum Replaced {
    /// The properties, and whether the URL had been renewed.
    Properties(Box<Properties>, bool),
    Options(Box<TransferOptions>),
}

/// Abilities of the driver and the engine's configuration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Abilities {
    /// The driver understands private fields of an exchange.
    pub exchange_fields: bool,
    /// The driver resolves content ids.
    pub resolves_content: bool,
    /// The engine has a state directory.
    pub keeps_downloads: bool,
}

/// The states that allow a property to be set.
enum Settable {
    Never,
    Created,
    CreatedOrPaused,
    /// Before the end, but not while transferring.
    NotTransferring,
    BeforeTheEnd,
}

const fn settable(id: PropertyId) -> Settable {
    match id {
        PropertyId::Id
        | PropertyId::HttpRedirectionTarget
        | PropertyId::HttpResponseHeaders
        | PropertyId::HttpServerIpAddress
        | PropertyId::HttpStatusCode => Settable::Never,
        PropertyId::ContentId | PropertyId::LocalPath | PropertyId::StreamInterface | PropertyId::DecryptionInfo => {
            Settable::Created
        }
        PropertyId::Uri
        | PropertyId::SecurityFlags
        | PropertyId::SecurityContext
        | PropertyId::NetworkToken
        | PropertyId::IntegrityCheckInfo
        | PropertyId::IntegrityCheckMandatory => Settable::CreatedOrPaused,
        PropertyId::HttpCustomHeaders | PropertyId::HttpCustomAuthHeaders => Settable::NotTransferring,
        PropertyId::DisplayName
        | PropertyId::CostPolicy
        | PropertyId::CallbackFreqPercent
        | PropertyId::CallbackFreqSeconds
        | PropertyId::NoProgressTimeoutSeconds
        | PropertyId::ForegroundPriority
        | PropertyId::BlockingMode
        | PropertyId::CallbackInterface
        | PropertyId::CorrelationVector
        | PropertyId::TotalSizeBytes
        | PropertyId::DisallowOnCellular
        | PropertyId::HttpAllowSecureToNonSecureRedirect
        | PropertyId::NonVolatile => Settable::BeforeTheEnd,
    }
}

fn valid<T>(value: T, is_valid: impl FnOnce(&T) -> bool) -> Result<T, Cause> {
    if is_valid(&value) { Ok(value) } else { Err(Cause::InvalidArgument) }
}

fn supported(value: bool, able: bool) -> Result<(), Cause> {
    if able || !value { Ok(()) } else { Err(Cause::NotSupported) }
}

fn text(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.into())
}

impl Download {
    /// # Errors
    ///
    /// [`Cause::NotSet`] if the property has no value, [`Cause::WriteOnlyProperty`] if it cannot be read.
    pub fn property(&self, id: PropertyId) -> Result<Property, Cause> {
        let set = &self.properties;
        let value = match id {
            PropertyId::Id => Some(Property::Id(self.id.clone())),
            PropertyId::Uri => set.uri.as_ref().map(|url| Property::Uri(url.as_str().into())),
            PropertyId::ContentId => set.content_id.clone().map(Property::ContentId),
            PropertyId::DisplayName => set.display_name.clone().map(Property::DisplayName),
            PropertyId::LocalPath => self.final_path().map(Property::LocalPath),
            PropertyId::HttpCustomHeaders => text(set.custom_headers.expose()).map(Property::HttpCustomHeaders),
            PropertyId::HttpCustomAuthHeaders => text(set.auth_headers.expose()).map(Property::HttpCustomAuthHeaders),
            PropertyId::CostPolicy => Some(Property::CostPolicy(self.cost_policy())),
            PropertyId::CallbackFreqPercent => Some(Property::CallbackFreqPercent(set.callback_percent)),
            PropertyId::CallbackFreqSeconds => Some(Property::CallbackFreqSeconds(set.callback_seconds)),
            PropertyId::NoProgressTimeoutSeconds => {
                Some(Property::NoProgressTimeoutSeconds(set.no_progress_timeout_seconds))
            }
            PropertyId::ForegroundPriority => Some(Property::ForegroundPriority(set.foreground)),
            PropertyId::BlockingMode => Some(Property::BlockingMode(set.blocking)),
            PropertyId::CallbackInterface => Some(Property::CallbackInterface(set.calls_back)),
            PropertyId::StreamInterface => Some(Property::StreamInterface(set.streams)),
            PropertyId::CorrelationVector => set.correlation_vector.clone().map(Property::CorrelationVector),
            PropertyId::IntegrityCheckMandatory => Some(Property::IntegrityCheckMandatory(set.integrity_mandatory)),
            PropertyId::TotalSizeBytes => self.total().or(set.announced_size).map(Property::TotalSizeBytes),
            PropertyId::DisallowOnCellular => Some(Property::DisallowOnCellular(set.disallow_on_cellular)),
            PropertyId::HttpAllowSecureToNonSecureRedirect => {
                Some(Property::HttpAllowSecureToNonSecureRedirect(set.allow_insecure_redirect))
            }
            PropertyId::NonVolatile => Some(Property::NonVolatile(set.non_volatile)),
            PropertyId::HttpRedirectionTarget => self.report().redirected_to.map(Property::HttpRedirectionTarget),
            PropertyId::HttpResponseHeaders => self.report().last_fields.map(Property::HttpResponseHeaders),
            PropertyId::HttpServerIpAddress => self.report().server_address.map(Property::HttpServerIpAddress),
            PropertyId::HttpStatusCode => {
                self.report().last_status.map(|status| Property::HttpStatusCode(status.into()))
            }
            PropertyId::SecurityFlags
            | PropertyId::SecurityContext
            | PropertyId::NetworkToken
            | PropertyId::DecryptionInfo
            | PropertyId::IntegrityCheckInfo => return Err(Cause::WriteOnlyProperty),
        };
        value.ok_or(Cause::NotSet)
    }

    /// The local path, with the origin's file name if the origin was allowed to choose it.
    fn final_path(&self) -> Option<String> {
        let path = self.properties.local_path.clone()?;
        let Some(name) = self.transfer.as_deref().and_then(Transfer::origin_name) else { return Some(path) };
        let directory = path.rfind('/').map_or("", |end| &path[..=end]);
        Some(format!("{directory}{name}"))
    }

    pub(crate) fn cost_policy(&self) -> CostPolicy {
        self.properties.cost_policy.unwrap_or(CostPolicy::default_for(self.properties.foreground))
    }

    /// # Errors
    ///
    /// [`Cause::ReadOnlyProperty`] if only the engine sets the property, [`Cause::InvalidState`] if the state does not allow the change,
    /// [`Cause::NotSupported`] if the driver or the configuration lacks the ability, [`Cause::SinkAlreadySet`] for a path in addition to a
    /// stream, and [`Cause::InvalidUrl`], [`Cause::InvalidContentId`], [`Cause::ClientCertificateInvalid`] and [`Cause::InvalidArgument`]
    /// for invalid values.
    pub(crate) fn set_property(&mut self, property: Property, abilities: Abilities) -> Result<Replaced, Cause> {
        self.require_settable(property.id())?;
        let replaced = Replaced::Properties(Box::new(self.properties.clone()), self.uri_renewed);
        self.assign(property, abilities)?;
        self.changed = true;
        Ok(replaced)
    }

    fn assign(&mut self, property: Property, abilities: Abilities) -> Result<(), Cause> {
        let set = &mut self.properties;
        match property {
            Property::Uri(text) => {
                set.uri = Some(Url::parse(&text).ok_or(Cause::InvalidUrl)?);
                self.uri_renewed |= self.state == State::Paused;
            }
            Property::ContentId(id) => {
                visible_text::check_content_id(&id)?;
                set.content_id = Some(id);
            }
            Property::DisplayName(name) => {
                set.display_name = Some(valid(name, |name| name.chars().count() <= LONGEST_DISPLAY_NAME)?);
            }
            Property::LocalPath(_) if set.streams => return Err(Cause::SinkAlreadySet),
            Property::LocalPath(path) => {
                let sound = |path: &String| (1..=LONGEST_LOCAL_PATH).contains(&path.len()) && !path.contains('\0');
                set.local_path = Some(valid(path, sound)?);
            }
            Property::HttpCustomHeaders(text) => {
                request_fields::parse(&text)?;
                set.custom_headers = text.into();
            }
            Property::HttpCustomAuthHeaders(text) => {
                request_fields::parse(&text)?;
                set.auth_headers = text.into();
            }
            Property::CostPolicy(policy) => set.cost_policy = Some(policy),
            Property::SecurityFlags(flags) => {
                supported(flags != SecurityFlags::default(), abilities.exchange_fields)?;
                set.security_flags = flags;
            }
            Property::CallbackFreqPercent(percent) => set.callback_percent = valid(percent, |percent| *percent <= 100)?,
            Property::CallbackFreqSeconds(seconds) => set.callback_seconds = seconds,
            Property::NoProgressTimeoutSeconds(seconds) => {
                let sound = |seconds: &u32| *seconds == 0 || *seconds >= SHORTEST_NO_PROGRESS_TIMEOUT;
                set.no_progress_timeout_seconds = valid(seconds, sound)?;
            }
            Property::ForegroundPriority(foreground) => set.foreground = foreground,
            Property::BlockingMode(blocking) => set.blocking = blocking,
            Property::CallbackInterface(calls_back) => set.calls_back = calls_back,
            Property::StreamInterface(streams) => set.streams = valid(streams, |streams| !streams)?,
            Property::SecurityContext(certificate) => {
                if !certificate.is_empty() {
                    client_certificate::check(&certificate)?;
                    supported(true, abilities.exchange_fields)?;
                }
                set.security_context = certificate.into();
            }
            Property::NetworkToken(token) => {
                supported(token, abilities.exchange_fields)?;
                set.network_token = token;
            }
            Property::CorrelationVector(vector) => {
                visible_text::check_correlation_vector(&vector)?;
                set.correlation_vector = Some(vector);
            }
            Property::DecryptionInfo(info) => set.decryption = Some(info),
            Property::IntegrityCheckInfo(info) => set.integrity = Some(info),
            Property::IntegrityCheckMandatory(mandatory) => set.integrity_mandatory = mandatory,
            Property::TotalSizeBytes(size) => set.announced_size = Some(size),
            Property::DisallowOnCellular(disallow) => set.disallow_on_cellular = disallow,
            Property::HttpAllowSecureToNonSecureRedirect(allow) => set.allow_insecure_redirect = allow,
            Property::NonVolatile(keep) => {
                supported(keep, abilities.keeps_downloads && !set.streams)?;
                set.non_volatile = keep;
            }
            Property::Id(_)
            | Property::HttpRedirectionTarget(_)
            | Property::HttpResponseHeaders(_)
            | Property::HttpServerIpAddress(_)
            | Property::HttpStatusCode(_) => return Err(Cause::ReadOnlyProperty),
        }
        Ok(())
    }

    /// Rolls back a setter.
    pub(crate) fn put_back(&mut self, replaced: Replaced) {
        match replaced {
            Replaced::Properties(properties, uri_renewed) => {
                (self.properties, self.uri_renewed) = (*properties, uri_renewed);
            }
            Replaced::Options(options) => self.options = *options,
        }
        self.changed = true;
    }

    /// Bytes charged to the caller for this download, without piece digests and the last response head.
    pub(crate) fn footprint(&self) -> usize {
        let set = &self.properties;
        let texts = [&set.content_id, &set.display_name, &set.local_path, &set.correlation_vector];
        let ranges = match &self.wanted {
            Some(Wanted::Ranges(ranges)) => size_of_val(ranges.as_slice()),
            _ => 0,
        };
        let pieces_file = set.integrity.iter().map(|info| &info.url);
        let urls = set.uri.iter().chain(&self.options.mirrors).chain(pieces_file);
        let urls = urls.map(|url| url.as_str().len() + size_of::<Url>());
        let digests = self.options.expected.iter().map(|digest| digest.value.len() + size_of::<ExpectedDigest>());
        texts.into_iter().flatten().map(String::len).sum::<usize>()
            + set.custom_headers.expose().len()
            + set.auth_headers.expose().len()
            + set.security_context.expose().len()
            + urls.sum::<usize>()
            + digests.sum::<usize>()
            + ranges
            + size_of::<Self>()
            + self.transfer.as_deref().map_or(0, |_| Transfer::SIZE)
    }

    fn require_settable(&self, id: PropertyId) -> Result<(), Cause> {
        let allowed = match settable(id) {
            Settable::Never => return Err(Cause::ReadOnlyProperty),
            Settable::Created => self.state == State::Created,
            Settable::CreatedOrPaused => matches!(self.state, State::Created | State::Paused),
            Settable::NotTransferring => matches!(self.state, State::Created | State::Paused | State::Transferred),
            Settable::BeforeTheEnd => !self.is_over(),
        };
        if allowed { Ok(()) } else { Err(Cause::InvalidState) }
    }

    /// Sends the bytes to a stream.
    ///
    /// # Errors
    ///
    /// [`Cause::InvalidState`] after the start, [`Cause::SinkAlreadySet`] if a local path is set, [`Cause::NotSupported`] if the download
    /// is non-volatile.
    pub(crate) fn take_stream(&mut self) -> Result<(), Cause> {
        self.require_settable(PropertyId::StreamInterface)?;
        if self.properties.local_path.is_some() {
            return Err(Cause::SinkAlreadySet);
        }
        supported(self.properties.non_volatile, false)?;
        self.properties.streams = true;
        Ok(())
    }
}
