//! Heads of responses as origins send them.

use super::{Case, Task};

const HEADS: &[&str] = &[
    "HTTP/1.1 200 OK\r\nContent-Length: 11",
    "HTTP/1.1 200\r\nContent-Length: 11",
    "HTTP/1.1 200 \r\nContent-Length: 11",
    "HTTP/1.0 200 OK\r\nContent-Length: 11",
    "HTTP/1.0 200 OK",
    "HTTP/1.1 200 Größe\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nCONTENT-LENGTH:11",
    "HTTP/1.1 200 OK\r\nContent-Length:   11  ",
    "HTTP/1.1 200 OK\r\nContent-Length:\t11",
    "HTTP/1.1 200 OK\r\nContent-Length: 011",
    "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nX-Folded: a\r\n b\r\n\tc\r\nContent-Length: 11",
    "HTTP/1.1  200 OK\r\nContent-Length: 11",
    "HTTP/1.1 200OK\r\nContent-Length: 11",
    "http/1.1 200 OK\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nContent-Length : 11",
    "HTTP/1.1 200 OK\r\nContent-Length: 11, 11",
    "HTTP/1.1 200 OK\r\nX-Return: a\rb\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\n: no name\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nX Y: z\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nX(Y): z\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nX-Empty:\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nX-Space : a\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nX-Latin: caf\u{e9}\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nX-Control: a\u{1}b\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nX-Tab: a\tb\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nLast-Modified: yesterday\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nLast-Modified: Sun, 6 Nov 94 8:49:37\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nETag: unquoted\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nContent-Type: \r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=\"\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity",
    "HTTP/1.1 200 OK\r\nConnection: close",
    "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5, max=100\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nAccept-Ranges: none\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nContent-Range: bytes 0-10/11\r\nContent-Length: 11",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 11",
    "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 11",
    // What neither fetches.
    "HTTP/1.1 200 OK\r\nContent-Length: 12",
    "HTTP/1.1 200 OK\r\nContent-Length: eleven",
    "HTTP/1.1 200 OK\r\nContent-Length: -11",
    "HTTP/1.1 200 OK\r\nContent-Length 11",
    "ICY 200 OK\r\nContent-Length: 11",
    "HTTP/1.2 200 OK\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nX-Nul: a\0b\r\nContent-Length: 11",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: unheard-of\r\nContent-Length: 11",
    "HTTP/1.1 404 Not Found\r\nContent-Length: 11",
    "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 11",
    "HTTP/3.7 200 OK\r\nContent-Length: 11",
    "SSH-2.0-OpenSSH_9.2",
    "220 ftp.example ready",
];

const SMUGGLED: &str = "two readers may disagree about the end of this message, RFC 9112 section 6.3";

const FOLDED: &str = "a user agent reads folded lines, RFC 9112 section 5.2; curl 7.88 loses this one";

const SKIPPED: &str = "haul skips lines that are no fields, as browsers do";

const DIFFERENT: &[(&str, &str)] = &[
    ("HTTP/1.1 200 OK\r\nContent-Length:\r\n 11", FOLDED),
    ("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n folded", SMUGGLED),
    ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Length: 11", SMUGGLED),
    ("HTTP/1.1 200 OK\r\nContent-Length: +11", SMUGGLED),
    ("HTTP/1.1 200 OK\r\nContent-Length: 11;", SMUGGLED),
    ("HTTP/1.1 200 OK\r\nContent-Length: 5", SMUGGLED),
    ("HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 11", SKIPPED),
    ("HTTP/1.1 200 OK\r\n folded first\r\nContent-Length: 11", SKIPPED),
    ("\r\nHTTP/1.1 200 OK\r\nContent-Length: 11", SKIPPED),
];

pub fn cases() -> Vec<Case> {
    let answer = |head: &str| Task::Answer(format!("{head}\r\n\r\nthe content").into_bytes());
    let same = HEADS.iter().map(|head| Case::same(answer(head)));
    same.chain(DIFFERENT.iter().map(|(head, reason)| Case::differs(answer(head), reason))).collect()
}
