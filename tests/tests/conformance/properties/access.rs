//! Readable and writable properties, and their values before the first write.

use haul::{DownloadState, Property, PropertyId};

use crate::codes::{DO_E_INVALID_STATE, DO_E_READ_ONLY_PROPERTY, DO_E_WRITE_ONLY_PROPERTY, E_NOT_SET};
use crate::sources::{GET_PROPERTY, IDL, PROPERTY, SDK_DOWNLOAD, SET_PROPERTY};
use crate::statement::statements;
use crate::world::{World, refused, wit};

/// The value of `id` in a new download.
async fn unset(id: PropertyId) -> Result<Property, haul::Error> {
    let world = World::new().await;
    world.engine.create_download().await.unwrap().property(id).await
}

async fn read_only(value: Property) {
    let world = World::new().await;
    let download = world.download().await;
    refused(download.set_property(value).await, DO_E_READ_ONLY_PROPERTY);
}

statements! {
    "Properties: access and defaults";

    /// GetProperty fails with DO_E_UNKNOWN_PROPERTY_ID for an unknown id.
    Doc(GET_PROPERTY), CannotBeWritten("`property-id` is an enum of the thirty properties.");
    async fn there_is_no_id_to_read_that_is_unknown() {
        assert_eq!(wit().parts("do-download", "property-id").len(), 30);
    }

    /// SetProperty fails with DO_E_UNKNOWN_PROPERTY_ID for an unknown id.
    Doc(SET_PROPERTY), CannotBeWritten("`property` is a variant of the thirty properties.");
    async fn there_is_no_id_to_write_that_is_unknown() {
        assert_eq!(wit().parts("do-download", "property").len(), 30);
    }

    /// Older systems do not have the later properties, and clients treat DO_E_UNKNOWN_PROPERTY_ID as a missing feature.
    Observed(SDK_DOWNLOAD), Chosen("All thirty exist; those that the host cannot support are E_NOTIMPL.");
    async fn every_property_is_known() {
        for id in [PropertyId::CorrelationVector, PropertyId::HttpServerIpAddress, PropertyId::HttpStatusCode] {
            refused(unset(id).await, E_NOT_SET);
        }
    }

    /// A VARIANT of another type than the property's is E_INVALIDARG.
    Observed(SDK_DOWNLOAD), CannotBeWritten("A variant case combines property and value.");
    async fn a_value_of_another_type_cannot_be_passed() {
        let signature = wit().signature("do-download", "download.set-property");
        assert_eq!(signature, "set-property: func(value: property) -> result<_, failure>");
    }

    /// GetProperty fails with E_NOT_SET for a property that was never set.
    Doc(GET_PROPERTY), Holds;
    async fn what_was_never_set_is_not_set() {
        for id in [
            PropertyId::Uri, PropertyId::ContentId, PropertyId::DisplayName, PropertyId::LocalPath,
            PropertyId::HttpCustomHeaders, PropertyId::CorrelationVector, PropertyId::TotalSizeBytes,
            PropertyId::HttpCustomAuthHeaders, PropertyId::HttpRedirectionTarget, PropertyId::HttpResponseHeaders,
            PropertyId::HttpServerIpAddress, PropertyId::HttpStatusCode,
        ] {
            refused(unset(id).await, E_NOT_SET);
        }
    }

    /// Some properties have defaults; the documentation does not say whether GetProperty returns a default that was never set.
    Silent(GET_PROPERTY), Chosen("It does, if the property has a default.");
    async fn defaults_can_be_read() {
        for (id, default) in [
            (PropertyId::CallbackFreqPercent, Property::CallbackFreqPercent(0)),
            (PropertyId::CallbackFreqSeconds, Property::CallbackFreqSeconds(1)),
            (PropertyId::NoProgressTimeoutSeconds, Property::NoProgressTimeoutSeconds(0)),
            (PropertyId::ForegroundPriority, Property::ForegroundPriority(false)),
            (PropertyId::BlockingMode, Property::BlockingMode(false)),
            (PropertyId::CallbackInterface, Property::CallbackInterface(false)),
            (PropertyId::StreamInterface, Property::StreamInterface(false)),
            (PropertyId::IntegrityCheckMandatory, Property::IntegrityCheckMandatory(false)),
            (PropertyId::DisallowOnCellular, Property::DisallowOnCellular(false)),
            (PropertyId::HttpAllowSecureToNonSecureRedirect, Property::HttpAllowSecureToNonSecureRedirect(false)),
            (PropertyId::NonVolatile, Property::NonVolatile(false)),
        ] {
            assert_eq!(unset(id).await.unwrap(), default);
        }
    }

    /// Id is read-only.
    Idl(IDL), Holds;
    async fn the_id_is_read_only() {
        read_only(Property::Id("00000000-0000-0000-0000-000000000000".into())).await;
    }

    /// HttpRedirectionTarget is read-only.
    Idl(IDL), Holds;
    async fn the_redirection_target_is_read_only() {
        read_only(Property::HttpRedirectionTarget("http://localhost/".into())).await;
    }

    /// HttpResponseHeaders is read-only.
    Idl(IDL), Holds;
    async fn the_response_headers_are_read_only() {
        read_only(Property::HttpResponseHeaders("Name: value\r\n".into())).await;
    }

    /// HttpServerIPAddress is read-only.
    Idl(IDL), Holds;
    async fn the_server_address_is_read_only() {
        read_only(Property::HttpServerIpAddress("127.0.0.1".into())).await;
    }

    /// HttpStatusCode is read-only.
    Idl(IDL), Holds;
    async fn the_status_code_is_read_only() {
        read_only(Property::HttpStatusCode(200)).await;
    }

    /// One sentence of the page says that SecurityFlags is write-only, another that it can be read.
    Silent(PROPERTY), Chosen("It is write-only.");
    async fn the_security_flags_are_write_only() {
        refused(unset(PropertyId::SecurityFlags).await, DO_E_WRITE_ONLY_PROPERTY);
    }

    /// SecurityContext is write-only.
    Doc(PROPERTY), Holds;
    async fn the_security_context_is_write_only() {
        refused(unset(PropertyId::SecurityContext).await, DO_E_WRITE_ONLY_PROPERTY);
    }

    /// NetworkToken is write-only.
    Doc(PROPERTY), Holds;
    async fn the_network_token_is_write_only() {
        refused(unset(PropertyId::NetworkToken).await, DO_E_WRITE_ONLY_PROPERTY);
    }

    /// DecryptionInfo is write-only.
    Doc(PROPERTY), Holds;
    async fn the_decryption_info_is_write_only() {
        refused(unset(PropertyId::DecryptionInfo).await, DO_E_WRITE_ONLY_PROPERTY);
    }

    /// IntegrityCheckInfo is write-only.
    Doc(PROPERTY), Holds;
    async fn the_integrity_check_info_is_write_only() {
        refused(unset(PropertyId::IntegrityCheckInfo).await, DO_E_WRITE_ONLY_PROPERTY);
    }

    /// SetProperty fails with DO_E_INVALID_STATE if the state does not allow the change.
    Doc(SET_PROPERTY), Holds;
    async fn a_state_can_forbid_to_set_a_property() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferring).await;
        refused(download.set_uri(&world.origin.url("/other")).await, DO_E_INVALID_STATE);
    }

    /// The documentation does not say whether the state or the value is checked first.
    Silent(SET_PROPERTY), Chosen("haul rejects a read-only property in every state, then checks the state, then the \
                                  value.");
    async fn read_only_comes_before_the_state() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Finalized).await;
        refused(download.set_property(Property::Id(String::new())).await, DO_E_READ_ONLY_PROPERTY);
        refused(download.set_uri("nonsense").await, DO_E_INVALID_STATE);
    }

    /// The documentation does not say whether the old value remains after a rejected one.
    Silent(SET_PROPERTY), Chosen("It does.");
    async fn a_refused_value_leaves_the_old_one() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_uri("nonsense").await.unwrap_err();
        let uri = download.property(PropertyId::Uri).await.unwrap();
        assert_eq!(uri, Property::Uri(world.origin.url("/file")));
    }
}
