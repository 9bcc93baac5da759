//! IDOManager: CreateDownload and EnumDownloads.

use haul::{Category, Download, DownloadState, Engine, Error, Property, PropertyId, StartMode};

use crate::codes::{DO_E_NO_DOWNLOADS, E_NOT_SET};
use crate::sources::{CATEGORY, CREATE, ENUMERATE, SAMPLE_DOWNLOAD, SDK_PROPERTY_TESTS, WINGET};
use crate::statement::statements;
use crate::world::{World, fetch, refused, state_of, wit};

/// The ids in an enumeration.
async fn found(engine: &Engine, category: Option<Category>) -> Vec<String> {
    let mut downloads = engine.downloads(category).await.expect("some downloads");
    downloads.next(usize::MAX).iter().map(|download| download.id().to_owned()).collect()
}

async fn created(engine: &Engine) -> Download {
    engine.create_download().await.expect("a download")
}

statements! {
    "IDOManager";

    /// CreateDownload creates a download in the state Created.
    Doc(CREATE), Holds;
    async fn a_new_download_is_created() {
        let world = World::new().await;
        assert_eq!(state_of(&created(&world.engine).await).await, DownloadState::Created);
    }

    /// A new download does not need a URL, a path or a name yet.
    Doc(CREATE), Holds;
    async fn a_new_download_has_no_url_no_path_and_no_name() {
        let world = World::new().await;
        let download = created(&world.engine).await;
        for id in [PropertyId::Uri, PropertyId::ContentId, PropertyId::LocalPath, PropertyId::DisplayName] {
            refused(download.property(id).await, E_NOT_SET);
        }
    }

    /// The Id of a new download can be read at once.
    Observed(SAMPLE_DOWNLOAD), Holds;
    async fn the_id_of_a_new_download_is_there_at_once() {
        let world = World::new().await;
        let download = created(&world.engine).await;
        let id = Property::Id(download.id().to_owned());
        assert_eq!(download.property(PropertyId::Id).await.unwrap(), id);
    }

    /// The page of CreateDownload documents the errors of COM only. The service may be unavailable.
    Inferred(CREATE), Chosen("DO_E_NO_SERVICE while the engine is not open; the crate `haul` returns \
                              `Error::Closed`.");
    async fn a_closed_engine_creates_nothing() {
        let world = World::new().await;
        let other = world.engine.clone();
        world.engine.close().await;
        assert!(matches!(other.create_download().await, Err(Error::Closed)));
    }

    /// Without a category EnumDownloads finds every download of the caller.
    Doc(ENUMERATE), Holds;
    async fn no_category_finds_every_download() {
        let world = World::new().await;
        let downloads = [created(&world.engine).await, created(&world.engine).await, world.download().await];
        assert_eq!(found(&world.engine, None).await, downloads.map(|download| download.id().to_owned()));
    }

    /// A category with Id finds the download with that Id.
    Doc(CATEGORY), Holds;
    async fn a_category_selects_by_id() {
        let world = World::new().await;
        let (_one, other) = (created(&world.engine).await, created(&world.engine).await);
        assert_eq!(found(&world.engine, Some(Category::Id(other.id().into()))).await, [other.id()]);
    }

    /// A category with Uri finds the downloads with that URL.
    Doc(CATEGORY), Holds;
    async fn a_category_selects_by_uri() {
        let world = World::new().await;
        let (one, _other) = (world.download().await, world.download_of("/other").await);
        assert_eq!(found(&world.engine, Some(Category::Uri(world.origin.url("/file")))).await, [one.id()]);
    }

    /// A category with ContentId finds the downloads with that content id.
    Doc(CATEGORY), Holds;
    async fn a_category_selects_by_content_id() {
        let world = World::new().await;
        let (one, other) = (created(&world.engine).await, created(&world.engine).await);
        one.set_property(Property::ContentId("content-1".into())).await.unwrap();
        other.set_property(Property::ContentId("content-2".into())).await.unwrap();
        assert_eq!(found(&world.engine, Some(Category::ContentId("content-2".into()))).await, [other.id()]);
    }

    /// A category with DisplayName finds the downloads with that name.
    Doc(CATEGORY), Holds;
    async fn a_category_selects_by_display_name() {
        let world = World::new().await;
        let (one, other) = (created(&world.engine).await, created(&world.engine).await);
        one.set_property(Property::DisplayName("one".into())).await.unwrap();
        other.set_property(Property::DisplayName("other".into())).await.unwrap();
        assert_eq!(found(&world.engine, Some(Category::DisplayName("one".into()))).await, [one.id()]);
    }

    /// A category with LocalPath finds the downloads with that path.
    Doc(CATEGORY), Holds;
    async fn a_category_selects_by_local_path() {
        let world = World::new().await;
        let (one, _other) = (world.download().await, created(&world.engine).await);
        let Property::LocalPath(path) = one.property(PropertyId::LocalPath).await.unwrap() else { panic!() };
        assert_eq!(found(&world.engine, Some(Category::LocalPath(path))).await, [one.id()]);
    }

    /// A category may use Id, Uri, ContentId, DisplayName and LocalPath only; the result for another property is not documented.
    Doc(CATEGORY), CannotBeWritten("`category` has these five cases only.");
    async fn no_other_property_can_be_a_category() {
        assert_eq!(wit().names("do-manager", "category"), ["id", "uri", "content-id", "display-name", "local-path"]);
    }

    /// If no download matches, EnumDownloads fails with DO_E_NO_DOWNLOADS and returns no empty enumerator.
    Observed(SDK_PROPERTY_TESTS), Holds;
    async fn an_enumeration_of_nothing_fails() {
        let world = World::new().await;
        refused(world.engine.downloads(None).await.map(|_| ()), DO_E_NO_DOWNLOADS);
        let _one = created(&world.engine).await;
        let nobody = Category::DisplayName("nobody".into());
        refused(world.engine.downloads(Some(nobody)).await.map(|_| ()), DO_E_NO_DOWNLOADS);
    }

    /// EnumDownloads no longer finds a finalized download.
    Observed(SDK_PROPERTY_TESTS), Holds;
    async fn a_finalized_download_is_not_found() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Finalized).await;
        let category = Category::Id(download.id().into());
        refused(world.engine.downloads(Some(category)).await.map(|_| ()), DO_E_NO_DOWNLOADS);
    }

    /// The documentation does not say whether EnumDownloads finds an aborted download.
    Silent(ENUMERATE), Chosen("It does not, as for a finalized one.");
    async fn an_aborted_download_is_not_found() {
        let world = World::new().await;
        let _download = world.download_in(DownloadState::Aborted).await;
        refused(world.engine.downloads(None).await.map(|_| ()), DO_E_NO_DOWNLOADS);
    }

    /// EnumDownloads finds a download that was never started.
    Observed(SDK_PROPERTY_TESTS), Holds;
    async fn a_download_that_was_never_started_is_found() {
        let world = World::new().await;
        let download = created(&world.engine).await;
        assert_eq!(found(&world.engine, Some(Category::Id(download.id().into()))).await, [download.id()]);
    }

    /// The documentation does not say whether the comparison of values ignores case or normalizes URLs.
    Silent(ENUMERATE), Chosen("It does neither: it is an exact comparison with the value that GetProperty returns.");
    async fn a_category_is_compared_to_the_letter() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_property(Property::DisplayName("Letter".into())).await.unwrap();
        for category in [Category::DisplayName("letter".into()), Category::Uri(world.origin.url("/FILE"))] {
            refused(world.engine.downloads(Some(category)).await.map(|_| ()), DO_E_NO_DOWNLOADS);
        }
        download.set_uri(&world.origin.url("/file").replace("http:", "HTTP:")).await.unwrap();
        assert_eq!(found(&world.engine, Some(Category::Uri(world.origin.url("/file")))).await, [download.id()]);
    }

    /// A caller finds only the downloads that it created.
    Doc(ENUMERATE), Holds;
    async fn a_caller_finds_its_own_downloads_only() {
        let world = World::new().await;
        let (one, other) = (world.engine.for_caller("one"), world.engine.for_caller("other"));
        let download = created(&one).await;
        refused(other.downloads(None).await.map(|_| ()), DO_E_NO_DOWNLOADS);
        assert_eq!(found(&one, None).await, [download.id()]);
    }

    /// The documentation does not define the identity of a caller: user, process or program.
    Silent(ENUMERATE), Chosen("The name that the host assigns to a caller; a caller without a name counts as a \
                               caller too.");
    async fn the_host_says_who_is_the_same_caller() {
        let world = World::new().await;
        let named = created(&world.engine.for_caller("one")).await;
        let unnamed = created(&world.engine).await;
        assert_eq!(found(&world.engine.for_caller("one"), None).await, [named.id()]);
        assert_eq!(found(&world.engine, None).await, [unnamed.id()]);
    }

    /// A download outlives the object that created it: the same caller can enumerate and use it later.
    Doc(ENUMERATE), Holds;
    async fn a_download_without_an_object_can_be_found_and_used_again() {
        let world = World::new().await;
        let id = world.download().await.id().to_owned();
        let mut downloads = world.engine.downloads(Some(Category::Id(id.clone()))).await.unwrap();
        let again = downloads.next(1).remove(0);
        assert_eq!(again.id(), id);
        fetch(&again, StartMode::WholeFile).await;
        again.finalize().await.unwrap();
        world.assert_whole();
    }

    /// A download expires after some days without use.
    Observed(WINGET), Differs("haul expires no download: it remains until a client finalizes or aborts it.");
    async fn a_download_that_is_left_alone_stays() {
        let world = World::built(|builder, folder| builder.state_directory(folder.path().join("state"))).await;
        let download = world.download().await;
        download.set_property(Property::NonVolatile(true)).await.unwrap();
        let id = download.id().to_owned();
        drop(download);
        world.engine.close().await;
        for _ in 0..2 {
            let again = reopened(&world.folder).await;
            assert_eq!(found(&again, None).await, [id.as_str()]);
            again.close().await;
        }
    }
}

async fn reopened(folder: &tempfile::TempDir) -> Engine {
    let builder = Engine::builder()
        .policy(haul::Policy::allow_all())
        .grant(folder.path())
        .state_directory(folder.path().join("state"));
    builder.open().await.expect("an engine")
}
