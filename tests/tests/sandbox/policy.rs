//! The rules of a policy: each blocks everything else, and allowed requests work.

use std::os::unix::fs::MetadataExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use haul::{
    Engine, Error, Failure, Fault, FetchReport, Job, JobState, Policy, Property, ProxySettings, ProxyUsage, Quota,
    Rule, SecurityContext, SecurityFlags, StartMode, TransferOptions,
};
use haul_tests::origin::{self, Origin, Representation, Resource, Site, When};
use haul_tests::scene::{MIB, assert_only, content, names, origin, version};
use haul_tests::subject::records;
use tempfile::{TempDir, tempdir};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// A policy for the scripted origins.
fn local() -> Policy {
    Policy::deny_all().allow_origin("http://127.0.0.1:*").allow_addresses("127.0.0.1")
}

async fn fetched(policy: Policy, folder: &TempDir, url: &str) -> Result<FetchReport, Failure> {
    fetched_with(policy, folder, url, TransferOptions::default()).await
}

async fn fetched_with(
    policy: Policy,
    folder: &TempDir,
    url: &str,
    options: TransferOptions,
) -> Result<FetchReport, Failure> {
    let builder = Engine::builder().policy(policy).grant(folder.path()).records_directory(records());
    let engine = builder.open().await.expect("an engine");
    let fetched = engine.fetch_with(url, folder.path().join("file"), StartMode::WholeFile, options).await;
    engine.close().await;
    fetched.map_err(|error| match error {
        Error::Failed(failure) => failure,
        other => panic!("{other}"),
    })
}

/// The rule that refuses a URL.
async fn rule(policy: Policy, url: &str) -> Option<Rule> {
    let folder = tempdir().unwrap();
    let failure = fetched(policy, &folder, url).await.expect_err(url);
    assert_eq!(names(folder.path()), [""; 0], "{url}");
    assert_eq!(failure.fault, Fault::Policy, "{url}: {failure}");
    failure.rule
}

/// An origin that redirects to `location`.
fn redirecting(location: &str) -> Origin {
    let resource = Resource::new(version(&content(), "v1"));
    Origin::start(Site::new().resource("/file", resource.fault(When::Every, origin::Fault::redirect(302, location))))
}

#[tokio::test]
async fn without_a_policy_nothing_is_requested() {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let engine = Engine::builder().grant(folder.path()).open().await.unwrap();
    let Err(Error::Failed(failure)) = engine.fetch(&origin.url("/file"), folder.path().join("file")).await else {
        panic!("fetched")
    };
    assert_eq!((failure.name.as_str(), failure.code), ("DO_E_NO_DOWNLOAD_EXTSETTINGS", 0x80D0_3002));
    assert_eq!((failure.fault, failure.rule), (Fault::Policy, Some(Rule::Scheme)));
    engine.close().await;
    assert_eq!(origin.connections(), 0);
}

#[tokio::test]
async fn what_is_allowed_is_fetched() {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    fetched(local(), &folder, &origin.url("/file")).await.unwrap();
    assert_only(&folder, &content());
}

#[tokio::test]
async fn a_redirect_leads_to_nothing_that_is_not_allowed() {
    let other = origin(vec![]);
    let port = other.address().port();
    for (location, refusal) in [
        (format!("https://127.0.0.1:{port}/file"), Rule::Scheme),
        (format!("http://localhost:{port}/file"), Rule::Host),
        (format!("http://127.1:{port}/file"), Rule::Host),
        (format!("http://[::1]:{port}/file"), Rule::Host),
        (format!("http://127.0.0.2:{port}/file"), Rule::Host),
        (format!("http://127.0.0.1.example:{port}/file"), Rule::Host),
        (format!("http://127.0.0.1:{port}/file"), Rule::Port),
    ] {
        let first = redirecting(&location);
        let policy = Policy::deny_all()
            .allow_origin(format!("http://127.0.0.1:{}", first.address().port()))
            .allow_addresses("127.0.0.0/8")
            .allow_addresses("::1");
        assert_eq!(rule(policy, &first.url("/file")).await, Some(refusal), "{location}");
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_redirect_to_what_is_allowed_is_followed() {
    let other = origin(vec![]);
    let (first, folder) = (redirecting(&other.url("/file")), tempdir().unwrap());
    fetched(local(), &folder, &first.url("/file")).await.unwrap();
    assert_only(&folder, &content());
}

#[tokio::test]
async fn userinfo_hides_no_host() {
    let origin = origin(vec![]);
    let policy = || Policy::deny_all().allow_origin("http://allowed.example:*").allow_addresses("127.0.0.0/8");
    for url in [
        format!("http://allowed.example@127.0.0.1:{}/file", origin.address().port()),
        format!("http://allowed.example:80@127.0.0.1:{}/file", origin.address().port()),
        format!("http://127.0.0.1:{}#@allowed.example/file", origin.address().port()),
        format!("http://127.0.0.1:{}/@allowed.example/file", origin.address().port()),
        format!("http://127.0.0.1:{}\\@allowed.example/file", origin.address().port()),
        format!("http://allowed.example%40127.0.0.1:{}/file", origin.address().port()),
    ] {
        let folder = tempdir().unwrap();
        let failure = fetched(policy(), &folder, &url).await.expect_err(&url);
        assert!(failure.rule.is_some() || failure.fault == Fault::Caller, "{url}: {failure:?}");
        assert_eq!(names(folder.path()), [""; 0], "{url}");
    }
    assert_eq!(origin.connections(), 0);
}

#[tokio::test]
async fn an_address_that_is_not_public_is_refused_however_it_is_written() {
    let origin = origin(vec![]);
    let port = origin.address().port();
    let anywhere = || Policy::deny_all().allow_origin("*://*:*");
    for host in [
        "127.0.0.1",
        "127.0.0.1.",
        "localhost",
        "LOCALHOST.",
        "127.1",
        "0x7f.1",
        "0177.0.0.1",
        "2130706433",
        "0x7f000001",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::1]",
        "[::]",
        "0.0.0.0",
        "[64:ff9b::7f00:1]",
    ] {
        let url = format!("http://{host}:{port}/file");
        // Some of these are host names, which the system's resolver does not find.
        let once = TransferOptions { retries: Some(0), ..TransferOptions::default() };
        let failure = fetched_with(anywhere(), &tempdir().unwrap(), &url, once).await.expect_err(&url);
        let is_no_host = failure.fault == Fault::Caller || failure.name == "ERROR_INTERNET_NAME_NOT_RESOLVED";
        assert!(failure.rule == Some(Rule::Address) || is_no_host, "{url}: {failure:?}");
    }
    assert_eq!(origin.connections(), 0);
    let folder = tempdir().unwrap();
    let named = anywhere().allow_addresses("127.0.0.0/8");
    fetched(named, &folder, &format!("http://localhost:{port}/file")).await.unwrap();
    assert_only(&folder, &content());
}

/// The first request goes to an allowed address, the next one to another.
#[tokio::test]
async fn a_redirect_leads_to_no_address_that_is_not_allowed() {
    let first = redirecting("http://169.254.169.254/latest/meta-data");
    let policy = || Policy::deny_all().allow_origin("*://*:*").allow_addresses("127.0.0.1");
    assert_eq!(rule(policy(), &first.url("/file")).await, Some(Rule::Address));
    assert_eq!(rule(policy().allow_addresses("169.254.0.0/16"), &first.url("/file")).await, Some(Rule::Address));
}

#[tokio::test]
async fn a_field_that_is_not_allowed_goes_nowhere() {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let with_field = async |policy: Policy| {
        let engine = Engine::builder().policy(policy).grant(folder.path()).open().await.unwrap();
        let download = engine.create_download().await.unwrap();
        download.set_uri(&origin.url("/file")).await.unwrap();
        download.set_local_path(folder.path().join("file")).await.unwrap();
        download.set_property(Property::HttpCustomHeaders("X-Secret: 7\r\n".into())).await.unwrap();
        download.start(StartMode::WholeFile).await.unwrap();
        let ended = download.ended().await;
        engine.close().await;
        match ended {
            Err(Error::Failed(failure)) => failure.rule,
            other => other.map(|_| None).unwrap(),
        }
    };
    assert_eq!(with_field(local()).await, Some(Rule::RequestField));
    assert_eq!(origin.connections(), 0);
    assert_eq!(with_field(local().allow_request_field("x-secret")).await, None);
    assert_eq!(origin.requests()[0].header("x-secret"), Some("7"));
}

/// A proxy that refuses each request and reports its head.
async fn refusing_proxy() -> (String, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = listener.local_addr().unwrap().to_string();
    let (heads, told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") && matches!(stream.read_buf(&mut head).await, Ok(1..)) {}
            let _ = heads.send(String::from_utf8(head).unwrap());
            let _ = stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\n\r\n").await;
        }
    });
    (place, told)
}

/// A job that downloads `url` through its own proxy setting.
async fn job_through(engine: &Engine, proxy: &str, url: &str, folder: &TempDir) -> Job {
    let job = engine.create_job("").await.unwrap();
    let list = Some(format!("me:data@{proxy}"));
    let settings =
        ProxySettings { usage: ProxyUsage::Override, proxy_list: list.map(Into::into), proxy_bypass_list: None };
    job.set_proxy_settings(settings).await.unwrap();
    job.add_file(url, folder.path().join("file")).await.unwrap();
    job.resume().await.unwrap();
    job
}

#[tokio::test]
async fn a_proxy_that_a_job_names_is_used_only_if_it_is_allowed() {
    let (origin, folder, (proxy, mut told)) = (origin(vec![]), tempdir().unwrap(), refusing_proxy().await);
    let open = async |policy| Engine::builder().policy(policy).grant(folder.path()).open().await.unwrap();
    for policy in [local(), local().allow_proxy("http://127.0.0.1:1"), local().allow_proxy_bypass()] {
        let engine = open(policy).await;
        let job = job_through(&engine, &proxy, &origin.url("/file"), &folder).await;
        while job.state().await.unwrap() != JobState::Error {
            tokio::task::yield_now().await;
        }
        let cause = job.error().await.unwrap().cause;
        assert_eq!((cause.fault, cause.rule), (Fault::Policy, Some(Rule::Proxy)));
        engine.close().await;
    }
    assert!(told.try_recv().is_err(), "a connection reached the proxy");

    let engine = open(local().allow_proxy(format!("http://{proxy}"))).await;
    let _job = job_through(&engine, &proxy, &origin.url("/file"), &folder).await;
    let (place, head) = (origin.address(), told.recv().await.unwrap());
    let credentials = "Proxy-Authorization: Basic bWU6ZGF0YQ==";
    assert_eq!(head, format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n{credentials}\r\n\r\n"));
    engine.close().await;
    assert_eq!(origin.connections(), 0);
}

/// An origin that closes every connection, and the number of its connections.
async fn hanging_up() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/file", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = connections.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            drop(stream);
        }
    });
    (url, connections)
}

#[tokio::test]
async fn settings_of_tls_that_are_not_allowed_make_no_connection() {
    let ((url, connections), folder) = (hanging_up().await, tempdir().unwrap());
    let key = rcgen::generate_simple_self_signed(["client.example".to_owned()]).unwrap();
    let pem = key.cert.pem() + &key.signing_key.serialize_pem();
    let local = || Policy::deny_all().allow_origin("https://127.0.0.1:*").allow_addresses("127.0.0.1");
    let (unknown_ca, wrong_name) = (SecurityFlags::IGNORE_UNKNOWN_CA, SecurityFlags::IGNORE_CERT_CN_INVALID);
    let certificate = Property::SecurityContext(SecurityContext(pem.into_bytes().into()));
    for (policy, property, refusal) in [
        (local(), Property::SecurityFlags(unknown_ca), Some(Rule::SecurityFlags)),
        (local().allow_security_flags(unknown_ca), Property::SecurityFlags(wrong_name), Some(Rule::SecurityFlags)),
        (local().allow_security_flags(unknown_ca), Property::SecurityFlags(unknown_ca), None),
        (local(), certificate.clone(), Some(Rule::ClientCertificate)),
        (local().allow_client_certificates(), certificate, None),
    ] {
        let before = connections.load(Ordering::SeqCst);
        let engine = Engine::builder().policy(policy).grant(folder.path()).open().await.unwrap();
        let download = engine.create_download().await.unwrap();
        let path = folder.path().join("file").to_str().unwrap().to_owned();
        let properties = [Property::Uri(url.clone()), Property::LocalPath(path), property];
        let once = TransferOptions { retries: Some(0), ..TransferOptions::default() };
        download.start_with(properties, once, StartMode::WholeFile).await.unwrap();
        let Err(Error::Failed(failure)) = download.ended().await else { panic!("an origin that hangs up was heard") };
        let is_connected = connections.load(Ordering::SeqCst) > before;
        assert_eq!((failure.rule, is_connected), (refusal, refusal.is_none()));
        engine.close().await;
    }
}

#[tokio::test]
async fn a_file_is_not_larger_than_allowed_whatever_the_origin_says() {
    let size = content().length();
    let told = origin(vec![]);
    assert_eq!(rule(local().max_file_size(size - 1), &told.url("/file")).await, Some(Rule::FileSize));
    let untold = origin(vec![(When::Every, origin::Fault::Chunked)]);
    assert_eq!(rule(local().max_file_size(size - 1), &untold.url("/file")).await, Some(Rule::FileSize));
    for origin in [told, untold] {
        let folder = tempdir().unwrap();
        fetched(local().max_file_size(size), &folder, &origin.url("/file")).await.unwrap();
        assert_only(&folder, &content());
    }
}

#[tokio::test]
async fn a_quota_is_not_exceeded_and_what_it_brought_is_kept() {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let quota = Quota::total(3 * MIB);
    let failure = fetched(local().quota(quota.clone()), &folder, &origin.url("/file")).await.unwrap_err();
    assert_eq!((failure.rule, quota.used()), (Some(Rule::Quota), 3 * MIB));
    let another = fetched(local().quota(quota), &tempdir().unwrap(), &origin.url("/file")).await.unwrap_err();
    assert_eq!(another.rule, Some(Rule::Quota));
    let report = fetched(local().quota(Quota::total(6 * MIB)), &folder, &origin.url("/file")).await.unwrap();
    assert!(report.bytes_resumed > 0, "{report:?}");
    assert_only(&folder, &content());
}

#[tokio::test]
async fn a_quota_of_a_time_is_waited_for() {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let quota = Quota::per(5 * MIB, Duration::from_millis(700));
    fetched(local().quota(quota), &folder, &origin.url("/file")).await.unwrap();
    assert_only(&folder, &content());
}

#[tokio::test]
async fn engines_share_a_quota() {
    let (origin, quota) = (origin(vec![]), Quota::total(content().length()));
    let folder = tempdir().unwrap();
    fetched(local().quota(quota.clone()), &folder, &origin.url("/file")).await.unwrap();
    assert_only(&folder, &content());
    assert_eq!(rule(local().quota(quota), &origin.url("/file")).await, Some(Rule::Quota));
}

#[tokio::test]
async fn bytes_do_not_come_faster_than_allowed() {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let begun = Instant::now();
    fetched(local().max_rate(16 * MIB), &folder, &origin.url("/file")).await.unwrap();
    assert!(begun.elapsed() > Duration::from_millis(400), "{:?}", begun.elapsed());
    assert_only(&folder, &content());
}

#[tokio::test]
async fn no_more_exchanges_than_allowed_are_open() {
    let held = origin::Fault::hold_until_released(MIB / 2, "all are asked");
    let (origin, folder) = (origin(vec![(When::Every, held)]), tempdir().unwrap());
    let engine = Engine::builder().policy(local().max_connections(2)).grant(folder.path()).open().await.unwrap();
    let download = engine.create_download().await.unwrap();
    download.set_uri(&origin.url("/file")).await.unwrap();
    download.set_local_path(folder.path().join("file")).await.unwrap();
    let options = TransferOptions { connections: Some(8), ..TransferOptions::default() };
    download.set_options(options).await.unwrap();
    download.start(StartMode::WholeFile).await.unwrap();
    while download.report().await.unwrap().connections < 8 || origin.requests().len() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(origin.requests().len(), 2);
    origin.release("all are asked");
    download.ended().await.unwrap();
    download.finalize().await.unwrap();
    engine.close().await;
    assert_only(&folder, &content());
}

#[tokio::test]
async fn what_has_to_stay_free_stays_free() {
    let origin = origin(vec![]);
    assert_eq!(rule(local().min_free_space(u64::MAX / 2), &origin.url("/file")).await, Some(Rule::FreeSpace));
    assert_eq!(origin.connections(), 0);
    let folder = tempdir().unwrap();
    fetched(local().min_free_space(MIB), &folder, &origin.url("/file")).await.unwrap();
    assert_only(&folder, &content());
}

/// Bytes written to preallocated space would count twice.
#[tokio::test]
async fn no_room_is_reserved_where_some_has_to_stay_free() {
    let held = origin::Fault::hold_until_released(MIB, "go");
    let (origin, folder) = (origin(vec![(When::Every, held)]), tempdir().unwrap());
    let engine =
        Engine::builder().policy(local().min_free_space(MIB)).grant(folder.path()).open().await.expect("an engine");
    let download = engine.create_download().await.unwrap();
    download.set_uri(&origin.url("/file")).await.unwrap();
    download.set_local_path(folder.path().join("file")).await.unwrap();
    download.set_options(TransferOptions { connections: Some(1), ..TransferOptions::default() }).await.unwrap();
    download.start(StartMode::WholeFile).await.unwrap();
    while download.status().await.unwrap().bytes_transferred == 0 {
        tokio::task::yield_now().await;
    }
    let partial = std::fs::metadata(folder.path().join("file.part")).unwrap();
    assert!(partial.blocks() * 512 < content().length(), "{} blocks", partial.blocks());
    origin.release("go");
    download.ended().await.unwrap();
    download.finalize().await.unwrap();
    engine.close().await;
    assert_only(&folder, &content());
}

#[tokio::test]
async fn a_source_that_is_refused_leaves_the_others() {
    let origin = origin(vec![]);
    let folder = tempdir().unwrap();
    let engine = Engine::builder().policy(local()).grant(folder.path()).open().await.unwrap();
    let options = TransferOptions { mirrors: vec![origin.url("/file")], ..TransferOptions::default() };
    let path = folder.path().join("file");
    engine.fetch_with("http://localhost:1/file", &path, StartMode::WholeFile, options).await.unwrap();
    engine.close().await;
    assert_only(&folder, &content());
}

#[tokio::test]
async fn a_policy_that_cannot_be_read_opens_no_engine() {
    for (policy, part) in [
        (Policy::deny_all().allow_origin("example.com"), "scheme://host"),
        (Policy::deny_all().allow_addresses("10.0.0.0/33"), "10.0.0.0/33"),
        (Policy::deny_all().allow_request_field("a b"), "a b"),
        (Policy::deny_all().allow_proxy("proxy.example:3128"), "proxy.example:3128"),
        (Policy::deny_all().allow_method("G T"), "G T"),
    ] {
        let Err(Error::Setting { setting: "policy", reason }) = Engine::builder().policy(policy).open().await else {
            panic!("opened with {part}")
        };
        assert!(reason.contains(part), "{reason}");
    }
}

#[tokio::test]
async fn engines_of_one_process_have_policies_of_their_own() {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let strict = Engine::builder().grant(folder.path()).open().await.unwrap();
    let free = Engine::builder().policy(local()).grant(folder.path()).open().await.unwrap();
    let fetch = |engine: &Engine, name: &str| {
        let (engine, url, path) = (engine.clone(), origin.url("/file"), folder.path().join(name));
        async move { engine.fetch(&url, path).await }
    };
    let (refused, fetched) = tokio::join!(fetch(&strict, "strict"), fetch(&free, "file"));
    assert!(matches!(refused, Err(Error::Failed(failure)) if failure.rule == Some(Rule::Scheme)));
    fetched.unwrap();
    assert_only(&folder, &content());
}

/// If the origin sends a page instead of the file, its size counts like any other.
#[tokio::test]
async fn an_error_page_is_counted_too() {
    let (quota, page) = (Quota::total(MIB), origin::Content::new(3, 2 * MIB));
    let resource = Resource::new(Representation::new(page));
    let origin = Origin::start(Site::new().resource("/file", resource.fault(When::Every, origin::Fault::status(404))));
    let folder = tempdir().unwrap();
    let failure = fetched(local().quota(quota), &folder, &origin.url("/file")).await.unwrap_err();
    assert_eq!(failure.name, "HTTP_E_STATUS", "{failure}");
}
