//! SecurityFlags, SecurityContext and NetworkToken, and redirects from https to http.

use haul::{Download, Property, SecurityContext, SecurityFlags, StartMode};
use haul_tests::origin::{Fault, Resource, When};

use crate::codes::{
    CRYPT_E_FILE_ERROR, Code, DO_E_HTTP_CERT_VALIDATION, ERROR_INTERNET_INVALID_CA, ERROR_INTERNET_SEC_CERT_CN_INVALID,
    ERROR_INTERNET_SEC_CERT_DATE_INVALID, ERROR_INTERNET_SEC_CERT_REV_FAILED,
};
use crate::secure::{Identity, Secure};
use crate::sources::{PROPERTY, SDK_PROPERTY_TESTS};
use crate::statement::statements;
use crate::world::{World, fails, fetch, representation};

/// A download of `/file` over TLS from this host name.
async fn secured(world: &World, server: &Secure, host: &str) -> Download {
    let download = world.download().await;
    download.set_uri(&server.url(host, "/file")).await.unwrap();
    download
}

async fn with_flags(download: &Download, flags: SecurityFlags) {
    download.set_property(Property::SecurityFlags(flags)).await.unwrap();
}

/// Asserts that a download with `flags` from a server with the certificate `name` succeeds, or fails with a code.
async fn passes(name: &Identity, host: &str, flags: SecurityFlags, refusal: Option<Code>) {
    let world = World::new().await;
    let server = Secure::serve(&world.origin, name, None).await;
    let download = secured(&world, &server, host).await;
    with_flags(&download, flags).await;
    match refusal {
        None => fetch(&download, StartMode::WholeFile).await,
        Some(code) => drop(fails(&download, StartMode::WholeFile, code).await),
    }
}

/// A certificate that expired long ago.
fn expired() -> Identity {
    let mut identity = Identity::of("localhost");
    identity.params.not_before = rcgen::date_time_ymd(2001, 1, 1);
    identity.params.not_after = rcgen::date_time_ymd(2002, 1, 1);
    identity
}

/// A certificate for clients only.
fn for_clients() -> Identity {
    let mut identity = Identity::of("localhost");
    identity.params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
    identity
}

const UNKNOWN_CA: SecurityFlags = SecurityFlags::IGNORE_UNKNOWN_CA;

statements! {
    "Properties 7, 15, 16 and 24: security";

    /// Without flags a certificate must be valid: the default is 0.
    Inferred(PROPERTY), Holds;
    async fn without_flags_a_certificate_has_to_be_trusted() {
        passes(&Identity::of("localhost"), "localhost", SecurityFlags::default(), Some(ERROR_INTERNET_INVALID_CA)).await;
    }

    /// A flag accepts a certificate of an unknown authority.
    Doc(PROPERTY), Holds;
    async fn an_unknown_authority_can_be_passed_over() {
        passes(&Identity::of("localhost"), "localhost", UNKNOWN_CA, None).await;
    }

    /// A flag accepts a certificate for another host name.
    Doc(PROPERTY), Holds;
    async fn another_name_can_be_passed_over() {
        passes(&Identity::of("elsewhere.test"), "localhost", UNKNOWN_CA, Some(ERROR_INTERNET_SEC_CERT_CN_INVALID)).await;
        passes(&Identity::of("elsewhere.test"), "localhost", UNKNOWN_CA | SecurityFlags::IGNORE_CERT_CN_INVALID, None).await;
    }

    /// A flag accepts a certificate outside of its validity period.
    Doc(PROPERTY), Holds;
    async fn a_bad_date_can_be_passed_over() {
        passes(&expired(), "localhost", UNKNOWN_CA, Some(ERROR_INTERNET_SEC_CERT_DATE_INVALID)).await;
        passes(&expired(), "localhost", UNKNOWN_CA | SecurityFlags::IGNORE_CERT_DATE_INVALID, None).await;
    }

    /// A flag accepts a certificate for another usage.
    Doc(PROPERTY), Holds;
    async fn a_wrong_usage_can_be_passed_over() {
        passes(&for_clients(), "localhost", UNKNOWN_CA, Some(DO_E_HTTP_CERT_VALIDATION)).await;
        passes(&for_clients(), "localhost", UNKNOWN_CA | SecurityFlags::IGNORE_CERT_WRONG_USAGE, None).await;
    }

    /// WINHTTP_ENABLE_SSL_REVOCATION cancels the other four flags.
    Doc(PROPERTY), Holds;
    async fn revocation_cancels_the_other_flags() {
        let both = UNKNOWN_CA | SecurityFlags::ENABLE_REVOCATION;
        passes(&Identity::of("localhost"), "localhost", both, Some(ERROR_INTERNET_SEC_CERT_REV_FAILED)).await;
    }

    /// SecurityContext is the certificate that the client presents if a server requests one.
    Doc(PROPERTY), Chosen("As PEM text, with its key: a serialised CERT_CONTEXT is specific to Windows.");
    async fn a_client_certificate_is_shown() {
        let world = World::new().await;
        let (host, client) = (Identity::of("localhost"), Identity::of("client.test"));
        let server = Secure::serve(&world.origin, &host, Some(&client)).await;
        let download = secured(&world, &server, "localhost").await;
        with_flags(&download, UNKNOWN_CA).await;
        download.set_property(Property::SecurityContext(SecurityContext(client.pem().into_bytes().into()))).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
    }

    /// An invalid SecurityContext fails with 0x80092003.
    Observed(SDK_PROPERTY_TESTS), Holds;
    async fn a_client_certificate_that_cannot_be_read_is_refused() {
        let world = World::new().await;
        let download = world.download().await;
        let bad = Property::SecurityContext(SecurityContext(b"bad bytes".to_vec().into()));
        crate::world::refused(download.set_property(bad).await, CRYPT_E_FILE_ERROR);
    }

    /// NetworkToken TRUE uses the caller's own token for HTTP.
    Doc(PROPERTY), Chosen("The engine sends the host's token for this caller and origin as Authorization.");
    async fn the_token_of_the_caller_goes_out() {
        let token = |origin: String| World::built(move |builder, _| builder.network_token("one", origin, "Bearer of-one"));
        let elsewhere = World::new().await;
        let world = token(elsewhere.origin.url("")).await;
        let engine = world.engine.for_caller("one");
        let download = engine.create_download().await.unwrap();
        download.set_uri(&elsewhere.origin.url("/file")).await.unwrap();
        download.set_local_path(world.path()).await.unwrap();
        download.set_property(Property::NetworkToken(true)).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
        assert_eq!(elsewhere.origin.requests()[0].header("authorization"), Some("Bearer of-one"));
    }

    /// NetworkToken FALSE clears the token; that is the default.
    Doc(PROPERTY), Holds;
    async fn without_a_token_nothing_goes_out() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_property(Property::NetworkToken(true)).await.unwrap();
        download.set_property(Property::NetworkToken(false)).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
        let request = world.origin.requests().remove(0);
        assert!(request.headers.iter().all(|(name, _)| name != "authorization" && !name.starts_with("haul-")));
    }

    /// A redirect from https to http is followed only with HttpAllowSecureToNonSecureRedirect.
    Doc(PROPERTY), Holds;
    async fn a_redirect_to_http_has_to_be_allowed() {
        for allowed in [false, true] {
            let world = World::new().await;
            let to = Fault::redirect(302, world.origin.url("/file"));
            world.origin.put("/here", Resource::new(representation(&world.content)).fault(When::Every, to));
            let server = Secure::serve(&world.origin, &Identity::of("localhost"), None).await;
            let download = world.download().await;
            download.set_uri(&server.url("localhost", "/here")).await.unwrap();
            with_flags(&download, UNKNOWN_CA).await;
            download.set_property(Property::HttpAllowSecureToNonSecureRedirect(allowed)).await.unwrap();
            download.start(StartMode::WholeFile).await.unwrap();
            assert_eq!(download.ended().await.is_ok(), allowed);
        }
    }
}
