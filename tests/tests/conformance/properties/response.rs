//! HttpAllowSecureToNonSecureRedirect, NonVolatile, and properties of the last response.

use haul::{DownloadState, Property, PropertyId, StartMode};
use haul_tests::origin::{Fault, Resource, When};

use crate::codes::E_NOT_SET;
use crate::lifetime::keeping;
use crate::sources::{IDL, PROPERTY, WINGET};
use crate::statement::statements;
use crate::world::{World, fetch, refused, representation, round_trip};

/// A download that the origin redirects from `/here` to `/file`.
async fn redirected() -> (World, haul::Download) {
    let world = World::new().await;
    let to = Fault::redirect(302, world.origin.url("/file"));
    world.origin.put("/here", Resource::new(representation(&world.content)).fault(When::Every, to));
    let download = world.download_of("/here").await;
    fetch(&download, StartMode::WholeFile).await;
    (world, download)
}

statements! {
    "Properties 24 to 29: redirects, restarts, responses";

    /// HttpAllowSecureToNonSecureRedirect is FALSE by default.
    Doc(PROPERTY), Holds;
    async fn insecure_redirects_are_forbidden_by_default() {
        let world = World::new().await;
        let allowed = world.download().await.property(PropertyId::HttpAllowSecureToNonSecureRedirect).await.unwrap();
        assert_eq!(allowed, Property::HttpAllowSecureToNonSecureRedirect(false));
    }

    /// HttpAllowSecureToNonSecureRedirect can be written and read.
    Doc(PROPERTY), Holds;
    async fn insecure_redirects_are_read_as_they_were_written() {
        let world = World::new().await;
        let (id, value) = (
            PropertyId::HttpAllowSecureToNonSecureRedirect,
            Property::HttpAllowSecureToNonSecureRedirect(true),
        );
        round_trip(&world.download().await, id, value).await;
    }

    /// NonVolatile is FALSE by default.
    Doc(PROPERTY), Holds;
    async fn a_download_is_volatile_by_default() {
        let world = World::new().await;
        let kept = world.download().await.property(PropertyId::NonVolatile).await.unwrap();
        assert_eq!(kept, Property::NonVolatile(false));
    }

    /// NonVolatile can be written and read.
    Doc(PROPERTY), Holds;
    async fn non_volatile_is_read_as_it_was_written() {
        let world = keeping().await;
        round_trip(&world.download().await, PropertyId::NonVolatile, Property::NonVolatile(true)).await;
    }

    /// The values of the four response properties before the first response are not documented.
    Silent(IDL), Chosen("E_NOT_SET.");
    async fn before_the_first_response_nothing_is_set() {
        let world = World::new().await;
        let download = world.download().await;
        for id in [
            PropertyId::HttpRedirectionTarget, PropertyId::HttpResponseHeaders, PropertyId::HttpServerIpAddress,
            PropertyId::HttpStatusCode,
        ] {
            refused(download.property(id).await, E_NOT_SET);
        }
    }

    /// HttpRedirectionTarget is the URL after redirects.
    Idl(IDL), Holds;
    async fn the_redirection_target_is_the_last_url() {
        let (world, download) = redirected().await;
        let target = download.property(PropertyId::HttpRedirectionTarget).await.unwrap();
        assert_eq!(target, Property::HttpRedirectionTarget(world.origin.url("/file")));
    }

    /// The value of HttpRedirectionTarget without a redirect is not documented.
    Silent(IDL), Chosen("E_NOT_SET.");
    async fn without_a_redirect_there_is_no_target() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferred).await;
        refused(download.property(PropertyId::HttpRedirectionTarget).await, E_NOT_SET);
    }

    /// HttpResponseHeaders are the headers of the last response.
    Idl(IDL), Holds;
    async fn the_response_headers_are_those_of_the_last_response() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferred).await;
        let headers = download.property(PropertyId::HttpResponseHeaders).await.unwrap();
        let Property::HttpResponseHeaders(text) = headers else { panic!() };
        assert!(text.to_ascii_lowercase().contains("etag: \"v1\"\r\n") && text.ends_with("\r\n"), "{text}");
    }

    /// HttpServerIPAddress is the address of the server that sent the last response.
    Idl(IDL), Holds;
    async fn the_server_address_is_that_of_the_last_response() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferred).await;
        let address = download.property(PropertyId::HttpServerIpAddress).await.unwrap();
        assert_eq!(address, Property::HttpServerIpAddress("127.0.0.1".into()));
    }

    /// HttpStatusCode is the status of the last response.
    Idl(IDL), Holds;
    async fn the_status_code_is_that_of_the_last_response() {
        let (_world, download) = redirected().await;
        assert_eq!(download.property(PropertyId::HttpStatusCode).await.unwrap(), Property::HttpStatusCode(200));
    }

    /// The properties of a response that caused the download to fail can be read as well.
    Observed(WINGET), Holds;
    async fn a_failed_response_can_be_looked_at() {
        let world = World::new().await;
        let download = world.download_of("/no-such-file").await;
        download.start(StartMode::WholeFile).await.unwrap();
        download.ended().await.unwrap_err();
        assert_eq!(download.property(PropertyId::HttpStatusCode).await.unwrap(), Property::HttpStatusCode(404));
    }

    /// For several ranges, the documentation does not say which response is the last one.
    Silent(IDL), Chosen("The response that arrived last.");
    async fn the_last_answer_counts() {
        let world = World::new().await;
        let download = world.download().await;
        fetch(&download, crate::world::ranges(&[(0, 10), (100, 10)])).await;
        assert_eq!(download.property(PropertyId::HttpStatusCode).await.unwrap(), Property::HttpStatusCode(206));
    }
}
