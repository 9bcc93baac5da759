//! Enumerations and flags with numbers fixed by the IDL. WIT counts the cases of an enum from 0.

use haul::Property;

use crate::codes::E_INVALIDARG;
use crate::sources::{BITS_IDL, COST_POLICY, IDL};
use crate::statement::statements;
use crate::world::{World, refused, wit};

fn names(interface: &str, ty: &str) -> Vec<String> {
    wit().names(interface, ty).into_iter().map(String::from).collect()
}

statements! {
    "Numbers";

    /// DODownloadState: Created 0, Transferring 1, Transferred 2, Finalized 3, Aborted 4, Paused 5.
    Idl(IDL), Holds;
    async fn the_states_have_their_numbers() {
        let expected = ["created", "transferring", "transferred", "finalized", "aborted", "paused"];
        assert_eq!(names("types", "download-state"), expected);
    }

    /// An error has no state of its own.
    Idl(IDL), Holds;
    async fn there_is_no_state_for_an_error() {
        assert!(!names("types", "download-state").iter().any(|name| name.contains("error") || name.contains("fail")));
    }

    /// DODownloadCostPolicy: Always 0, Unrestricted 1, Standard 2, NoRoaming 3, NoSurcharge 4, NoCellular 5.
    Idl(COST_POLICY), Holds;
    async fn the_cost_policies_have_their_numbers() {
        let expected = ["always", "unrestricted", "standard", "no-roaming", "no-surcharge", "no-cellular"];
        assert_eq!(names("types", "cost-policy"), expected);
    }

    /// DODownloadProperty has thirty members, Id 0 to HttpStatusCode 29.
    Idl(IDL), Holds;
    async fn the_properties_have_their_numbers() {
        let expected = [
            "id", "uri", "content-id", "display-name", "local-path", "http-custom-headers", "cost-policy",
            "security-flags", "callback-freq-percent", "callback-freq-seconds", "no-progress-timeout-seconds",
            "foreground-priority", "blocking-mode", "callback-interface", "stream-interface", "security-context",
            "network-token", "correlation-vector", "decryption-info", "integrity-check-info",
            "integrity-check-mandatory", "total-size-bytes", "disallow-on-cellular", "http-custom-auth-headers",
            "http-allow-secure-to-non-secure-redirect", "non-volatile", "http-redirection-target",
            "http-response-headers", "http-server-ip-address", "http-status-code",
        ];
        assert_eq!(names("do-download", "property-id"), expected);
        assert_eq!(names("do-download", "property"), expected);
    }

    /// Each property has one VARIANT type: BSTR, UI4, UI8, BOOL, ARRAY of UI1 or UNKNOWN.
    Idl(IDL), CannotBeWritten("Each case of `property` has the type of its property; objects and JSON texts have \
                               their own types.");
    async fn each_property_has_its_type() {
        let wit = wit();
        let of = |wanted: &str| -> Vec<String> {
            let parts = wit.parts("do-download", "property").into_iter();
            parts.filter(|(_, ty)| ty == wanted).map(|(name, _)| name.to_owned()).collect()
        };
        assert_eq!(of("string"), [
            "id", "uri", "content-id", "display-name", "local-path", "http-custom-headers", "correlation-vector",
            "http-custom-auth-headers", "http-redirection-target", "http-response-headers", "http-server-ip-address",
        ]);
        assert_eq!(of("u32"), [
            "callback-freq-percent", "callback-freq-seconds", "no-progress-timeout-seconds", "http-status-code",
        ]);
        assert_eq!(of("u64"), ["total-size-bytes"]);
        assert_eq!(of("list<u8>"), ["security-context"]);
        assert_eq!(of("bool"), [
            "foreground-priority", "blocking-mode", "callback-interface", "stream-interface", "network-token",
            "integrity-check-mandatory", "disallow-on-cellular", "http-allow-secure-to-non-secure-redirect",
            "non-volatile",
        ]);
        for (name, ty) in wit.parts("do-download", "property") {
            let own = ["cost-policy", "security-flags", "decryption-info", "integrity-check-info"].contains(&name);
            assert_eq!(own, name == ty, "{name}");
        }
    }

    /// A cost policy other than the six is an invalid argument.
    Idl(IDL), CannotBeWritten("`cost-policy` is an enum.");
    async fn there_is_no_seventh_cost_policy() {
        let wit = wit();
        assert!(wit.parts("do-download", "property").contains(&("cost-policy", "cost-policy".into())));
        assert_eq!(wit.parts("types", "cost-policy").len(), 6);
    }

    /// A CallbackInterface that is not an UNKNOWN is rejected with E_INVALIDARG.
    Idl(IDL), CannotBeWritten("A client component exports its callback under one name; in Rust a callback is a value \
                               that implements the trait.");
    async fn a_callback_has_one_kind() {
        let wit = wit();
        assert!(wit.worlds().any(|name| name == "client"));
        assert_eq!(wit.interface("do-download-status-callback").functions.len(), 1);
    }

    /// DO_LENGTH_TO_EOF and the unknown size are the 64-bit number with all bits set.
    Idl(BITS_IDL), CannotBeWritten("`to-end` is a separate case, and the status reports an unknown size as 0.");
    async fn there_is_no_marker_of_all_ones() {
        assert_eq!(names("types", "requested-range"), ["bounded", "to-end", "suffix"]);
    }

    /// The keys of the JSON text for DecryptionInfo are KeyData, EncryptionBufferSize, AlgorithmName and ChainingMode.
    Idl(IDL), Holds;
    async fn the_keys_of_the_decryption_info_are_read() {
        let world = World::new().await;
        let text = |key: &str, size: &str| {
            format!(
                r#"{{"KeyData": "{key}", "EncryptionBufferSize": {size}, "AlgorithmName": "AES",
                    "ChainingMode": "ChainingModeGCM"}}"#
            )
        };
        world.engine.read_decryption_info(&text("AAECAwQFBgcICQoLDA0ODw==", "65536")).await.unwrap();
        for bad in [text("AAEC", "65536"), text("AAECAwQFBgcICQoLDA0ODw==", "1"), "{}".into(), "nothing".into()] {
            refused(world.engine.read_decryption_info(&bad).await.map(|_| ()), E_INVALIDARG);
        }
    }

    /// The keys of the JSON text for IntegrityCheckInfo are PiecesHashFileUrl, PiecesHashFileDigest,
    /// PiecesHashFileDigestAlgorithm and HashOfHashes.
    Idl(IDL), Holds;
    async fn the_keys_of_the_integrity_check_info_are_read() {
        let world = World::new().await;
        let digest = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        let text = format!(
            r#"{{"PiecesHashFileUrl": "http://localhost/hashes", "PiecesHashFileDigest": "{digest}",
                "PiecesHashFileDigestAlgorithm": "SHA256", "HashOfHashes": "{digest}"}}"#
        );
        let info = world.engine.read_integrity_check_info(&text).await.unwrap();
        world.download().await.set_property(Property::IntegrityCheckInfo(info)).await.unwrap();
    }

    /// The types of the JSON values and the encoding of digests and keys are not documented.
    Silent(IDL), Chosen("Digests and keys are base64, as in piece-hash files; the size of a buffer is a number.");
    async fn digests_are_in_base64() {
        let world = World::new().await;
        let hex = r#"{"PiecesHashFileUrl": "http://localhost/hashes", "HashOfHashes": "zz"}"#;
        refused(world.engine.read_integrity_check_info(hex).await.map(|_| ()), E_INVALIDARG);
    }
}
