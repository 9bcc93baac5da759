//! The properties of a download.

use std::path::{Path, PathBuf};

use super::Download;
use crate::codes;
use crate::error::Error;
use crate::values::{CostPolicy, Property, PropertyEx, PropertyId, PropertyIdEx, TransferOptions};

impl Download {
    /// Sets the URL.
    ///
    /// # Errors
    ///
    /// INET_E_INVALID_URL; DO_E_INVALID_STATE while transferring and after the end.
    pub async fn set_uri(&self, url: &str) -> Result<(), Error> {
        self.set_property(Property::Uri(url.into())).await
    }

    /// Sets the path of the file, in a granted directory; a relative one counts from the current directory.
    ///
    /// # Errors
    ///
    /// E_INVALIDARG for a path that cannot be used; DO_E_INVALID_STATE once started.
    pub async fn set_local_path(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.set_property(Property::LocalPath(self.shared.link.grants().text(path.as_ref())?)).await
    }

    /// A property whose path, if it is one, is named as the component knows it.
    pub(super) fn granted(&self, property: Property) -> Result<Property, Error> {
        match property {
            Property::LocalPath(path) => self.shared.link.grants().text(Path::new(&path)).map(Property::LocalPath),
            other => Ok(other),
        }
    }

    /// Sets a property. A path is taken as [`Download::set_local_path`] takes it.
    ///
    /// # Errors
    ///
    /// DO_E_READ_ONLY_PROPERTY; DO_E_INVALID_STATE if the state does not allow it, see [`Property`]; E_INVALIDARG, INET_E_INVALID_URL or
    /// DO_E_INVALID_CONTENT_ID for a value outside its limits; E_OUTOFMEMORY if the caller has set too much; E_NOTIMPL for a property that
    /// this engine does not support; the disk's error if a non-volatile download cannot be stored.
    pub async fn set_property(&self, property: Property) -> Result<(), Error> {
        let property = self.granted(property)?;
        let download = self.shared.download.resource;
        let removes_callback = property == Property::CallbackInterface(false);
        if property == Property::NetworkToken(true) {
            self.allow_token();
        }
        self.shared.link.call(async move |instance| instance.set_property(download, property).await).await?;
        if removes_callback {
            self.shared.link.callbacks().remove(self.id());
        }
        Ok(())
    }

    /// # Errors
    ///
    /// E_NOT_SET if the property has no value yet and no default; DO_E_WRITE_ONLY_PROPERTY.
    pub async fn property(&self, id: PropertyId) -> Result<Property, Error> {
        let download = self.shared.download.resource;
        self.shared.link.call(async move |instance| instance.property(download, id).await).await
    }

    /// # Errors
    ///
    /// DO_E_INVALID_STATE once started; E_INVALIDARG for a digest of the wrong length or zero connections.
    pub async fn set_options(&self, options: TransferOptions) -> Result<(), Error> {
        let download = self.shared.download.resource;
        self.shared.link.call(async move |instance| instance.set_options(download, options).await).await
    }

    /// Reads a property of IDODownloadInternal. Deprecated there: use [`Download::property`].
    ///
    /// # Errors
    ///
    /// DO_E_UNKNOWN_PROPERTY_ID for a reserved one, DO_E_WRITE_ONLY_PROPERTY, E_NOT_SET.
    pub async fn property_ex(&self, id: PropertyIdEx) -> Result<PropertyEx, Error> {
        let download = self.shared.download.resource;
        self.shared.link.call(async move |instance| instance.property_ex(download, id).await).await
    }

    /// Sets a property of IDODownloadInternal. Deprecated there: use [`Download::set_property`].
    ///
    /// # Errors
    ///
    /// DO_E_UNKNOWN_PROPERTY_ID for a reserved one, and those of [`Download::set_property`].
    pub async fn set_property_ex(&self, property: PropertyEx) -> Result<(), Error> {
        let download = self.shared.download.resource;
        self.shared.link.call(async move |instance| instance.set_property_ex(download, property).await).await
    }

    /// The path of the local file: absolute, with the real names of its directories; `None` if none was set.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn local_path(&self) -> Result<Option<PathBuf>, Error> {
        match self.set(PropertyId::LocalPath).await? {
            Some(Property::LocalPath(path)) => Ok(Some(path.into())),
            other => none(other),
        }
    }

    /// The value of a property; `None` if it was never set.
    async fn set(&self, id: PropertyId) -> Result<Option<Property>, Error> {
        match self.property(id).await {
            Ok(value) => Ok(Some(value)),
            Err(Error::Failed(failure)) if failure.code == codes::E_NOT_SET => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// No value, as opposed to that of another property than the one that was asked for.
fn none<T>(value: Option<Property>) -> Result<Option<T>, Error> {
    match value {
        None => Ok(None),
        Some(other) => Err(Error::Trapped(format!("the engine answered with {:?}", other.id()))),
    }
}

/// Getters of properties that may have no value.
macro_rules! optional {
    ($($(#[doc = $doc:literal])+ $getter:ident: $case:ident($type:ty);)+) => {
        impl Download {
            $(
                $(#[doc = $doc])+
                /// `None` if it has no value.
                ///
                /// # Errors
                ///
                /// [`Error::Closed`] and [`Error::Trapped`] only.
                pub async fn $getter(&self) -> Result<Option<$type>, Error> {
                    match self.set(PropertyId::$case).await? {
                        Some(Property::$case(value)) => Ok(Some(value)),
                        other => none(other),
                    }
                }
            )+
        }
    };
}

/// Getters of properties that have a default.
macro_rules! defaulted {
    ($($(#[doc = $doc:literal])+ $getter:ident: $case:ident($type:ty);)+) => {
        impl Download {
            $(
                $(#[doc = $doc])+
                ///
                /// # Errors
                ///
                /// [`Error::Closed`] and [`Error::Trapped`] only.
                pub async fn $getter(&self) -> Result<$type, Error> {
                    match self.property(PropertyId::$case).await? {
                        Property::$case(value) => Ok(value),
                        other => Err(Error::Trapped(format!("the engine answered with {:?}", other.id()))),
                    }
                }
            )+
        }
    };
}

optional! {
    /// The URL.
    uri: Uri(String);
    /// The content id.
    content_id: ContentId(String);
    /// The display name.
    display_name: DisplayName(String);
    /// The request headers.
    http_custom_headers: HttpCustomHeaders(String);
    /// The request headers for an origin that has asked for credentials.
    http_custom_auth_headers: HttpCustomAuthHeaders(String);
    /// The text for tracing.
    correlation_vector: CorrelationVector(String);
    /// The size of the local file in bytes, declared by the origin or announced by the caller.
    total_size_bytes: TotalSizeBytes(u64);
    /// The URL that gave the last response, if it is another one.
    http_redirection_target: HttpRedirectionTarget(String);
    /// The header fields of the last response, as [`Property::HttpResponseHeaders`] describes.
    http_response_headers: HttpResponseHeaders(String);
    /// The address of the server that gave the last response.
    http_server_ip_address: HttpServerIpAddress(String);
    /// The status of the last response.
    http_status_code: HttpStatusCode(u32);
}

defaulted! {
    /// The networks on which it runs.
    cost_policy: CostPolicy(CostPolicy);
    /// The progress between two status events, in percent.
    callback_freq_percent: CallbackFreqPercent(u32);
    /// The time between two status events, in seconds.
    callback_freq_seconds: CallbackFreqSeconds(u32);
    /// The time without a byte after which it fails, in seconds; zero for the default of its priority.
    no_progress_timeout_seconds: NoProgressTimeoutSeconds(u32);
    /// Whether it goes before background downloads.
    foreground_priority: ForegroundPriority(bool);
    /// Whether [`Download::start`] waits for the end.
    blocking_mode: BlockingMode(bool);
    /// Whether it has a callback.
    callback_interface: CallbackInterface(bool);
    /// Whether its bytes go to a stream.
    stream_interface: StreamInterface(bool);
    /// Whether it fails without the digests of its pieces.
    integrity_check_mandatory: IntegrityCheckMandatory(bool);
    /// Whether it never runs on a cellular network.
    disallow_on_cellular: DisallowOnCellular(bool);
    /// Whether a redirect from https to http is followed.
    http_allow_secure_to_non_secure_redirect: HttpAllowSecureToNonSecureRedirect(bool);
    /// Whether it survives the engine.
    non_volatile: NonVolatile(bool);
}
