//! HttpCustomHeaders, HttpCustomAuthHeaders and CorrelationVector: fields of requests.

use haul::{Property, PropertyId, StartMode};
use haul_tests::origin::{Fault, Origin, RecordedRequest, Site, When};

use crate::codes::E_INVALIDARG;
use crate::sources::{PROPERTY, SDK_PROPERTY_TESTS, WINGET};
use crate::statement::statements;
use crate::world::{World, fails, fetch, refused, representation, round_trip};

fn asks_for_credentials(status: u16) -> Fault {
    let headers = vec![("WWW-Authenticate".to_owned(), "Bearer".to_owned())];
    Fault::Status { status, headers, body: Vec::new() }
}

async fn sent(headers: &str) -> RecordedRequest {
    let world = World::new().await;
    let download = world.download().await;
    download.set_property(Property::HttpCustomHeaders(headers.into())).await.unwrap();
    fetch(&download, StartMode::WholeFile).await;
    world.origin.requests().remove(0)
}

statements! {
    "Properties 5, 17 and 23: request fields";

    /// HttpCustomHeaders can be written and read.
    Doc(PROPERTY), Holds;
    async fn the_custom_headers_are_read_as_they_were_written() {
        let world = World::new().await;
        let headers = Property::HttpCustomHeaders("X-One: 1\r\nX-Two: 2\r\n".into());
        round_trip(&world.download().await, PropertyId::HttpCustomHeaders, headers).await;
    }

    /// HttpCustomHeaders are sent with the requests.
    Doc(PROPERTY), Holds;
    async fn the_custom_headers_are_sent() {
        assert_eq!(sent("X-One: 1\r\n").await.header("x-one"), Some("1"));
    }

    /// Each header is `Name: value` and ends with CR LF.
    Observed(WINGET), Holds;
    async fn each_header_is_a_line() {
        let request = sent("X-One: 1\r\nX-Two: two words\r\n").await;
        assert_eq!((request.header("x-one"), request.header("x-two")), (Some("1"), Some("two words")));
    }

    /// Headers in the form `Name=value` that end with LF are accepted; the SDK's test does not check the request.
    Observed(SDK_PROPERTY_TESTS), Differs("E_INVALIDARG: the line is no header. A line may end with LF alone.");
    async fn a_line_that_is_no_header_is_refused() {
        let world = World::new().await;
        let download = world.download().await;
        refused(download.set_property(Property::HttpCustomHeaders("Name=value\n".into())).await, E_INVALIDARG);
        assert_eq!(sent("X-One: 1\nX-Two: 2\n").await.header("x-two"), Some("2"));
    }

    /// The maximum length of custom headers is not documented; BITS has a limit of 16384 characters.
    Silent(PROPERTY), Chosen("16 KiB.");
    async fn custom_headers_have_sixteen_kibibytes_at_most() {
        let world = World::new().await;
        let download = world.download().await;
        let of_length = |length: usize| format!("A: {}\r\n", "x".repeat(length - "A: \r\n".len()));
        download.set_property(Property::HttpCustomHeaders(of_length(16384))).await.unwrap();
        refused(download.set_property(Property::HttpCustomHeaders(of_length(16385))).await, E_INVALIDARG);
    }

    /// The documentation does not say whether a client may set headers that the transfer itself uses.
    Silent(PROPERTY), Chosen("No: E_INVALIDARG.");
    async fn headers_of_the_transfer_are_refused() {
        let world = World::new().await;
        let download = world.download().await;
        for name in ["Range", "If-Range", "Host", "Content-Length", "Transfer-Encoding"] {
            let header = Property::HttpCustomHeaders(format!("{name}: 1\r\n"));
            refused(download.set_property(header).await, E_INVALIDARG);
        }
    }

    /// The documentation does not say whether custom headers follow a redirect to another origin.
    Silent(PROPERTY), Chosen("Accept, Accept-Language, User-Agent and Referer do; all others, including credentials, \
                              do not.");
    async fn custom_headers_stay_with_their_origin() {
        let world = World::new().await;
        let other = Origin::start(Site::new().resource("/file", representation(&world.content)));
        world.origin.put("/here", haul_tests::origin::Resource::new(representation(&world.content))
            .fault(When::Every, Fault::redirect(302, other.url("/file"))));
        let download = world.download_of("/here").await;
        let headers = "Authorization: Bearer secret\r\nAccept: */*\r\n";
        download.set_property(Property::HttpCustomHeaders(headers.into())).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
        assert_eq!(world.origin.requests()[0].header("authorization"), Some("Bearer secret"));
        let request = other.requests().remove(0);
        assert_eq!((request.header("authorization"), request.header("accept")), (None, Some("*/*")));
    }

    /// HttpCustomAuthHeaders can be written and read.
    Doc(PROPERTY), Holds;
    async fn the_auth_headers_are_read_as_they_were_written() {
        let world = World::new().await;
        let headers = Property::HttpCustomAuthHeaders("Authorization: Bearer 1\r\n".into());
        round_trip(&world.download().await, PropertyId::HttpCustomAuthHeaders, headers).await;
    }

    /// HttpCustomAuthHeaders are sent only after a challenge by the server.
    Doc(PROPERTY), Holds;
    async fn the_auth_headers_wait_for_a_challenge() {
        let world = World::faulty([(When::Nth(0), asks_for_credentials(401))]).await;
        let download = world.download_of("/here").await;
        let headers = Property::HttpCustomAuthHeaders("Authorization: Bearer 1\r\n".into());
        download.set_property(headers).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
        let requests = world.origin.requests();
        assert_eq!(requests[0].header("authorization"), None);
        assert_eq!(requests[1].header("authorization"), Some("Bearer 1"));
    }

    /// Without a challenge HttpCustomAuthHeaders are not sent.
    Doc(PROPERTY), Holds;
    async fn without_a_challenge_no_auth_headers_are_sent() {
        let world = World::new().await;
        let download = world.download().await;
        let headers = Property::HttpCustomAuthHeaders("Authorization: Bearer 1\r\n".into());
        download.set_property(headers).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
        assert!(world.origin.requests().iter().all(|request| request.header("authorization").is_none()));
    }

    /// The behaviour after a second challenge is not documented.
    Silent(PROPERTY), Chosen("The download fails with the status.");
    async fn a_second_challenge_is_final() {
        let world = World::faulty([(When::Every, asks_for_credentials(401))]).await;
        let download = world.download_of("/here").await;
        let headers = Property::HttpCustomAuthHeaders("Authorization: Bearer 1\r\n".into());
        download.set_property(headers).await.unwrap();
        fails(&download, StartMode::WholeFile, crate::http_codes::status(401)).await;
        assert_eq!(world.origin.requests().len(), 2);
    }

    /// CorrelationVector is for telemetry; the documentation does not say whether it can be read.
    Silent(PROPERTY), Chosen("It can.");
    async fn the_correlation_vector_is_read_as_it_was_written() {
        let world = World::new().await;
        let vector = Property::CorrelationVector("cV.1.2".into());
        round_trip(&world.download().await, PropertyId::CorrelationVector, vector).await;
    }

    /// The destination of the correlation vector is not documented.
    Silent(PROPERTY), Chosen("The origin of the URL, in the field MS-CV.");
    async fn the_correlation_vector_is_sent() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_property(Property::CorrelationVector("cV.1.2".into())).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
        assert_eq!(world.origin.requests()[0].header("ms-cv"), Some("cV.1.2"));
    }

    /// The maximum length of a correlation vector is not documented.
    Silent(PROPERTY), Chosen("1 to 128 visible ASCII characters, else E_INVALIDARG.");
    async fn a_correlation_vector_has_visible_characters() {
        let world = World::new().await;
        let download = world.download().await;
        for text in [String::new(), "a b".into(), "ü".into(), "x".repeat(129)] {
            refused(download.set_property(Property::CorrelationVector(text)).await, E_INVALIDARG);
        }
        download.set_property(Property::CorrelationVector("x".repeat(128))).await.unwrap();
    }
}
