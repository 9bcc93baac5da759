//! Id, Uri, ContentId, DisplayName and LocalPath.

use std::collections::BTreeSet;

use haul::{DownloadState, Property, PropertyId, StartMode};
use haul_tests::origin::{Content, Origin, Site};

use crate::codes::{DO_E_INVALID_CONTENT_ID, E_INVALIDARG, INET_E_INVALID_URL};
use crate::sources::{AGENT, AGENT_TESTS, CREATE_JOB, ERRORS, IDL, PROPERTY, SDK_PROPERTY_TESTS};
use crate::statement::statements;
use crate::world::{HELD, LENGTH, World, fetch, refused, representation, round_trip};

statements! {
    "Properties 0 to 4: source and target";

    /// Id is a GUID in text form.
    Idl(IDL), Holds;
    async fn the_id_is_a_guid() {
        let world = World::new().await;
        let download = world.download().await;
        let groups: Vec<_> = download.id().trim_matches(['{', '}']).split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12]);
        assert!(download.id().chars().all(|c| c.is_ascii_hexdigit() || "{-}".contains(c)));
    }

    /// Id is unique to a download.
    Doc(PROPERTY), Holds;
    async fn no_two_downloads_have_one_id() {
        let world = World::new().await;
        let mut ids = BTreeSet::new();
        for _ in 0..50 {
            ids.insert(world.engine.create_download().await.unwrap().id().to_owned());
        }
        assert_eq!(ids.len(), 50);
    }

    /// Uri can be written and read.
    Doc(PROPERTY), Holds;
    async fn the_uri_is_read_as_it_was_written() {
        let world = World::new().await;
        let download = world.download().await;
        round_trip(&download, PropertyId::Uri, Property::Uri("https://example.com/a%20b?c=d".into())).await;
    }

    /// An invalid Uri, or one with a scheme other than http and https, fails with INET_E_INVALID_URL.
    Observed(AGENT_TESTS), Holds;
    async fn a_bad_uri_is_refused() {
        let world = World::new().await;
        let download = world.download().await;
        for text in ["nonsense", "http://", "ftp://example.com/file", "file:///etc/passwd", "//example.com/file"] {
            refused(download.set_uri(text).await, INET_E_INVALID_URL);
        }
    }

    /// An empty Uri is E_INVALIDARG in the agent.
    Observed(AGENT), Differs("INET_E_INVALID_URL, as for every invalid URL.");
    async fn an_empty_uri_is_no_url() {
        let world = World::new().await;
        refused(world.download().await.set_uri("").await, INET_E_INVALID_URL);
    }

    /// The maximum length of a Uri is not documented for this interface; SetRemoteName has a limit of 2200 characters.
    Silent(PROPERTY), Chosen("8192 bytes, as RFC 9110 recommends at least 8000.");
    async fn a_uri_may_have_eight_kibibytes() {
        let world = World::new().await;
        let download = world.download().await;
        let of_length = |length: usize| format!("http://h/{}", "x".repeat(length - "http://h/".len()));
        download.set_uri(&of_length(8192)).await.unwrap();
        refused(download.set_uri(&of_length(8193)).await, INET_E_INVALID_URL);
    }

    /// The next start uses a Uri that is set while Paused.
    Observed(AGENT_TESTS), Holds;
    async fn a_uri_that_is_set_while_paused_is_used() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Paused).await;
        download.set_uri(&world.origin.url("/file")).await.unwrap();
        fetch(&download, StartMode::Resume).await;
        assert_eq!(world.origin.requests().last().unwrap().path(), "/file");
    }

    /// The agent keeps the data of the old URL without checking that the new one has the same content.
    Observed(AGENT), Differs("haul keeps data only if a validator, a digest or pieces verify it, so that it never \
                              mixes versions.");
    async fn bytes_of_another_content_are_not_kept() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Paused).await;
        download.set_uri(&world.origin.url("/other")).await.unwrap();
        fetch(&download, StartMode::Resume).await;
        download.finalize().await.unwrap();
        assert!(world.written() == Content::new(6, LENGTH).bytes(0..LENGTH));
    }

    /// Data is kept if another URL has the same content.
    Observed(AGENT), Holds;
    async fn bytes_of_the_same_content_are_kept() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Paused).await;
        download.set_uri(&world.origin.url("/file")).await.unwrap();
        fetch(&download, StartMode::Resume).await;
        assert_eq!(download.report().await.unwrap().bytes_resumed, HELD);
    }

    /// ContentId can be written and read.
    Doc(PROPERTY), Holds;
    async fn the_content_id_is_read_as_it_was_written() {
        let world = World::new().await;
        round_trip(&world.download().await, PropertyId::ContentId, Property::ContentId("content-1".into())).await;
    }

    /// ContentId can replace Uri.
    Doc(PROPERTY), Holds;
    async fn a_content_id_stands_in_for_a_uri() {
        let served = Origin::start(Site::new().resource("/content", representation(&Content::new(3, LENGTH))));
        let url = served.url("/content");
        let known = haul::Content { urls: vec![url], ..haul::Content::default() };
        let resolve = move |id: &str| (id == "content-1").then(|| known.clone());
        let world = World::built(|builder, _| builder.resolve_content(resolve)).await;
        let download = world.engine.create_download().await.unwrap();
        download.set_property(Property::ContentId("content-1".into())).await.unwrap();
        download.set_local_path(world.path()).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
        download.finalize().await.unwrap();
        world.assert_whole();
    }

    /// For a ContentId set together with a Uri, the documentation mentions possible peers only.
    Doc(PROPERTY), Chosen("haul has no peers. The id adds the sources and digests that the host resolves.");
    async fn a_content_id_beside_a_uri_adds_sources() {
        let served = Origin::start(Site::new().resource("/content", representation(&Content::new(3, LENGTH))));
        let url = served.url("/content");
        let resolve = move |_: &str| Some(haul::Content { urls: vec![url.clone()], ..haul::Content::default() });
        let world = World::built(|builder, _| builder.resolve_content(resolve)).await;
        let download = world.download_of("/no-such-file").await;
        download.set_property(Property::ContentId("content-1".into())).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
        download.finalize().await.unwrap();
        world.assert_whole();
    }

    /// A malformed ContentId fails with DO_E_INVALID_CONTENT_ID; the format is not documented.
    Silent(ERRORS), Chosen("1 to 512 visible ASCII characters; SetProperty returns the code.");
    async fn a_content_id_has_visible_characters() {
        let world = World::new().await;
        let download = world.download().await;
        for text in [String::new(), "with space".into(), "umläut".into(), "x".repeat(513)] {
            refused(download.set_property(Property::ContentId(text)).await, DO_E_INVALID_CONTENT_ID);
        }
        download.set_property(Property::ContentId("x".repeat(512))).await.unwrap();
    }

    /// DisplayName can be written and read.
    Observed(SDK_PROPERTY_TESTS), Holds;
    async fn the_display_name_is_read_as_it_was_written() {
        let world = World::new().await;
        round_trip(&world.download().await, PropertyId::DisplayName, Property::DisplayName("Größe 1".into())).await;
    }

    /// A display name has at most 256 characters in the other family.
    Inferred(CREATE_JOB), Holds;
    async fn a_display_name_has_256_characters_at_most() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_property(Property::DisplayName("ü".repeat(256))).await.unwrap();
        refused(download.set_property(Property::DisplayName("u".repeat(257))).await, E_INVALIDARG);
    }

    /// LocalPath can be written and read.
    Doc(PROPERTY), Holds;
    async fn the_local_path_is_read_as_it_was_written() {
        let world = World::new().await;
        round_trip(&world.download().await, PropertyId::LocalPath, Property::LocalPath("folder/file".into())).await;
    }

    /// Missing directories of LocalPath are created.
    Doc(PROPERTY), Holds;
    async fn missing_directories_are_made() {
        let world = World::new().await;
        let download = world.download().await;
        let path = world.folder.path().join("a/b/file");
        download.set_local_path(&path).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
        download.finalize().await.unwrap();
        assert_eq!(std::fs::read(path).unwrap().len() as u64, LENGTH);
    }

    /// The file is created with the rights of the caller.
    Doc(PROPERTY), Chosen("With the access that the host grants: a path that leads out of it is E_ACCESSDENIED.");
    async fn a_path_leads_into_a_granted_directory() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_local_path(world.folder.path().join("../outside")).await.unwrap();
        refused(download.start(StartMode::WholeFile).await, crate::codes::E_ACCESSDENIED);
    }

    /// The documentation does not list invalid paths.
    Silent(PROPERTY), Chosen("An empty path, one of more than 4096 bytes, or one with a NUL: E_INVALIDARG.");
    async fn a_path_that_cannot_be_is_refused() {
        let world = World::new().await;
        let download = world.download().await;
        for text in [String::new(), "x".repeat(4097), "a\0b".into()] {
            refused(download.set_property(Property::LocalPath(text)).await, E_INVALIDARG);
        }
    }
}
