//! Codes of the system that callers meet.

use haul::{DownloadState, Property, PropertyId, StartMode};

use crate::codes::*;
use crate::sources::{
    AGENT_HTTP, AGENT_TESTS, BITS_MESSAGES, GET_PROPERTY, MSIX_LENGTH, SAMPLE_DOWNLOAD, SDK_PROPERTY_TESTS, SDK_TESTS,
};
use crate::statement::statements;
use crate::world::{World, refused, until};

statements! {
    "Codes of the system";

    /// 0x80004001, E_NOTIMPL: not implemented here.
    Observed(SDK_TESTS), Chosen("For calls that the host cannot support, such as NonVolatile without a state \
                                 directory.");
    async fn e_notimpl() {
        let world = World::new().await;
        refused(world.download().await.set_property(Property::NonVolatile(true)).await, E_NOTIMPL);
    }

    /// 0x80070002, ERROR_FILE_NOT_FOUND: the temporary file is missing at a resume.
    Observed(SDK_TESTS), Holds;
    async fn error_file_not_found() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Paused).await;
        for name in world.names() {
            std::fs::remove_file(world.folder.path().join(name)).unwrap();
        }
        let _ = download.start(StartMode::Resume).await;
        let status = until(&download, |status| status.error.is_some()).await;
        assert_eq!(status.error.unwrap().name, ERROR_FILE_NOT_FOUND.name);
    }

    /// 0x80070005, E_ACCESSDENIED: no access to the path.
    Observed(SDK_TESTS), Holds;
    async fn e_accessdenied() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_local_path("/somewhere/else").await.unwrap();
        refused(download.start(StartMode::WholeFile).await, E_ACCESSDENIED);
    }

    /// 0x80070057, E_INVALIDARG: an invalid argument.
    Observed(SAMPLE_DOWNLOAD), Holds;
    async fn e_invalidarg() {
        let world = World::new().await;
        let bad = Property::HttpCustomHeaders("no header".into());
        refused(world.download().await.set_property(bad).await, E_INVALIDARG);
    }

    /// 0x8007007B, ERROR_INVALID_NAME: the file name is invalid.
    Observed(SDK_TESTS), Holds;
    async fn error_invalid_name() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_local_path(world.folder.path().join("x".repeat(300))).await.unwrap();
        refused(download.start(StartMode::WholeFile).await, ERROR_INVALID_NAME);
    }

    /// 0x80070490, E_NOT_SET: the property was never set.
    Doc(GET_PROPERTY), Holds;
    async fn e_not_set() {
        let world = World::new().await;
        refused(world.download().await.property(PropertyId::DisplayName).await, E_NOT_SET);
    }

    /// 0x80092003, CRYPT_E_FILE_ERROR: the certificate cannot be read.
    Observed(SDK_PROPERTY_TESTS), Holds;
    async fn crypt_e_file_error() {
        let world = World::new().await;
        let bad = Property::SecurityContext(haul::SecurityContext(vec![0; 10].into()));
        refused(world.download().await.set_property(bad).await, CRYPT_E_FILE_ERROR);
    }

    /// 0x800C0002, INET_E_INVALID_URL: the URL is invalid.
    Observed(AGENT_TESTS), Holds;
    async fn inet_e_invalid_url() {
        let world = World::new().await;
        refused(world.download().await.set_property(Property::Uri("no url".into())).await, INET_E_INVALID_URL);
    }

    /// 0x80004002, 0x8007000E, 0x80070717, 0x80072EE2 and 0x80072F76 occur as well: no such interface, out of memory, no text in
    /// this language, time-out, no such header.
    Observed(AGENT_HTTP), Chosen("`explain` knows them.");
    async fn codes_of_the_system_are_explained() {
        let world = World::new().await;
        for code in [0x8000_4002, 0x8007_000E, 0x8007_0717, 0x8007_2EE2, 0x8007_2F76] {
            assert!(world.engine.explain(code).await.unwrap().is_some(), "{code:#X}");
        }
    }

    /// In practice a response without Content-Length fails with 0x80072F76.
    Observed(MSIX_LENGTH), Differs("The content ends at the end of the body; the size is 0 until then.");
    async fn a_content_without_a_length_is_fetched() {
        let world = World::faulty([(haul_tests::origin::When::Every, haul_tests::origin::Fault::Chunked)]).await;
        let download = world.download_of("/here").await;
        crate::world::fetch(&download, StartMode::WholeFile).await;
        download.finalize().await.unwrap();
        world.assert_whole();
    }

    /// A code that no header defines is unknown.
    Inferred(BITS_MESSAGES), Chosen("`explain` reports it as unknown and does not guess.");
    async fn an_unknown_code_is_not_explained() {
        let world = World::new().await;
        for code in [0, 1, 0x80D0_FFFF, 0x8019_0000, 0xFFFF_FFFF] {
            assert_eq!(world.engine.explain(code).await.unwrap(), None, "{code:#X}");
        }
    }

    /// A failure has more information than its number.
    Silent(BITS_MESSAGES), Chosen("Name, responsible party, cause and remedy, in English.");
    async fn a_failure_says_what_to_do() {
        let world = World::new().await;
        let failure = refused(world.download().await.finalize().await, DO_E_INVALID_STATE);
        assert_eq!(failure.fault, haul::Fault::Caller);
        assert!(!failure.description.is_empty() && !failure.advice.is_empty());
    }
}
