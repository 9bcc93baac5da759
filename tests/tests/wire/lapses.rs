//! Response heads with lapses that other clients accept. Stock wasmtime reads heads by itself, and refuses them.

use haul::Engine;
use haul_tests::origin::{Content, Fault, Origin, Resource, Site, When};
use haul_tests::over_every_subject;
use haul_tests::scene::{assert_only, request};
use haul_tests::subject::Subject;
use tempfile::tempdir;

const CONTENT: &str = "the content";

fn answering(answer: Vec<u8>) -> Origin {
    let resource = Resource::new(Content::literal("never sent")).fault(When::Every, Fault::Raw(answer));
    Origin::start(Site::new().resource("/file", resource))
}

over_every_subject!(a_head_with_lapses_is_read, |subject| {
    if subject == Subject::Stock {
        return;
    }
    for head in [
        "HTTP/1.1 200 OK\r\nX-Folded: a\r\n b\r\nContent-Length: 11",
        "HTTP/1.1 200 OK\r\nContent-Length:\r\n 11",
        "HTTP/1.1 200 OK\r\nContent-Length : 11",
        "HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 11",
        "HTTP/1.1 200 OK\r\nX(Y): z\r\nContent-Length: 11",
        "HTTP/1.1  200 OK\r\nContent-Length: 11",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 11",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity",
    ] {
        let origin = answering(format!("{head}\r\n\r\n{CONTENT}").into_bytes());
        let folder = tempdir().unwrap();
        subject.get(&request(&origin, &folder).retries(0)).expect_success();
        assert_only(&folder, &Content::literal(CONTENT));
    }
});

over_every_subject!(a_head_that_hides_its_framing_is_refused, |subject| {
    for head in [
        "HTTP/1.1 200 OK\r\nContent-Length 11",
        "HTTP/1.1 200 OK\r\nContent-Length\u{b}: 11",
        "HTTP/1.1 200 OK\r\nX-Nul: a\0b\r\nContent-Length: 11",
    ] {
        let origin = answering(format!("{head}\r\n\r\n{CONTENT}").into_bytes());
        let folder = tempdir().unwrap();
        let outcome = subject.get(&request(&origin, &folder).retries(0));
        outcome.expect_failure("ERROR_HTTP_INVALID_SERVER_RESPONSE");
    }
});

/// Two readers may disagree about the end of such an answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_with_a_lapse_serves_no_other_request() {
    for (fault, connections) in [(Fault::header("X-Sound", "a"), 1), (Fault::header(" folded", "a"), 3)] {
        let resource = || Resource::new(Content::literal(CONTENT)).fault(When::Every, fault.clone());
        let site = ["/a", "/b", "/c"].into_iter().fold(Site::new(), |site, path| site.resource(path, resource()));
        let (origin, folder) = (Origin::start(site), tempdir().unwrap());
        let engine = Engine::builder().policy(haul::Policy::allow_all()).grant(folder.path()).open().await.unwrap();
        for name in ["a", "b", "c"] {
            let (url, path) = (origin.url(&format!("/{name}")), folder.path().join(name));
            engine.fetch(&url, &path).await.unwrap();
        }
        engine.close().await;
        assert_eq!(origin.connections(), connections, "{fault:?}");
    }
}
