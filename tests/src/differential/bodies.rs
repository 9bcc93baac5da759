//! Bodies and their framing.

use super::{Case, Task};

const BODIES: &[&str] = &[
    "\r\nb\r\nthe content\r\n0\r\n\r\n",
    "\r\nB\r\nthe content\r\n0\r\n\r\n",
    "\r\n000b\r\nthe content\r\n000\r\n\r\n",
    "\r\n4\r\nthe \r\n7\r\ncontent\r\n0\r\n\r\n",
    "\r\nb;name=value\r\nthe content\r\n0\r\n\r\n",
    "\r\nb; name=\"a b\"\r\nthe content\r\n0;x\r\n\r\n",
    "\r\nb\t\r\nthe content\r\n0\r\n\r\n",
    "\r\nb  \r\nthe content\r\n0\r\n\r\n",
    "\r\nb\r\nthe content\r\n0\r\nX-Trailer: a\r\n\r\n",
    "\r\n0\r\n\r\n",
    "Content-Length: 5\r\n\r\nb\r\nthe content\r\n0\r\n\r\n",
    // What neither fetches.
    "\r\nb\r\nthe content\r\n",
    "\r\nb\r\nthe cont",
    "\r\nx\r\nthe content\r\n0\r\n\r\n",
    "\r\n+b\r\nthe content\r\n0\r\n\r\n",
    "\r\n0xb\r\nthe content\r\n0\r\n\r\n",
    "\r\n b\r\nthe content\r\n0\r\n\r\n",
    "\r\nb\r\nthe contentX\r\n0\r\n\r\n",
    "\r\nb\r\nthe content\r\n0\r\n",
    "\r\nfffffffffffffffff\r\nthe content\r\n0\r\n\r\n",
    "\r\na\r\nthe content\r\n0\r\n\r\n",
    "",
    "\r\n",
];

const SMUGGLED: &str =
    "readers that are stricter or more lenient see another body here, which is how responses are smuggled";

const CODED: &str = "a body that is chunked twice is not decoded";

const DIFFERENT: &[(&str, &str)] = &[
    ("\r\nb\nthe content\n0\n\n", SMUGGLED),
    ("\r\nb\nthe content\r\n0\r\n\r\n", SMUGGLED),
    ("\r\nb\r\nthe content\n0\r\n\r\n", SMUGGLED),
    ("\r\nb x\r\nthe content\r\n0\r\n\r\n", SMUGGLED),
    ("\r\nb\r\nthe content\r\n0\r\n\r\nmore", SMUGGLED),
    ("Transfer-Encoding: chunked\r\n\r\nb\r\nthe content\r\n0\r\n\r\n", CODED),
];

pub fn cases() -> Vec<Case> {
    let answer =
        |rest: &str| Task::Answer(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n{rest}").into_bytes());
    let same = BODIES.iter().map(|rest| Case::same(answer(rest)));
    same.chain(DIFFERENT.iter().map(|(rest, reason)| Case::differs(answer(rest), reason))).collect()
}
