//! HTTP statuses as HRESULTs: 0x80190000 plus the status.

use haul::{DownloadState, StartMode, TransferOptions};
use haul_tests::origin::{Fault, When};

use crate::codes::Code;
use crate::sources::{AGENT_HTTP, BITS_MESSAGES, WINGET_416};
use crate::statement::statements;
use crate::world::{World, fails, options, until};

/// The code that carries an HTTP status.
pub const fn status(status: u16) -> Code {
    Code { number: 0x8019_0000 | status as u32, name: "HTTP_E_STATUS" }
}

/// Asserts that a download fails with the code of this status if the origin refuses with it.
async fn is_final(refusal: u16) {
    let world = World::faulty([(When::Every, Fault::status(refusal))]).await;
    fails(&world.download_of("/here").await, StartMode::WholeFile, status(refusal)).await;
}

/// Asserts that the engine retries this status, and reports its code as the extended error meanwhile.
async fn is_transient(refusal: u16) {
    let world = World::faulty([(When::Every, Fault::retry_after(refusal, "600"))]).await;
    let download = world.download_of("/here").await;
    download.start(StartMode::WholeFile).await.unwrap();
    let told = until(&download, |status| status.extended_error.is_some()).await;
    assert_eq!((told.state, told.error), (DownloadState::Paused, None));
    assert_eq!(told.extended_error.map(|error| error.code), Some(status(refusal).number));
}

statements! {
    "HTTP statuses as codes";

    /// 404 is 0x80190194.
    Observed(WINGET_416), Holds;
    async fn not_found_is_a_code() {
        let world = World::new().await;
        let failure = fails(&world.download_of("/no-such-file").await, StartMode::WholeFile, status(404)).await;
        assert_eq!(failure.code, 0x8019_0194);
    }

    /// 416 is 0x801901A0.
    Observed(WINGET_416), Holds;
    async fn range_not_satisfiable_is_a_code() {
        assert_eq!(status(416).number, 0x8019_01A0);
        is_final(416).await;
    }

    /// 403 is 0x80190193.
    Inferred(WINGET_416), Holds;
    async fn forbidden_is_a_code() {
        assert_eq!(status(403).number, 0x8019_0193);
        is_final(403).await;
    }

    /// 401 is 0x80190191.
    Idl(BITS_MESSAGES), Holds;
    async fn unauthorized_is_a_code() {
        is_final(401).await;
    }

    /// 407 is 0x80190197.
    Idl(BITS_MESSAGES), Holds;
    async fn proxy_authentication_required_is_a_code() {
        is_final(407).await;
    }

    /// The same rule gives codes to 400, 402, 405, 406, 409 to 415 and 417.
    Idl(BITS_MESSAGES), Holds;
    async fn other_refusals_have_codes() {
        for refusal in [400, 402, 405, 406, 409, 410, 411, 412, 413, 414, 415, 417] {
            is_final(refusal).await;
        }
    }

    /// The same rule gives codes to 501 and 505.
    Idl(BITS_MESSAGES), Holds;
    async fn what_a_server_cannot_do_has_a_code() {
        for refusal in [501, 505] {
            is_final(refusal).await;
        }
    }

    /// The documentation does not list the statuses that are retried.
    Silent(BITS_MESSAGES), Chosen("408, 425, 429, 500, 502, 503, 504 and 511; ExtendedError has the code during the \
                                   retries.");
    async fn busy_origins_are_asked_again() {
        for refusal in [408, 425, 429, 500, 502, 503, 504, 511] {
            is_transient(refusal).await;
        }
    }

    /// The number of retries of a status is not documented.
    Silent(BITS_MESSAGES), Chosen("Until the no-progress timeout, or as often as the transfer options allow; then \
                                   Error has the code.");
    async fn a_busy_origin_is_left_in_the_end() {
        let world = World::faulty([(When::Every, Fault::retry_after(503, "0"))]).await;
        let download = world.download_of("/here").await;
        download.set_options(TransferOptions { retries: Some(1), ..options() }).await.unwrap();
        fails(&download, StartMode::WholeFile, status(503)).await;
        assert_eq!(world.origin.requests().len(), 2);
    }

    /// 100, 101, 200 to 206, 300 to 305, 307, 400 to 417, 449 and 500 to 505 are defined.
    Idl(BITS_MESSAGES), Holds;
    async fn the_defined_statuses_are_explained() {
        let world = World::new().await;
        let defined = [100, 101].into_iter().chain(200..=206).chain(300..=305).chain([307]).chain(400..=417);
        for number in defined.chain([449]).chain(500..=505) {
            let code = status(number);
            let explanation = world.engine.explain(code.number).await.unwrap().expect("an explanation");
            assert!(explanation.meaning.contains(&number.to_string()), "{}", explanation.meaning);
        }
    }

    /// The agent maps groups of statuses to one code.
    Observed(AGENT_HTTP), Differs("Each status has its own code, as in BITS.");
    async fn each_status_has_its_own_code() {
        is_final(405).await;
        is_final(410).await;
    }
}
