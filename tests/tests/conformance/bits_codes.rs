//! The codes of BITS, which Delivery Optimization's older family shares.

use haul::{DigestAlgorithm, ExpectedDigest, StartMode, TransferOptions};
use haul_tests::origin::{Content, Fault, Representation, Resource, When};

use crate::codes::{BG_E_REMOTE_FILE_CHANGED, BG_E_VALIDATION_FAILED};
use crate::sources::BITS_MESSAGES;
use crate::statement::statements;
use crate::stream::Sink;
use crate::world::{HELD, LENGTH, World, fails, options, representation};

/// The numbers and names in the header.
#[rustfmt::skip]
const CODES: [(u32, &str); 91] = [
    (0x0020_0006, "BG_S_ERROR_CONTEXT_NONE"),
    (0x0020_0017, "BG_S_PARTIAL_COMPLETE"),
    (0x0020_001A, "BG_S_UNABLE_TO_DELETE_FILES"),
    (0x0020_002A, "BG_S_PROXY_CHANGED"),
    (0x0020_0055, "BG_S_OVERRIDDEN_BY_POLICY"),
    (0x8020_0001, "BG_E_NOT_FOUND"),
    (0x8020_0002, "BG_E_INVALID_STATE"),
    (0x8020_0003, "BG_E_EMPTY"),
    (0x8020_0004, "BG_E_FILE_NOT_AVAILABLE"),
    (0x8020_0005, "BG_E_PROTOCOL_NOT_AVAILABLE"),
    (0x8020_0007, "BG_E_ERROR_CONTEXT_UNKNOWN"),
    (0x8020_0008, "BG_E_ERROR_CONTEXT_GENERAL_QUEUE_MANAGER"),
    (0x8020_0009, "BG_E_ERROR_CONTEXT_LOCAL_FILE"),
    (0x8020_000A, "BG_E_ERROR_CONTEXT_REMOTE_FILE"),
    (0x8020_000B, "BG_E_ERROR_CONTEXT_GENERAL_TRANSPORT"),
    (0x8020_000C, "BG_E_ERROR_CONTEXT_QUEUE_MANAGER_NOTIFICATION"),
    (0x8020_000D, "BG_E_DESTINATION_LOCKED"),
    (0x8020_000E, "BG_E_VOLUME_CHANGED"),
    (0x8020_000F, "BG_E_ERROR_INFORMATION_UNAVAILABLE"),
    (0x8020_0010, "BG_E_NETWORK_DISCONNECTED"),
    (0x8020_0011, "BG_E_MISSING_FILE_SIZE"),
    (0x8020_0012, "BG_E_INSUFFICIENT_HTTP_SUPPORT"),
    (0x8020_0013, "BG_E_INSUFFICIENT_RANGE_SUPPORT"),
    (0x8020_0014, "BG_E_REMOTE_NOT_SUPPORTED"),
    (0x8020_0015, "BG_E_NEW_OWNER_DIFF_MAPPING"),
    (0x8020_0016, "BG_E_NEW_OWNER_NO_FILE_ACCESS"),
    (0x8020_0018, "BG_E_PROXY_LIST_TOO_LARGE"),
    (0x8020_0019, "BG_E_PROXY_BYPASS_LIST_TOO_LARGE"),
    (0x8020_001B, "BG_E_INVALID_SERVER_RESPONSE"),
    (0x8020_001C, "BG_E_TOO_MANY_FILES"),
    (0x8020_001D, "BG_E_LOCAL_FILE_CHANGED"),
    (0x8020_001E, "BG_E_ERROR_CONTEXT_REMOTE_APPLICATION"),
    (0x8020_001F, "BG_E_SESSION_NOT_FOUND"),
    (0x8020_0020, "BG_E_TOO_LARGE"),
    (0x8020_0021, "BG_E_STRING_TOO_LONG"),
    (0x8020_0022, "BG_E_CLIENT_SERVER_PROTOCOL_MISMATCH"),
    (0x8020_0023, "BG_E_SERVER_EXECUTE_ENABLE"),
    (0x8020_0024, "BG_E_NO_PROGRESS"),
    (0x8020_0025, "BG_E_USERNAME_TOO_LARGE"),
    (0x8020_0026, "BG_E_PASSWORD_TOO_LARGE"),
    (0x8020_0027, "BG_E_INVALID_AUTH_TARGET"),
    (0x8020_0028, "BG_E_INVALID_AUTH_SCHEME"),
    (0x8020_0029, "BG_E_FILE_NOT_FOUND"),
    (0x8020_002B, "BG_E_INVALID_RANGE"),
    (0x8020_002C, "BG_E_OVERLAPPING_RANGES"),
    (0x8020_002D, "BG_E_CONNECT_FAILURE"),
    (0x8020_002E, "BG_E_CONNECTION_CLOSED"),
    (0x8020_003E, "BG_E_BLOCKED_BY_POLICY"),
    (0x8020_003F, "BG_E_INVALID_PROXY_INFO"),
    (0x8020_0040, "BG_E_INVALID_CREDENTIALS"),
    (0x8020_0041, "BG_E_INVALID_HASH_ALGORITHM"),
    (0x8020_0042, "BG_E_RECORD_DELETED"),
    (0x8020_0043, "BG_E_COMMIT_IN_PROGRESS"),
    (0x8020_0044, "BG_E_DISCOVERY_IN_PROGRESS"),
    (0x8020_0045, "BG_E_UPNP_ERROR"),
    (0x8020_0046, "BG_E_TEST_OPTION_BLOCKED_DOWNLOAD"),
    (0x8020_0047, "BG_E_PEERCACHING_DISABLED"),
    (0x8020_0048, "BG_E_BUSYCACHERECORD"),
    (0x8020_0049, "BG_E_TOO_MANY_JOBS_PER_USER"),
    (0x8020_0050, "BG_E_TOO_MANY_JOBS_PER_MACHINE"),
    (0x8020_0051, "BG_E_TOO_MANY_FILES_IN_JOB"),
    (0x8020_0052, "BG_E_TOO_MANY_RANGES_IN_FILE"),
    (0x8020_0053, "BG_E_VALIDATION_FAILED"),
    (0x8020_0054, "BG_E_MAXDOWNLOAD_TIMEOUT"),
    (0x8020_0056, "BG_E_TOKEN_REQUIRED"),
    (0x8020_0057, "BG_E_UNKNOWN_PROPERTY_ID"),
    (0x8020_0058, "BG_E_READ_ONLY_PROPERTY"),
    (0x8020_0059, "BG_E_BLOCKED_BY_COST_TRANSFER_POLICY"),
    (0x8020_0060, "BG_E_PROPERTY_SUPPORTED_FOR_DOWNLOAD_JOBS_ONLY"),
    (0x8020_0061, "BG_E_READ_ONLY_PROPERTY_AFTER_ADDFILE"),
    (0x8020_0062, "BG_E_READ_ONLY_PROPERTY_AFTER_RESUME"),
    (0x8020_0063, "BG_E_MAX_DOWNLOAD_SIZE_INVALID_VALUE"),
    (0x8020_0064, "BG_E_MAX_DOWNLOAD_SIZE_LIMIT_REACHED"),
    (0x8020_0065, "BG_E_STANDBY_MODE"),
    (0x8020_0066, "BG_E_USE_STORED_CREDENTIALS_NOT_SUPPORTED"),
    (0x8020_0067, "BG_E_BLOCKED_BY_BATTERY_POLICY"),
    (0x8020_0068, "BG_E_BLOCKED_BY_BATTERY_SAVER"),
    (0x8020_0069, "BG_E_WATCHDOG_TIMEOUT"),
    (0x8020_006A, "BG_E_APP_PACKAGE_NOT_FOUND"),
    (0x8020_006B, "BG_E_APP_PACKAGE_SCENARIO_NOT_SUPPORTED"),
    (0x8020_006C, "BG_E_DATABASE_CORRUPT"),
    (0x8020_006D, "BG_E_RANDOM_ACCESS_NOT_SUPPORTED"),
    (0x8020_006E, "BG_E_BLOCKED_BY_BACKGROUND_ACCESS_POLICY"),
    (0x8020_006F, "BG_E_BLOCKED_BY_GAME_MODE"),
    (0x8020_0070, "BG_E_BLOCKED_BY_SYSTEM_POLICY"),
    (0x8020_0071, "BG_E_NOT_SUPPORTED_WITH_CUSTOM_HTTP_METHOD"),
    (0x8020_0072, "BG_E_UNSUPPORTED_JOB_CONFIGURATION"),
    (0x8020_0073, "BG_E_REMOTE_FILE_CHANGED"),
    (0x8020_0074, "BG_E_SERVER_CERT_VALIDATION_INTERFACE_REQUIRED"),
    (0x8020_0075, "BG_E_READ_ONLY_WHEN_JOB_ACTIVE"),
    (0x8020_0076, "BG_E_ERROR_CONTEXT_SERVER_CERTIFICATE_CALLBACK"),
];

/// Numbers that the header skips, because it counts as if they were decimal.
const GAPS: [u32; 5] = [0x8020_004A, 0x8020_004F, 0x8020_005A, 0x8020_005F, 0x8020_0077];

statements! {
    "Codes of BITS";

    /// Each failure of BITS has a number and a name.
    Idl(BITS_MESSAGES), Chosen("`explain` knows them all; haul returns those for jobs that have no DO code, and two \
                                more.");
    async fn every_failure_of_bits_is_explained() {
        let world = World::new().await;
        for (code, name) in CODES.into_iter().filter(|(code, _)| code & 0x8000_0000 != 0) {
            let explanation = world.engine.explain(code).await.unwrap().unwrap_or_else(|| panic!("{name}"));
            assert_eq!((explanation.code, explanation.name.as_str()), (code, name));
        }
    }

    /// Some codes of BITS report success.
    Idl(BITS_MESSAGES), Chosen("`explain` knows them too.");
    async fn every_success_of_bits_is_explained() {
        let world = World::new().await;
        for (code, name) in CODES.into_iter().filter(|(code, _)| code & 0x8000_0000 == 0) {
            let explanation = world.engine.explain(code).await.unwrap().unwrap_or_else(|| panic!("{name}"));
            assert_eq!(explanation.name, name);
        }
    }

    /// The pages write BG_E_SERVER_EXECUTE_ENABLED and BG_E_FILE_CHANGED, the header BG_E_SERVER_EXECUTE_ENABLE and
    /// BG_E_LOCAL_FILE_CHANGED.
    Silent(BITS_MESSAGES), Chosen("The names of the header.");
    async fn the_names_are_those_of_the_header() {
        let world = World::new().await;
        let all = world.engine.explanations().await.unwrap();
        let named = |name: &str| all.iter().any(|code| code.name == name);
        assert!(named("BG_E_SERVER_EXECUTE_ENABLE") && named("BG_E_LOCAL_FILE_CHANGED"));
        assert!(!named("BG_E_SERVER_EXECUTE_ENABLED") && !named("BG_E_FILE_CHANGED"));
    }

    /// 0x80200053, BG_E_VALIDATION_FAILED: the file is not valid.
    Idl(BITS_MESSAGES), Chosen("For data that does not match the digest that the caller expects, because DO has no \
                                code for this.");
    async fn bg_e_validation_failed() {
        let world = World::new().await;
        let download = world.download().await;
        let expected = vec![ExpectedDigest { algorithm: DigestAlgorithm::Sha256, value: vec![0; 32] }];
        download.set_options(TransferOptions { expected, ..options() }).await.unwrap();
        fails(&download, StartMode::WholeFile, BG_E_VALIDATION_FAILED).await;
    }

    /// 0x80200073, BG_E_REMOTE_FILE_CHANGED: the content changed during the transfer.
    Idl(BITS_MESSAGES), Chosen("If the data cannot be fetched again, for example because a stream has received part \
                                of it.");
    async fn bg_e_remote_file_changed() {
        let world = World::new().await;
        let first = Resource::new(representation(&world.content)).fault(When::Nth(0), Fault::CutAfter(HELD));
        let later = Representation::new(Content::new(5, LENGTH)).strong_etag("v2");
        world.origin.put("/here", first.from_request(1, later));
        let download = world.engine.create_download().await.unwrap();
        download.set_uri(&world.origin.url("/here")).await.unwrap();
        download.set_stream(Sink::default()).await.unwrap();
        fails(&download, StartMode::WholeFile, BG_E_REMOTE_FILE_CHANGED).await;
    }

    /// The numbers jump from 0x80200049 to 0x80200050 and from 0x80200059 to 0x80200060.
    Idl(BITS_MESSAGES), Holds;
    async fn the_gaps_between_the_codes_are_empty() {
        let world = World::new().await;
        for code in GAPS {
            assert_eq!(world.engine.explain(code).await.unwrap(), None, "{code:#X}");
        }
    }
}
