//! Downloads through real proxies: tinyproxy for HTTP, microsocks for SOCKS5, both with a user; nginx is the origin.

use std::fs;

use haul::{Builder, Engine, Error, StartMode, TransferOptions};
use haul_tests::nginx::Nginx;
use haul_tests::origin::Content;
use haul_tests::proxies::{PASSWORD, Proxy};
use tempfile::{TempDir, tempdir};

struct World {
    content: Content,
    _source: TempDir,
    plain: Nginx,
    secure: Nginx,
}

fn world() -> World {
    let (content, source) = (Content::new(5, 3 << 20), tempdir().unwrap());
    fs::write(source.path().join("file"), content.bytes(0..content.length())).unwrap();
    let (plain, secure) = (Nginx::serve(source.path()), Nginx::serve_securely(source.path()));
    World { content, _source: source, plain, secure }
}

impl World {
    fn urls(&self) -> [String; 2] {
        [self.plain.url("file"), self.secure.url("file")]
    }

    /// Downloads with these settings; the error is the name of its code.
    async fn fetch(&self, url: &str, settings: impl FnOnce(Builder) -> Builder) -> Result<(), String> {
        let folder = tempdir().unwrap();
        let root = fs::read(self.secure.certificate()).unwrap();
        let engine =
            settings(Engine::builder().policy(haul::Policy::allow_all()).grant(folder.path()).root_certificate(root))
                .open()
                .await
                .unwrap();
        let path = folder.path().join("file");
        let download = engine.create_download().await.unwrap();
        download.set_uri(url).await.unwrap();
        download.set_local_path(&path).await.unwrap();
        download.set_options(TransferOptions { retries: Some(0), ..TransferOptions::default() }).await.unwrap();
        download.start(StartMode::WholeFile).await.unwrap();
        let fetched = match download.ended().await {
            Ok(_) => download.finalize().await,
            Err(error) => Err(error),
        };
        engine.close().await;
        match fetched {
            Ok(()) => {
                assert!(fs::read(&path).unwrap() == self.content.bytes(0..self.content.length()), "{url}");
                Ok(())
            }
            Err(Error::Failed(failure)) => Err(format!("{} 0x{:08X}", failure.name, failure.code)),
            Err(other) => panic!("{other}"),
        }
    }
}

/// The code of status 407.
const WANTS_CREDENTIALS: &str = "HTTP_E_STATUS 0x80190197";

#[tokio::test]
async fn an_http_proxy_reads_requests_and_makes_tunnels_for_those_whom_it_knows() {
    let (world, proxy) = (world(), Proxy::tinyproxy());
    for url in world.urls() {
        let by = |password: &str| {
            let entry = proxy.entry("", password);
            move |builder: Builder| builder.proxy(entry, "")
        };
        assert_eq!(world.fetch(&url, by(PASSWORD)).await, Ok(()), "{url}");
        let refused = world.fetch(&url, by("wrong")).await.unwrap_err();
        // tinyproxy answers a wrong password in a plain request with 401.
        let expected = [WANTS_CREDENTIALS, "HTTP_E_STATUS 0x80190191", "ERROR_INTERNET_CANNOT_CONNECT 0x80072EFD"];
        assert!(expected.contains(&refused.as_str()), "{url}: {refused}");
    }
}

#[tokio::test]
async fn a_socks_proxy_leads_there_by_name_and_by_address_for_those_whom_it_knows() {
    let (world, proxy) = (world(), Proxy::microsocks());
    for url in world.urls() {
        for scheme in ["socks5://", "socks5h://"] {
            let by = |password: &str| {
                let entry = proxy.entry(scheme, password);
                move |builder: Builder| builder.proxy(entry, "")
            };
            assert_eq!(world.fetch(&url, by(PASSWORD)).await, Ok(()), "{scheme} {url}");
            assert_eq!(world.fetch(&url, by("wrong")).await, Err(WANTS_CREDENTIALS.into()), "{scheme} {url}");
        }
    }
}

#[tokio::test]
async fn what_is_to_be_asked_directly_goes_past_every_proxy() {
    let world = world();
    for url in world.urls() {
        for bypass in ["127.0.0.0/8 localhost", "127.0.0.1;<local>"] {
            let settings = |builder: Builder| builder.proxy("socks5://127.0.0.1:1", bypass);
            assert_eq!(world.fetch(&url, settings).await, Ok(()), "{bypass} {url}");
        }
        let settings = |builder: Builder| builder.proxy("socks5://127.0.0.1:1", "127.0.0.0/8:1 localhost:1");
        assert_eq!(world.fetch(&url, settings).await, Err("ERROR_INTERNET_CANNOT_CONNECT 0x80072EFD".into()), "{url}");
    }
}
