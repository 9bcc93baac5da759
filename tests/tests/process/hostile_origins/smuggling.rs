//! A second answer after each one, meant for the next request on the connection.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use haul::{Engine, Error, StartMode, TransferOptions};
use tempfile::tempdir;
use tokio::net::TcpListener;

use super::{NOT_HTTP, SOON, Wire, alone, http1};

/// An origin that sends a second answer after each one.
async fn smuggling(answered: Arc<AtomicUsize>) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let answered = answered.clone();
            tokio::spawn(async move {
                let mut wire = Wire::new(stream, Arc::default());
                while http1::request(&mut wire).await.is_ok() {
                    answered.fetch_add(1, Ordering::SeqCst);
                    let right = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nright";
                    let wrong = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nwrong";
                    let _ = wire.send(format!("{right}{wrong}").as_bytes()).await;
                }
            });
        }
    });
    url
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_was_not_asked_for_is_not_used() {
    const FILES: usize = 20;
    let _alone = alone().await;
    let answered = Arc::new(AtomicUsize::new(0));
    let (url, folder) = (smuggling(answered.clone()).await, tempdir().unwrap());
    let engine = Engine::builder().policy(haul::Policy::allow_all()).grant(folder.path()).open().await.unwrap();
    for number in 0..FILES {
        let path = folder.path().join(number.to_string());
        let url = format!("{url}{number}");
        let options = TransferOptions { retries: Some(0), ..TransferOptions::default() };
        let fetching = engine.fetch_with(&url, &path, StartMode::WholeFile, options);
        let failure = tokio::time::timeout(SOON, fetching).await.expect("an end").expect_err("a violation");
        assert!(matches!(&failure, Error::Failed(failure) if failure.name == NOT_HTTP), "{failure}");
        assert!(!path.exists(), "{number}");
    }
    engine.close().await;
    assert!(answered.load(Ordering::SeqCst) >= FILES);
}
