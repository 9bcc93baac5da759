use super::*;
use alloc::string::ToString;
use alloc::vec::Vec;
use proptest::prelude::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap_or_else(|| panic!("{text}"))
}

#[test]
fn only_absolute_http_and_https_urls_with_a_host_are_taken() {
    for bad in [
        "",
        "example.com/a",
        "/a",
        "ftp://h/a",
        "file:///etc/passwd",
        "http:",
        "http://",
        "http:///",
        "http://?a",
        "http://u@/",
        "http://:80/",
        "http://h:99999/",
        "http://h:8o/",
        "http://h h/",
        "http://a<b/",
        "http://a%2Fb/",
        "http://%FF/",
        "http://\u{ad}/",
        "http://1.2.3.256/",
        "http://0x100000000/",
        "http://1.2.3.4.5/",
        "http://[::1/",
        "http://[::1]x/",
        "http://[fe80::1%25eth0]/",
        "http://[v1.a]/",
        "http://user:pa\\ss@h/",
        "http://a{b}/",
    ] {
        assert_eq!(Url::parse(bad), None, "{bad}");
    }
    let long = |length: usize| Url::parse(&format!("http://h/{}", "a".repeat(length - 9)));
    assert!(long(MAX_LENGTH).is_some() && long(MAX_LENGTH + 1).is_none());
}

#[test]
fn parts_are_those_that_go_on_the_wire() {
    let parsed = url("HTTP://User:pw@Example.COM:80/a b/%7Eé?q=1#top");
    assert_eq!(parsed.authority(), "example.com");
    assert_eq!(parsed.path_and_query(), "/a%20b/%7E%C3%A9?q=1");
    assert_eq!(parsed.user_information(), Some("User:pw"));
    assert_eq!(url("https://h").path_and_query(), "/");
    assert_eq!(url("http://[::1]:8080/x").authority(), "[::1]:8080");
}

fn check_sent(text: &str, authority: &str, sent: &str) {
    let url = url(text);
    assert_eq!((url.authority().as_str(), url.path_and_query().as_str()), (authority, sent), "{text}");
}

#[test]
fn path_and_query_are_sent_as_they_were_written() {
    for sent in [
        "/a[1].iso?b[]=c[d]",
        "/%7euser/%c3%a9?x=%2f",
        "/100%?50%&%zz=%",
        "/{a}|b^c\\d\"e?{a}|b^c\\d`e",
        "/a;b=c,d/e:f@g!h$i'(j)*k?l=m'n",
        "//a//b/",
        "/?",
        "/??a??",
    ] {
        check_sent(&format!("http://h{sent}"), "h", sent);
    }
    check_sent("http://h/a#b#c?d", "h", "/a");
    check_sent("http://h/a?b#c#d", "h", "/a?b");
    check_sent("http://h#a", "h", "/");
    check_sent("http://h/a b<c>`d?e f<g>\"h", "h", "/a%20b%3Cc%3E%60d?e%20f%3Cg%3E%22h");
    check_sent("http://h/\u{1b}é\u{7f}?ü", "h", "/%1B%C3%A9%7F?%C3%BC");
    check_sent(" \u{a0}http://h/a\tb\r\nc\n", "h", "/abc");
}

#[test]
fn dots_are_resolved_as_browsers_and_curl_do() {
    for (path, sent) in [
        ("/a/./b/../c", "/a/c"),
        ("/a/%2e%2E/b", "/b"),
        ("/a/.%2e", "/"),
        ("/../../a", "/a"),
        ("/a/..", "/"),
        ("/a/b/.", "/a/b/"),
        ("/a/.../.b/c.", "/a/.../.b/c."),
        ("/a?../b", "/a?../b"),
    ] {
        check_sent(&format!("http://h{path}"), "h", sent);
    }
}

#[test]
fn hosts_have_one_form() {
    for (host, authority) in [
        ("Bücher.example", "xn--bcher-kva.example"),
        ("B%C3%BCcher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("faß.example", "xn--fa-hia.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("ｅｘａｍｐｌｅ。com", "example.com"),
        ("EX%41MPLE.com", "example.com"),
        ("a_b-.example.", "a_b-.example."),
        ("XN--a", "xn--a"),
        ("127.1", "127.0.0.1"),
        ("0x7f.0.0.01", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("1.2.3.4.", "1.2.3.4"),
        ("[::0001]", "[::1]"),
        ("[0:0:0:0:0:0:0:1]:81", "[::1]:81"),
        ("[2001:DB8::A]", "[2001:db8::a]"),
        ("[::FFFF:127.0.0.1]", "[::ffff:127.0.0.1]"),
        ("h:", "h"),
        ("h:0080", "h"),
        ("h:0443", "h:443"),
        ("u:p@w@h:1", "h:1"),
    ] {
        check_sent(&format!("http://{host}/"), authority, "/");
    }
}

#[test]
fn slashes_are_those_that_browsers_accept() {
    for text in ["http:/h/a/b", "http:///h/a/b", "http:h/a/b", "HTTP:\\\\h\\a\\b", "http:\\/h/a/b"] {
        check_sent(text, "h", "/a/b");
    }
}

#[test]
fn user_information_is_what_stands_before_the_last_at_sign() {
    for (text, expected) in [
        ("http://u:p@w@h/", "u:p%40w"),
        ("http://u ser:p\"w@h/", "u%20ser:p%22w"),
        ("http://u%3A:@h/", "u%3A:"),
        ("http://é@h/", "%C3%A9"),
        ("http://@h/", ""),
    ] {
        assert_eq!(url(text).user_information(), Some(expected), "{text}");
    }
}

#[test]
fn equivalent_encodings_are_equal() {
    for (a, b) in [
        ("http://h/%7ea", "http://h/~a"),
        ("http://h/%c3%a9", "http://h/é"),
        ("http://h/{", "http://h/%7B"),
        ("http://h/%", "http://h/%25"),
        ("HTTP://H:80/", "http://h/"),
    ] {
        assert_eq!(url(a), url(b));
    }
    for (a, b) in [("http://h/a%2Fb", "http://h/a/b"), ("http://h/?a", "http://h/a"), ("http://h/", "http://h/?")] {
        assert_ne!(url(a), url(b));
    }
}

#[test]
fn a_location_need_not_be_text() {
    let base = url("https://h/x/y?z#f");
    for (location, expected) in [
        (&b"caf\xe9?\xe9"[..], "https://h/x/caf%E9?%E9"),
        (b"?q[]", "https://h/x/y?q[]"),
        (b"#", "https://h/x/y?z"),
        (b" /a b#c#d ", "https://h/a%20b"),
        (b"\\\\other\\a", "https://other/a"),
        (b"\\a\\b", "https://h/a/b"),
        (b"https:a", "https://h/x/a"),
        (b"http:a", "http://a"),
        (b"///other//a", "https://other//a"),
        ("//bücher.example/".as_bytes(), "https://xn--bcher-kva.example/"),
    ] {
        assert_eq!(base.join(location).map(|url| url.as_str().to_string()).as_deref(), Some(expected), "{location:?}");
    }
    for bad in [&b"http://h:99999/"[..], b"//", b"//\xff/", b"ftp://h/", b"mailto:a@b", b"//[::/"] {
        assert_eq!(base.join(bad), None, "{bad:?}");
        assert_eq!(base.redirect(bad, true), Err(Cause::RedirectInvalid));
    }
}

proptest! {
    #[test]
    fn an_accepted_url_reads_back_the_same_and_fits_a_request(
        text in "(http|HTTPS):/{0,3}\\PC{0,30}",
        host in "[a-zé0-9.:@%\\[\\]]{1,12}",
        target in "[/?][ -~é\\\\]{0,30}",
        location in prop::collection::vec(any::<u8>(), 0..30),
    ) {
        for text in [text, format!("http://{host}{target}"), format!("https://h{target}")] {
            let Some(url) = Url::parse(&text) else { continue };
            let joined = url.join(&location).into_iter().chain(url.join(url.as_str()));
            for url in joined.chain([url.clone()]) {
                let (authority, target) = (url.authority(), url.path_and_query());
                prop_assert!(target.starts_with('/') && target.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#'));
                prop_assert!(!authority.is_empty() && !authority.contains(['@', '/', '?', '#', '%', '\\']));
                let again = Url::parse(url.as_str());
                prop_assert_eq!(again.as_ref().map(Url::as_str), Some(url.as_str()));
            }
        }
    }

    #[test]
    fn each_visible_character_may_stand_in_path_and_query(target in "[!-~]{0,40}") {
        let url = Url::parse(&format!("http://h/x{target}"));
        prop_assert!(url.is_some(), "{}", target);
    }

    #[test]
    fn each_address_is_accepted(four in any::<u32>(), six in any::<u128>()) {
        let (four, six) = (core::net::Ipv4Addr::from_bits(four), core::net::Ipv6Addr::from_bits(six));
        let authorities: Vec<_> = [format!("http://{four}/"), format!("http://{}/", four.to_bits()), format!("http://[{six}]/")]
            .iter().map(|text| Url::parse(text).map(|url| url.authority())).collect();
        prop_assert_eq!(authorities, [Some(four.to_string()), Some(four.to_string()), Some(format!("[{six}]"))]);
    }
}

#[test]
fn redirects_are_resolved_against_the_url_that_gave_them() {
    let base = url("https://a.example/x/y?z");
    assert_eq!(base.join("../q").unwrap().as_str(), "https://a.example/q");
    assert_eq!(base.join("//b.example/p").unwrap().as_str(), "https://b.example/p");
    assert_eq!(base.join("http://c.example:81/ p").unwrap().as_str(), "http://c.example:81/%20p");
    assert_eq!(base.join("javascript:alert(1)"), None);
}

#[test]
fn origins_are_scheme_host_and_port() {
    let same = |a: &str, b: &str| url(a).same_origin(&url(b));
    assert!(same("http://h/a", "http://H:80/b?c"));
    assert!(!same("http://h/", "https://h/"));
    assert!(!same("http://h/", "http://h:81/"));
    assert!(!same("http://h/", "http://sub.h/"));
}

#[test]
fn a_url_that_was_kept_is_the_same_again() {
    for text in ["https://u:p@h/a?token=1", "http://[::1]:8080/x%7Ey z", "HTTP://EXAMPLE.com:80/é"] {
        let kept = postcard::to_allocvec(&url(text)).unwrap();
        assert_eq!(postcard::from_bytes(&kept), Ok(url(text)));
    }
    let kept = postcard::to_allocvec("ftp://h/").unwrap();
    assert!(postcard::from_bytes::<Url>(&kept).is_err());
}

/// `host/cli/src/url.rs` has the same table.
#[test]
fn secrets_are_not_shown() {
    let long = "x".repeat(300);
    for (text, shown) in [
        ("https://u:p@h/a?token=1#x", "https://h/a?..."),
        ("http://h/a#secret", "http://h/a"),
        ("http://u@h:8080", "http://h:8080/"),
        ("https://registry.example/@scope/x", "https://registry.example/@scope/x"),
        ("http://[::1]:8080/a?e=a@b", "http://[::1]:8080/a?..."),
        ("https://user:p/w@host/", "host/"),
        ("https://user:p?w@host/x", "host/x"),
        ("https://user:p#w@host", "host"),
        ("https://user:12/w@host/", "host/"),
        ("https://user:443/w@host/", "host/"),
        ("https://user:12#w@host/", "host/"),
        ("https://u:p@w@host/x", "host/x"),
        ("https//user:pw@host", "host"),
        ("//user:pw@host", "host"),
        ("user:pw@host:8080/x", "host:8080/x"),
        ("http:user:pw@host", "host"),
        ("h ttp://u:p@h", "h"),
        ("https:/u:p@h", "h"),
        ("https:///u:p@h", "h"),
        ("https//h/x?e=a@b&sig=S", "b"),
        ("ftp://u:p@h/a?token=1", "h/a"),
        ("ftp://h/a;token=1", "ftp://h/a"),
        ("a\u{1b}[2Jb\n", "a[2Jb"),
        (&long, &long[..200]),
    ] {
        assert_eq!(redact(text), shown, "{text}");
    }
    assert_eq!(format!("{:?}", url("https://u:p@h/a?token=1")), "https://h/a?...");
}
