//! Reading and writing properties: who may, when, and within which limits.

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

/// Longest display name, in characters.
const LONGEST_DISPLAY_NAME: usize = 256;

/// Longest local path, in bytes.
const LONGEST_LOCAL_PATH: usize = 4096;

/// What a call that sets something has replaced.
#[derive(Debug)]
pub(crate) enum Replaced {
    /// The properties, and whether the URL was a new one.
    Properties(Box<Properties>, bool),
    Options(Box<TransferOptions>),
}

/// What the driver and the settings of the engine make possible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Abilities {
    /// Private fields of an exchange are understood.
    pub exchange_fields: bool,
    /// Content ids are resolved.
    pub resolves_content: bool,
    /// There is a state directory.
    pub keeps_downloads: bool,
}

/// In which states a property can be set.
enum Settable {
    Never,
    Created,
    CreatedOrPaused,
    /// Before the end, but not while requests go out.
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
    /// [`Cause::NotSet`] where the property has no value, [`Cause::WriteOnlyProperty`].
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

    /// The local path, with the name that the origin gave to the file where it was left to it.
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
    /// [`Cause::ReadOnlyProperty`] for what only the engine sets, [`Cause::InvalidState`] where the state does not allow it,
    /// [`Cause::NotSupported`] for a property that the host cannot carry out, [`Cause::SinkAlreadySet`] for a path beside a stream, and
    /// [`Cause::InvalidUrl`], [`Cause::InvalidContentId`], [`Cause::ClientCertificateInvalid`] and
    /// [`Cause::InvalidArgument`] for values out of their limits.
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

    /// Puts back what a call has replaced.
    pub(crate) fn put_back(&mut self, replaced: Replaced) {
        match replaced {
            Replaced::Properties(properties, uri_renewed) => {
                (self.properties, self.uri_renewed) = (*properties, uri_renewed);
            }
            Replaced::Options(options) => self.options = *options,
        }
        self.changed = true;
    }

    /// Bytes that are kept for its caller, digests of pieces and the head of the last response not counted.
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

    /// The bytes go to a stream from now on.
    ///
    /// # Errors
    ///
    /// [`Cause::InvalidState`] once started, [`Cause::SinkAlreadySet`] beside a local path.
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
