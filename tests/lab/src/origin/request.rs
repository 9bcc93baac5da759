//! Received requests, and their record.

use std::fmt;

/// A received request, with the state of its answer.
#[derive(Clone, Debug, Default)]
pub struct RecordedRequest {
    /// The method, such as `GET`.
    pub method: String,
    /// The request target, exactly as received.
    pub target: String,
    /// Whether the request line has HTTP/1.1 and not HTTP/1.0.
    pub is_http_1_1: bool,
    /// The fields in the order received, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The number of the connection, counted from 0 in the order of acceptance.
    pub connection: usize,
    /// The number of the request at this origin, counted from 0: its index in the log.
    pub number: usize,
    /// The number of the request among those for the same resource, counted from 0.
    pub nth: usize,
    /// The status code of the final response, as soon as its header section has been sent.
    pub status: Option<u16>,
    /// The number of content bytes sent in the answer, without framing.
    pub body_sent: u64,
    /// Whether the origin has finished with the request: answered, cut or abandoned it.
    pub ended: bool,
}

impl RecordedRequest {
    /// The value of the first field called `name`, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(candidate, _)| candidate.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The value of the `Range` field.
    pub fn range(&self) -> Option<&str> {
        self.header("range")
    }

    /// The value of the `If-Range` field.
    pub fn if_range(&self) -> Option<&str> {
        self.header("if-range")
    }

    /// Whether there is a `Range` field.
    pub fn is_ranged(&self) -> bool {
        self.range().is_some()
    }

    /// The path of the target, without scheme, authority and query.
    pub fn path(&self) -> &str {
        let target = match self.target.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("/", |slash| &rest[slash..]),
            None => &self.target,
        };
        target.split(['?', '#']).next().unwrap_or_default()
    }

    /// Whether the connection may carry another request after this one.
    pub(super) fn keeps_alive(&self) -> bool {
        let asks_to_close = self
            .headers
            .iter()
            .filter(|(name, _)| name == "connection")
            .flat_map(|(_, value)| value.split(','))
            .any(|option| option.trim().eq_ignore_ascii_case("close"));
        self.is_http_1_1 && !asks_to_close && self.header("transfer-encoding").is_none()
    }

    /// The number of content bytes after the header section.
    pub(super) fn content_length(&self) -> u64 {
        let field = self.header("content-length");
        field.and_then(|value| value.parse().ok()).unwrap_or(0)
    }

    /// Parses a header section with its request line; the final empty line may be missing. `None` if it is not HTTP/1.
    pub(super) fn parse(head: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(head);
        let mut lines = text.split("\r\n");
        let mut words = lines.next()?.split(' ');
        let (method, target, version) = (words.next()?, words.next()?, words.next()?);
        if method.is_empty() || !version.starts_with("HTTP/1.") || words.next().is_some() {
            return None;
        }
        let headers = lines.take_while(|line| !line.is_empty()).map(parse_field).collect::<Option<_>>()?;
        Some(Self {
            method: method.into(),
            target: target.into(),
            is_http_1_1: version != "HTTP/1.0",
            headers,
            ..Self::default()
        })
    }
}

fn parse_field(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':')?;
    let well_formed = !name.is_empty() && !name.contains([' ', '\t']);
    well_formed.then(|| (name.to_ascii_lowercase(), value.trim().to_string()))
}

/// One line, for the message of a failed test.
impl fmt::Display for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{} connection {}: {} {}", self.number, self.connection, self.method, self.target)?;
        for name in ["range", "if-range"] {
            if let Some(value) = self.header(name) {
                write!(f, " {name}: {value}")?;
            }
        }
        match self.status {
            Some(status) => write!(f, " -> {status}, {} bytes", self.body_sent)?,
            None => write!(f, " -> no response")?,
        }
        f.write_str(if self.ended { ", ended" } else { ", going on" })
    }
}

#[cfg(test)]
mod tests {
    use crate::origin::RecordedRequest;

    fn parse(head: &str) -> Option<RecordedRequest> {
        RecordedRequest::parse(head.as_bytes())
    }

    #[test]
    fn fields_keep_their_order_and_lose_their_case() {
        let head = "GET /a?b HTTP/1.1\r\nHost: x\r\nRANGE:bytes=1-\r\nIf-Range: \"v\" \r\n";
        let request = parse(head).expect("well-formed");
        let names: Vec<_> = request.headers.iter().map(|(name, _)| &name[..]).collect();
        assert_eq!(names, ["host", "range", "if-range"]);
        assert_eq!(request.range(), Some("bytes=1-"));
        assert_eq!(request.if_range(), Some("\"v\""));
        assert_eq!((request.path(), &request.target[..]), ("/a", "/a?b"));
    }

    #[test]
    fn the_path_of_an_absolute_target_is_found() {
        let request = parse("GET http://host:80/a/b?c HTTP/1.1\r\n").expect("well-formed");
        assert_eq!(request.path(), "/a/b");
        let request = parse("GET http://host HTTP/1.1\r\n").expect("well-formed");
        assert_eq!(request.path(), "/");
    }

    #[test]
    fn a_connection_persists_unless_it_is_declined() {
        let keeps = |head| parse(head).expect("well-formed").keeps_alive();
        assert!(keeps("GET / HTTP/1.1\r\n"));
        assert!(!keeps("GET / HTTP/1.0\r\n"));
        assert!(!keeps("GET / HTTP/1.1\r\nConnection: x, Close\r\n"));
    }

    #[test]
    fn what_is_not_http_is_refused() {
        for head in [
            "",
            "GET /\r\n",
            "GET / HTTP/2\r\n",
            "GET / x HTTP/1.1\r\n",
            "GET / HTTP/1.1\r\nno colon\r\n",
            "GET / HTTP/1.1\r\nname : value\r\n",
        ] {
            assert!(parse(head).is_none(), "{head:?}");
        }
    }
}
