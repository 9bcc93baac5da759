//! Parts of BITS that the pages of Delivery Optimization do not mention; haul has none of them, or an alternative.

use haul::{JobOptions, TransferOptions};

use super::sources::{
    BITS_CALLBACK2, BITS_CALLBACK3, BITS_FILE3, BITS_FILE4, BITS_FILE6, BITS_HTTP_OPTIONS, BITS_JOB2, BITS_JOB3,
    BITS_JOB4, IDL_1_5, SET_NOTIFY_FLAGS,
};
use super::world::{done, fails, file, files};
use crate::codes::{BG_E_VALIDATION_FAILED, E_INVALIDARG};
use crate::statement::statements;
use crate::world::{World, options, refused, wit};

/// Asserts that no interface has a function of these names.
fn absent(names: &[&str]) {
    let wit = wit();
    for interface in wit.interfaces() {
        for function in wit.interface(interface).functions.keys() {
            let own = function.rsplit('.').next().unwrap();
            assert!(!names.contains(&own), "{interface} has {own}");
        }
    }
}

statements! {
    "Other parts of BITS";

    /// BITS: IBackgroundCopyJob2 has a command line that runs when a job ends. DO mentions it in a note only.
    Inferred(BITS_JOB2), Chosen("Not offered: a component starts no programs. The class in `job-property` tells the \
                                 host which program it may start.");
    async fn there_is_no_command_line() {
        absent(&["set-notify-cmd-line", "get-notify-cmd-line"]);
    }

    /// JobModification is not called if a command line is registered.
    Doc(SET_NOTIFY_FLAGS), CannotBeWritten("The interface has no command line.");
    async fn no_command_line_takes_the_place_of_a_callback() {
        let wit = wit();
        let functions = wit.interface("background-copy-job").functions.keys();
        assert!(functions.into_iter().all(|name| !name.contains("cmd") && !name.contains("command")));
    }

    /// BITS: IBackgroundCopyJob2 has the reply of an upload.
    Doc(BITS_JOB2), Chosen("Not offered: haul has no uploads.");
    async fn there_are_no_replies() {
        absent(&["get-reply-progress", "get-reply-data", "set-reply-file-name", "get-reply-file-name"]);
    }

    /// BITS: IBackgroundCopyJob2 has credentials for servers and proxies, of five schemes.
    Idl(IDL_1_5), Chosen("Not offered as such: a URL or a proxy entry may include user and password, and request \
                          fields are options.");
    async fn there_are_no_credentials_of_a_job() {
        absent(&["set-credentials", "remove-credentials"]);
        let world = World::new().await;
        let job = world.job().await;
        let url = world.origin.url("/file").replace("http://", "http://me:secret@");
        job.add_file(&url, world.local("0")).await.unwrap();
        done(&job).await;
        assert_eq!(world.origin.requests()[0].header("authorization"), Some("Basic bWU6c2VjcmV0"));
    }

    /// BITS: IBackgroundCopyJob3 replaces the prefix of many remote names.
    Doc(BITS_JOB3), Chosen("Not offered: call SetRemoteName for each file.");
    async fn there_is_no_replacing_of_prefixes() {
        absent(&["replace-remote-prefix"]);
        let world = World::new().await;
        let job = world.job_of(&["/missing/1", "/missing/2"]).await;
        for file in files(&job).await {
            file.set_remote_name(&world.origin.url("/file")).await.unwrap();
        }
        done(&job).await;
    }

    /// BITS: IBackgroundCopyJob3 adds a file with ranges and without an id.
    Doc(BITS_JOB3), Chosen("DO's own AddFileWithRanges replaces it.");
    async fn ranges_need_an_id() {
        let signature = wit().signature("delivery-optimization-job", "add-file-with-ranges");
        assert!(signature.contains("file-id: string") && signature.contains("ranges: list<file-range>"), "{signature}");
    }

    /// BITS: IBackgroundCopyJob3 copies the access control of files on shares.
    Doc(BITS_JOB3), Chosen("Not offered: haul does not access shares.");
    async fn there_are_no_acl_flags() {
        absent(&["set-file-acl-flags", "get-file-acl-flags"]);
    }

    /// BITS: IBackgroundCopyJob4 has peer caching, and the integrity level and elevation state of the owner.
    Doc(BITS_JOB4), Chosen("Not offered: haul has no peers and no desktop sessions.");
    async fn there_are_no_peers_and_no_elevation() {
        absent(&["set-peer-caching-flags", "get-peer-caching-flags"]);
        absent(&["get-owner-integrity-level", "get-owner-elevation-state"]);
    }

    /// BITS: IBackgroundCopyJob4 has a maximum download time.
    Doc(BITS_JOB4), Chosen("Not offered: the no-progress timeout ends a stalled download.");
    async fn there_is_no_longest_time() {
        absent(&["set-maximum-download-time", "get-maximum-download-time"]);
    }

    /// BITS: IBackgroundCopyFile3 has the name of the temporary file.
    Doc(BITS_FILE3), Chosen("Not offered. The name is the local name with `.part` appended.");
    async fn there_is_no_temporary_name() {
        absent(&["get-temporary-name"]);
        let world = World::new().await;
        let job = world.job_in(haul::JobState::Transferring).await;
        job.suspend().await.unwrap();
        assert!(world.local("Transferring/0.part").exists());
    }

    /// BITS: with IBackgroundCopyFile3 the client validates a file.
    Doc(BITS_FILE3), Chosen("Not offered: haul verifies the digests of IntegrityCheckInfo or of the file's options.");
    async fn files_are_validated_by_digests() {
        absent(&["set-validation-state", "get-validation-state", "is-downloaded-from-peer"]);
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        let expected = vec![haul::ExpectedDigest { algorithm: haul::DigestAlgorithm::Sha256, value: vec![0; 32] }];
        file(&job, 0).await.set_options(TransferOptions { expected, ..options() }).await.unwrap();
        fails(&job, BG_E_VALIDATION_FAILED).await;
    }

    /// BITS: IBackgroundCopyFile4 counts the bytes of peers and of the origin.
    Doc(BITS_FILE4), Chosen("GetStats returns both.");
    async fn bytes_of_peers_are_in_the_statistics() {
        absent(&["get-peer-download-stats"]);
        let fields = wit();
        let fields = fields.names("types", "swarm-stats");
        assert!(fields.contains(&"bytes-from-http") && fields.contains(&"bytes-from-lan-peers"));
    }

    /// BITS: IBackgroundCopyFile6 has random access to a file during the transfer.
    Doc(BITS_FILE6), Chosen("Not offered: the caller selects ranges when it adds a file.");
    async fn there_is_no_random_access() {
        absent(&["update-download-position", "request-file-ranges", "get-filled-file-ranges"]);
    }

    /// BITS: IBackgroundCopyCallback2 is called for each file.
    Doc(BITS_CALLBACK2), Chosen("Not offered: the engine sends events for files.");
    async fn there_is_no_callback_for_files() {
        absent(&["file-transferred"]);
    }

    /// BITS: IBackgroundCopyCallback3 is called for ranges.
    Doc(BITS_CALLBACK3), Chosen("Not offered: the progress of a file has the number of transferred bytes.");
    async fn there_is_no_callback_for_ranges() {
        absent(&["file-ranges-transferred"]);
    }

    /// BITS: the HTTP options have request fields for a job.
    Doc(BITS_HTTP_OPTIONS), Chosen("An option of haul: fields for all files, and fields that haul sends only after a \
                                    challenge by the origin.");
    async fn request_fields_are_an_option() {
        absent(&["set-custom-headers", "get-custom-headers", "make-custom-headers-write-only"]);
        let world = World::new().await;
        let job = world.job_of(&["/file", "/other"]).await;
        let set = async |fields: &str| {
            job.set_options(JobOptions { custom_headers: fields.into(), ..JobOptions::default() }).await
        };
        refused(set("no field").await, E_INVALIDARG);
        set("X-One: 1\r\nX-Two: 2\r\n").await.unwrap();
        done(&job).await;
        for request in world.origin.requests() {
            assert_eq!((request.header("x-one"), request.header("x-two")), (Some("1"), Some("2")));
        }
    }

    /// BITS: the HTTP options have client certificates, flags for server certificates, methods and a callback that validates a
    /// server.
    Doc(BITS_HTTP_OPTIONS), Chosen("Not offered for jobs. Downloads have SecurityContext and SecurityFlags.");
    async fn there_are_no_other_http_options() {
        absent(&[
            "set-client-certificate-by-id", "set-client-certificate-by-name", "remove-client-certificate",
            "get-client-certificate", "set-security-flags", "get-security-flags", "set-http-method", "get-http-method",
            "set-server-certificate-validation-interface",
        ]);
        let download = wit();
        let properties = download.names("do-download", "property-id");
        assert!(properties.contains(&"security-context") && properties.contains(&"security-flags"));
    }

    /// BITS: the helper token lets a service act as a user.
    Doc(BITS_JOB4), Chosen("Not offered: a host assigns tokens to callers by name, and for downloads only.");
    async fn there_is_no_helper_token() {
        absent(&["set-helper-token", "get-helper-token-sid", "set-helper-token-flags", "get-helper-token-flags"]);
    }
}
