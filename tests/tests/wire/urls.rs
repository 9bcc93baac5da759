//! URLs and redirects as people and origins write them.

use haul::Engine;
use haul_tests::origin::{Content, Fault, Origin, Resource, Site, When};
use haul_tests::over_every_subject;
use haul_tests::scene::{assert_holds, content, names, origin, request};
use haul_tests::subject::{Get, Subject};
use tempfile::tempdir;

/// An origin that serves [`content`] at every path.
fn everywhere() -> Origin {
    Origin::start(Site::new().fallback(|_| Some(content().into())))
}

over_every_subject!(path_and_query_arrive_as_they_were_written, |subject| {
    let long = format!("/{}?x", "a".repeat(40_000));
    for sent in [
        "/a[1].iso?b[]=c[d]",
        "/%7euser/%c3%a9?x=%2f",
        "/100%?50%&%zz",
        "/{a}|b^c?{d}|e^f`g",
        "/?X-Signature=a%2Bb%3D&'quoted'",
        "//a//b",
        &long,
    ] {
        let (origin, folder) = (everywhere(), tempdir().unwrap());
        // The fragment ends at no second `#`.
        let url = origin.url(&format!("{sent}#a#b"));
        subject.get(&Get::new(url, folder.path().join("file"))).expect_success();
        assert!(origin.requests().iter().all(|request| request.target == sent), "{:?}", origin.requests());
        assert_holds(&folder.path().join("file"), &content());
    }
});

over_every_subject!(each_form_of_a_host_is_found, |subject| {
    for host in ["ｌｏｃａｌｈｏｓｔ", "LOC%41LHOST", "127.1", "2130706433", "0x7f.0.0.1", "[::FFFF:127.0.0.1]"]
    {
        let (origin, folder) = (everywhere(), tempdir().unwrap());
        let url = format!("http://u:p@w@{host}:{}/file", origin.address().port());
        subject.get(&Get::new(url, folder.path().join("file"))).expect_success();
        let requests = origin.requests();
        assert_eq!(requests.len(), 1, "{host}: {requests:?}");
        assert_eq!(requests[0].header("authorization"), Some("Basic dTpwQHc="), "{host}");
    }
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_beyond_ascii_has_its_ascii_form_on_the_wire() {
    let (origin, folder) = (everywhere(), tempdir().unwrap());
    let builder = Engine::builder().policy(haul::Policy::allow_all()).grant(folder.path());
    let engine = builder.proxy(format!("http://{}", origin.address()), "").open().await.unwrap();
    for (host, on_wire) in [("bücher.example", "xn--bcher-kva.example"), ("例え.テスト", "xn--r8jz45g.xn--zckzah")]
    {
        let path = folder.path().join(host);
        engine.fetch(&format!("http://{host}/"), &path).await.unwrap();
        let requests = origin.requests();
        let last = requests.last().unwrap();
        assert_eq!((last.target.as_str(), last.header("host")), (&*format!("http://{on_wire}/"), Some(on_wire)));
    }
    engine.close().await;
}

over_every_subject!(a_location_is_sent_as_it_was_received, |subject| {
    for (location, sent) in [
        (&b"/caf\xe9?\xe9"[..], "/caf%E9?%E9"),
        (b"/a[1] b?c[]#d#e", "/a[1]%20b?c[]"),
        (b"/%7e/%zz", "/%7e/%zz"),
        (b"\\other\\file", "/other/file"),
    ] {
        let head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ";
        let redirect = Fault::raw([&head[..], location, b"\r\n\r\n"].concat());
        let start = Resource::new(content()).fault(When::Every, redirect);
        let site = Site::new().resource("/file", start).fallback(|_| Some(content().into()));
        let (origin, folder) = (Origin::start(site), tempdir().unwrap());
        subject.get(&request(&origin, &folder)).expect_success();
        assert_eq!(origin.requests().last().unwrap().target, sent);
    }
});

over_every_subject!(a_bad_redirect_is_the_origins_failure, |subject| {
    for location in ["http://h:99999/", "http://", "ftp://h/", "http://a b/"] {
        let (origin, folder) = (origin(vec![(When::Every, Fault::redirect(302, location))]), tempdir().unwrap());
        let outcome = subject.get(&request(&origin, &folder));
        outcome.expect_failure("ERROR_INTERNET_REDIRECT_FAILED");
        assert!(matches!((subject, outcome.code), (Subject::Embedded, None) | (_, Some(1))), "{outcome:?}");
        assert_eq!(names(folder.path()), [""; 0]);
    }
});

// `.env` and `env` are two files.
over_every_subject!(dots_of_a_name_stay, |subject| {
    let (origin, folder) = (everywhere(), tempdir().unwrap());
    for name in [".treeinfo", "env", ".env", "a."] {
        let mut get = Get::new(origin.url(&format!("/{name}")), folder.path().join(name));
        get.content_disposition = true;
        subject.get(&get).expect_success();
    }
    assert_eq!(names(folder.path()), [".env", ".treeinfo", "a.", "env"]);
    assert_holds(&folder.path().join(".env"), &Content::new(7, content().length()));
});
