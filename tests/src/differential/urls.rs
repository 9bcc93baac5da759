//! URLs and references as people and origins write them.

use super::{Case, Task};

const NO_SCHEME: &str = "haul guesses no scheme: a guess would send a request without TLS that was meant to have it";

const AS_BROWSERS: &str = "browsers accept it by the URL standard, so haul does, too";

const AS_WRITTEN: &str = "haul keeps the mark of an empty query as it was written";

const ONE_FORM: &str = "a host has one form in haul, so that comparisons of origins are exact";

const ENCODED_DOTS: &str = "browsers and later versions of curl resolve percent-encoded dots";

const ZONE: &str = "WASI has no place for the zone of an address";

const NO_ADDRESS: &str = "a host that ends in a number is an address by the URL standard, and this is none";

const NO_AUTHORITY: &str = "WASI refuses this character in a host";

const IN_DOUBT: &str = "browsers and curl disagree about the host, and the text may be a password";

const SAME_PLACE: &str = "the reference leads to its own URL again; curl 7.88 does not follow it";

const HTTP_ONLY: &str = "haul follows redirects to http and https only";

const ENCODED_SPACE: &str = "a space is %20 everywhere in a URL; a plus sign means one in forms only";

/// URLs that both treat alike.
const SAME: &[&str] = &[
    // Paths and queries.
    "http://h.example",
    "http://h.example/",
    "http://h.example//",
    "http://h.example/a//b///c",
    "http://h.example/a/./b/../c",
    "http://h.example/../../a",
    "http://h.example/a/..",
    "http://h.example/a/.",
    "http://h.example/.../a",
    "http://h.example/a.b.",
    "http://h.example/.hidden",
    "http://h.example/a[1].iso",
    "http://h.example/a[1-3]{b,c}",
    "http://h.example/?a[]=1&b[c]=2",
    "http://h.example/a;b=c,d",
    "http://h.example/a:b@c",
    "http://h.example/@scope/package",
    "http://h.example/a%20b%2Fc%2fd",
    "http://h.example/%7euser/%41%5B",
    "http://h.example/100%",
    "http://h.example/%zz%1",
    "http://h.example/?%",
    "http://h.example?a=b",
    "http://h.example/??a?b",
    "http://h.example/?a=../b/./c",
    "http://h.example/?a=http://other/b?c",
    "http://h.example/a#b",
    "http://h.example/a#b#c",
    "http://h.example/a?b#c?d#e",
    "http://h.example#a",
    "http://h.example/#",
    "http://h.example/a?b=c&d=e;f=g+h",
    "http://h.example/?X-Signature=AbC%2Bd%3D&Expires=1",
    "http://h.example/über/straße?größe=ä",
    "http://h.example/日本語.iso?名=値",
    "http://h.example/\u{1f4e6}",
    "http://h.example/a\u{301}",
    // Authorities.
    "HTTP://h.example/A",
    "http://h.example:80/",
    "http://h.example:8080/",
    "http://h.example:65535/",
    "http://h.example:/",
    "http://h.example:0080/",
    "http://user@h.example/",
    "http://user:pass@h.example/",
    "http://user:@h.example/",
    "http://:pass@h.example/",
    "http://us%65r:p%40ss@h.example/",
    "http://user:pa:ss@h.example/",
    "http://user:p[a]ss@h.example/",
    "http://sub-domain.h.example/",
    "http://h_h.example/",
    "http://-h.example/",
    "http://xn--bcher-kva.example/",
    "http://bücher.example/",
    "http://BÜCHER.example/",
    "http://faß.example/",
    "http://例え.テスト/",
    "http://पाठ.example/",
    "http://h.example./",
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://[::1]/",
    "http://[::1]:8080/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[2001:db8::a]/",
    "http://xn--a/",
    "http://h.example:0/",
    "http://ｈ.example/",
    "http://h。example/",
    "http://a\u{ad}b.example/",
    "http://☃.example/",
    "http://h..example/",
    "http://.h.example/",
    "http://1.2.3/",
    "http://[::]",
    "http://[::1]:/",
    "http://üser:pass@h.example/",
    "http://u\"s<e>r@h.example/",
    "http://h.example/\u{200b}",
    "http://[::ffff:127.0.0.1]/",
    // What neither fetches.
    "",
    "http:",
    "http://",
    "http:///",
    "http://:80/",
    "http://user@/",
    "http://?a",
    "http://#a",
    "http://h.example:65536/",
    "http://h.example:99999999/",
    "http://h.example:-1/",
    "http://h.example:8o/",
    "http://h h/",
    "http://h<h/",
    "http://h\u{1}/",
    "http://[::1/",
    "http://[::1]x/",
    "http://[:::1]/",
    "http://[1::2::3]/",
    "http://[v1.a]/",
    "http://h^h/",
    "http://{h}.example/",
    "http://h.example%20/",
    "http://h%2fx/",
    "http://[g::1]/",
    "htp://h.example/",
    "//h.example/a",
    "/a",
];

const DIFFERENT: &[(&str, &str)] = &[
    ("h.example/a", NO_SCHEME),
    ("h.example", NO_SCHEME),
    ("user@h.example/", NO_SCHEME),
    ("h.example:80/a", NO_SCHEME),
    ("ftp.h.example/", NO_SCHEME),
    ("localhost/a", NO_SCHEME),
    ("mailto:a@h.example", NO_SCHEME),
    ("http:h.example/a", AS_BROWSERS),
    ("http:\\\\h.example\\a", AS_BROWSERS),
    ("http://h.example\\a", AS_BROWSERS),
    (" http://h.example/a", AS_BROWSERS),
    ("http://h.example/a ", AS_BROWSERS),
    ("http://h.example/a b", AS_BROWSERS),
    ("http://h.example/a?b c", AS_BROWSERS),
    ("http://h.example/a\tb", AS_BROWSERS),
    ("http://h.example/a\nb", AS_BROWSERS),
    ("http://h.example/\u{7f}", AS_BROWSERS),
    ("http:////h.example/a", AS_BROWSERS),
    ("http://u:p@w@h.example/", AS_BROWSERS),
    ("http://u ser@h.example/", AS_BROWSERS),
    ("http://h!$&'()*+,;=.example/", AS_BROWSERS),
    ("http://h.example/?", AS_WRITTEN),
    ("http://h.example/a?", AS_WRITTEN),
    ("HTTP://H.EXAMPLE/A", ONE_FORM),
    ("http://H%41.example/", ONE_FORM),
    ("http://H.example:80/", ONE_FORM),
    ("http://[2001:DB8::A]/", ONE_FORM),
    ("http://[::ffff:7f00:1]/", ONE_FORM),
    ("http://h.example/%2e%2e/a", ENCODED_DOTS),
    ("http://h.example/a/%2E/b", ENCODED_DOTS),
    ("http://h.example/a/.%2e/b", ENCODED_DOTS),
    ("http://[fe80::1%25eth0]/", ZONE),
    ("http://[fe80::1%eth0]/", ZONE),
    ("http://1.2.3.4.5/", NO_ADDRESS),
    ("http://1.2.3.256/", NO_ADDRESS),
    ("http://0x100000000/", NO_ADDRESS),
    ("http://08.1.1.1/", NO_ADDRESS),
    ("http://h|h.example/", NO_AUTHORITY),
    ("http://u:pa\\ss@h.example/", IN_DOUBT),
];

/// Every visible character, in four places. `[` and `]` in a host, and delimiters, mean something else there.
fn characters() -> Vec<Case> {
    let visible = (0x21..0x7f).map(char::from);
    let places = visible.flat_map(|c| {
        [format!("http://h.example/a{c}b"), format!("http://h.example/?a{c}b"), format!("http://h.example/#a{c}b")]
    });
    places.map(|url| Case::same(Task::Url(url))).collect()
}

pub fn cases() -> Vec<Case> {
    let same = SAME.iter().map(|url| Case::same(Task::Url((*url).into())));
    let different = DIFFERENT.iter().map(|(url, reason)| Case::differs(Task::Url((*url).into()), reason));
    let long = [8_000, 20_000, 60_000].map(|length| format!("http://h.example/{}", "a".repeat(length)));
    let long = long.into_iter().map(|url| Case::same(Task::Url(url)));
    same.chain(different).chain(long).chain(characters()).collect()
}

const LOCATIONS: &[&[u8]] = &[
    b"other",
    b"/other",
    b"../other",
    b"./",
    b"..",
    b"?other",
    b"//h.example/a",
    b"http://h.example",
    b"http://h.example/a",
    b"HTTP://h.example/a",
    b" http://h.example/a ",
    b"/a b",
    b"/a[1]{2}|3",
    b"/a#b#c",
    b"/%zz%",
    b"/%7e%2F",
    b"/caf\xe9?\xe9",
    "/über?ü".as_bytes(),
    b"/a;b",
    b"a:b/c",
    b"/a\\b",
    b"other?query=http://x/y",
    "http://bücher.example/".as_bytes(),
    b"http://xn--bcher-kva.example/",
    b"http://[::1]:8080/a",
    b"http://127.1/",
    b"http://h.example:8080",
    b"http://user:pass@h.example/a",
    b"http://h.example:99999/",
    b"http://h h/",
    b"http://",
    b"mailto:a@b",
    b"javascript:void(0)",
    b"http:///h.example/a",
    b"http:/h.example/a",
];

const OTHER_LOCATIONS: &[(&[u8], &str)] = &[
    (b"#other", SAME_PLACE),
    (b"", SAME_PLACE),
    (b"/a?b c", ENCODED_SPACE),
    (b"ftp://h.example/", HTTP_ONLY),
    (b"http:\\\\h.example\\a", AS_BROWSERS),
    (b"\\\\h.example\\a", AS_BROWSERS),
    (b"\\a\\b", AS_BROWSERS),
];

pub fn locations() -> Vec<Case> {
    let same = LOCATIONS.iter().map(|value| Case::same(Task::Location(value.to_vec())));
    let different = OTHER_LOCATIONS.iter().map(|(value, reason)| Case::differs(Task::Location(value.to_vec()), reason));
    same.chain(different).collect()
}
