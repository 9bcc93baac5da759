//! IDODownloadInternal: the older access to some properties.

use haul::{DownloadState, Property, PropertyEx, PropertyId, PropertyIdEx};

use crate::codes::{DO_E_INVALID_STATE, DO_E_UNKNOWN_PROPERTY_ID, DO_E_WRITE_ONLY_PROPERTY, E_INVALIDARG, E_NOT_SET};
use crate::sources::{GET_PROPERTY_EX, INTERNAL, PROPERTY_EX, SET_PROPERTY_EX};
use crate::statement::statements;
use crate::world::{World, refused, wit};

statements! {
    "IDODownloadInternal";

    /// DODownloadPropertyEx has seven members, numbered from 0.
    Doc(PROPERTY_EX), Holds;
    async fn there_are_seven_properties() {
        let wit = wit();
        assert_eq!(wit.names("do-download-internal", "property-id-ex"), [
            "update-id", "correlation-vector", "decryption-info", "integrity-check-info", "integrity-check-mandatory",
            "total-size-bytes", "temp-local-file-usage",
        ]);
    }

    /// CorrelationVector is property 17 of IDODownload.
    Inferred(PROPERTY_EX), Chosen("The same property: a value written through one interface is read through the \
                                   other.");
    async fn the_correlation_vector_is_the_same_property() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_property_ex(PropertyEx::CorrelationVector("one.1".into())).await.unwrap();
        let read = download.property(PropertyId::CorrelationVector).await.unwrap();
        assert_eq!(read, Property::CorrelationVector("one.1".into()));
        let read = download.property_ex(PropertyIdEx::CorrelationVector).await.unwrap();
        assert_eq!(read, PropertyEx::CorrelationVector("one.1".into()));
    }

    /// DecryptionInfo is property 18 of IDODownload.
    Inferred(PROPERTY_EX), Chosen("The same property, though the page calls it reserved.");
    async fn the_decryption_info_is_the_same_property() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_property_ex(PropertyEx::DecryptionInfo(world.decryption_info().await)).await.unwrap();
        let partly = download.start(crate::world::ranges(&[(0, 1)])).await;
        refused(partly, crate::codes::DO_E_DOWNLOAD_RANGES_UNEXPECTED);
    }

    /// IntegrityCheckInfo is property 19 of IDODownload.
    Inferred(PROPERTY_EX), Chosen("The same property.");
    async fn the_integrity_check_info_is_the_same_property() {
        let world = World::new().await;
        let download = world.download().await;
        let info = world.integrity_check_info(&world.origin.url("/no-such-hashes")).await;
        download.set_property_ex(PropertyEx::IntegrityCheckInfo(info)).await.unwrap();
        download.set_property(Property::IntegrityCheckMandatory(true)).await.unwrap();
        let code = crate::codes::DO_E_INTEGRITYCHECKINFO_UNAVAILABLE;
        crate::world::fails(&download, haul::StartMode::WholeFile, code).await;
    }

    /// IntegrityCheckMandatory is property 20 of IDODownload.
    Inferred(PROPERTY_EX), Chosen("The same property.");
    async fn the_mandatory_check_is_the_same_property() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_property_ex(PropertyEx::IntegrityCheckMandatory(true)).await.unwrap();
        let read = download.property(PropertyId::IntegrityCheckMandatory).await.unwrap();
        assert_eq!(read, Property::IntegrityCheckMandatory(true));
    }

    /// TotalSizeBytes is property 21 of IDODownload.
    Inferred(PROPERTY_EX), Chosen("The same property, though the page calls it reserved.");
    async fn the_total_size_is_the_same_property() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_property(Property::TotalSizeBytes(77)).await.unwrap();
        let read = download.property_ex(PropertyIdEx::TotalSizeBytes).await.unwrap();
        assert_eq!(read, PropertyEx::TotalSizeBytes(77));
    }

    /// UpdateId and TempLocalFileUsage are reserved.
    Doc(PROPERTY_EX), Chosen("DO_E_UNKNOWN_PROPERTY_ID: no property of IDODownload corresponds to them.");
    async fn the_reserved_properties_are_unknown() {
        let world = World::new().await;
        let download = world.download().await;
        for id in [PropertyIdEx::UpdateId, PropertyIdEx::TempLocalFileUsage] {
            refused(download.property_ex(id).await, DO_E_UNKNOWN_PROPERTY_ID);
        }
        for value in [PropertyEx::UpdateId, PropertyEx::TempLocalFileUsage] {
            refused(download.set_property_ex(value).await, DO_E_UNKNOWN_PROPERTY_ID);
        }
    }

    /// GetPropertyEx fails with DO_E_WRITE_ONLY_PROPERTY for a write-only property.
    Doc(GET_PROPERTY_EX), Holds;
    async fn write_only_properties_do_not_come_out() {
        let world = World::new().await;
        let download = world.download().await;
        for id in [PropertyIdEx::DecryptionInfo, PropertyIdEx::IntegrityCheckInfo] {
            refused(download.property_ex(id).await, DO_E_WRITE_ONLY_PROPERTY);
        }
    }

    /// GetPropertyEx fails with E_NOT_SET for a property that was never set.
    Doc(GET_PROPERTY_EX), Holds;
    async fn what_was_never_set_does_not_come_out() {
        let world = World::new().await;
        let download = world.download().await;
        for id in [PropertyIdEx::CorrelationVector, PropertyIdEx::TotalSizeBytes] {
            refused(download.property_ex(id).await, E_NOT_SET);
        }
    }

    /// SetPropertyEx fails with DO_E_INVALID_STATE if the state does not allow the change.
    Doc(SET_PROPERTY_EX), Holds;
    async fn after_the_end_nothing_can_be_set() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Finalized).await;
        let vector = PropertyEx::CorrelationVector("late".into());
        refused(download.set_property_ex(vector).await, DO_E_INVALID_STATE);
    }

    /// The page does not cover values out of range.
    Silent(SET_PROPERTY_EX), Chosen("The limits of SetProperty apply.");
    async fn values_have_the_limits_of_the_same_property() {
        let world = World::new().await;
        let download = world.download().await;
        refused(download.set_property_ex(PropertyEx::CorrelationVector(String::new())).await, E_INVALIDARG);
    }

    /// A value must have the type of its property.
    Doc(SET_PROPERTY_EX), CannotBeWritten("Each case of `property-ex` has the type of its property.");
    async fn each_property_has_its_type() {
        let wit = wit();
        let types: Vec<_> = wit.parts("do-download-internal", "property-ex").into_iter().map(|(_, ty)| ty).collect();
        assert_eq!(types, ["", "string", "decryption-info", "integrity-check-info", "bool", "u64", ""]);
    }

    /// A client gets the interface from a download by QueryInterface; its identifier is not published.
    Inferred(INTERNAL), CannotBeWritten("The functions borrow the download; WIT identifies an interface by its name.");
    async fn the_functions_borrow_the_download() {
        let wit = wit();
        for function in ["get-property-ex", "set-property-ex"] {
            assert!(wit.signature("do-download-internal", function).contains("(download: borrow<download>, "));
        }
    }

    /// The interface is deprecated.
    Doc(INTERNAL), Holds;
    async fn the_interface_is_deprecated() {
        let wit = wit();
        assert!(wit.interface("do-download-internal").docs.contents.as_deref().unwrap().contains("Deprecated"));
    }
}
