//! Messages of the protocol.

use std::io;

/// A message to the server, or several in a row.
pub struct Outgoing(Vec<u8>);

/// Version 3.0, so that every server since PostgreSQL 7.4 understands it.
const VERSION: u32 = 3 << 16;

/// The number that asks for TLS in the place of a version; odd, because no version may ever equal it.
const TLS: u32 = 80_877_103;

impl Outgoing {
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn tls() -> Self {
        Self([8_u32, TLS].into_iter().flat_map(u32::to_be_bytes).collect())
    }

    pub fn startup(user: &str, database: &str) -> Self {
        let mut body = VERSION.to_be_bytes().to_vec();
        for text in ["user", user, "database", database, "application_name", "haul", "client_encoding", "UTF8"] {
            put_text(&mut body, text);
        }
        body.push(0);
        let mut message = length(body.len()).to_vec();
        message.extend(body);
        Self(message)
    }

    pub fn password(password: &str) -> Self {
        let mut body = Vec::new();
        put_text(&mut body, password);
        Self::tagged(b'p', &body)
    }

    pub fn sasl_first(method: &str, data: &str) -> Self {
        let mut body = Vec::new();
        put_text(&mut body, method);
        put_value(&mut body, Some(data));
        Self::tagged(b'p', &body)
    }

    pub fn sasl(data: &str) -> Self {
        Self::tagged(b'p', data.as_bytes())
    }

    pub fn script(script: &str) -> Self {
        let mut body = Vec::new();
        put_text(&mut body, script);
        Self::tagged(b'Q', &body)
    }

    /// Parse, Bind, Describe, Execute and Sync for the unnamed statement. The server infers the types of the parameters.
    pub fn statement(statement: &str, parameters: &[Option<String>]) -> Self {
        let mut parse = vec![0];
        put_text(&mut parse, statement);
        parse.extend([0, 0]);
        let mut bind = vec![0, 0, 0, 0];
        bind.extend(u16::try_from(parameters.len()).unwrap_or(u16::MAX).to_be_bytes());
        for parameter in parameters {
            put_value(&mut bind, parameter.as_deref());
        }
        bind.extend([0, 0]);
        let all = [
            Self::tagged(b'P', &parse),
            Self::tagged(b'B', &bind),
            Self::tagged(b'D', b"P\0"),
            Self::tagged(b'E', &[0; 5]),
            Self::tagged(b'S', &[]),
        ];
        Self(all.into_iter().flat_map(|message| message.0).collect())
    }

    fn tagged(tag: u8, body: &[u8]) -> Self {
        let mut message = vec![tag];
        message.extend(length(body.len()));
        message.extend(body);
        Self(message)
    }
}

/// The length field of a message, which counts itself.
fn length(body: usize) -> [u8; 4] {
    u32::try_from(body).unwrap_or(u32::MAX).saturating_add(4).to_be_bytes()
}

/// A text with a zero at its end. A zero inside would end it early and change the meaning of the rest.
fn put_text(body: &mut Vec<u8>, text: &str) {
    body.extend(text.bytes().filter(|byte| *byte != 0));
    body.push(0);
}

/// A value after its length; NULL has the length -1.
fn put_value(body: &mut Vec<u8>, value: Option<&str>) {
    match value {
        Some(value) => {
            body.extend(u32::try_from(value.len()).unwrap_or(u32::MAX).to_be_bytes());
            body.extend(value.as_bytes());
        }
        None => body.extend([0xFF; 4]),
    }
}

/// A message from the server.
#[derive(Debug, PartialEq, Eq)]
pub enum Incoming {
    /// The number of a step of the login, and its data.
    Authentication(u32, Vec<u8>),
    /// The names of the columns.
    Columns(Vec<String>),
    Row(Vec<Option<String>>),
    Error(Fields),
    /// The payload of a notification.
    Notification(String),
    /// The server waits for a request.
    Ready,
    Other,
}

/// An error of the server.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fields {
    pub code: String,
    pub message: String,
}

/// Takes the first message of `received`; `None` if it is not complete. `most` bounds its length.
pub fn take(received: &mut Vec<u8>, most: usize) -> io::Result<Option<Incoming>> {
    let Some((&[tag, a, b, c, d], _)) = received.split_first_chunk::<5>() else { return Ok(None) };
    let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
    if length < 4 || length > most {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a message of the server has an invalid length"));
    }
    if received.len() <= length {
        return Ok(None);
    }
    let message: Vec<_> = received.drain(..=length).collect();
    let parsed = parse(tag, &mut Reader(&message[5..]));
    parsed.map(Some).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a message of the server cannot be read"))
}

fn parse(tag: u8, body: &mut Reader<'_>) -> Option<Incoming> {
    Some(match tag {
        b'R' => Incoming::Authentication(u32::from_be_bytes(body.array()?), body.0.to_vec()),
        b'T' => {
            let column = |body: &mut Reader<'_>| {
                let name = body.text()?;
                body.bytes(18)?;
                Some(name)
            };
            let count = u16::from_be_bytes(body.array()?);
            Incoming::Columns((0..count).map(|_| column(body)).collect::<Option<_>>()?)
        }
        b'D' => {
            let count = u16::from_be_bytes(body.array()?);
            Incoming::Row((0..count).map(|_| body.value()).collect::<Option<_>>()?)
        }
        b'E' => {
            let mut fields = Fields::default();
            loop {
                match body.array::<1>()? {
                    [0] => break,
                    [b'C'] => fields.code = body.text()?,
                    [b'M'] => fields.message = body.text()?,
                    _ => drop(body.text()?),
                }
            }
            Incoming::Error(fields)
        }
        b'A' => {
            body.bytes(4)?;
            body.text()?;
            Incoming::Notification(body.text()?)
        }
        b'Z' => Incoming::Ready,
        _ => Incoming::Other,
    })
}

/// The rest of a message.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }

    fn text(&mut self) -> Option<String> {
        let end = self.0.iter().position(|byte| *byte == 0)?;
        let text = String::from_utf8_lossy(self.bytes(end)?).into_owned();
        self.bytes(1)?;
        Some(text)
    }

    /// A value or NULL.
    fn value(&mut self) -> Option<Option<String>> {
        let length = i32::from_be_bytes(self.array()?);
        match usize::try_from(length) {
            Ok(length) => Some(Some(String::from_utf8(self.bytes(length)?.to_vec()).ok()?)),
            Err(_) => Some(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_taken_one_by_one_and_only_when_they_are_complete() {
        let message = |tag, body: &[u8]| Outgoing::tagged(tag, body).0;
        let columns = message(b'T', &[b"\0\x01name\0".as_slice(), &[0; 18]].concat());
        let row = message(b'D', b"\0\x02\0\0\0\x02ab\xff\xff\xff\xff");
        let error = message(b'E', b"C42P01\0Mno\0Rx\0\0");
        let hint = message(b'A', b"\0\0\0\x01ch\0hi\0");
        let ready = message(b'Z', b"I");
        let mut received = Vec::new();
        let mut taken = Vec::new();
        for byte in [columns, row, error, hint, ready].concat() {
            received.push(byte);
            taken.extend(take(&mut received, 100).unwrap());
        }
        let fields = Fields { code: "42P01".into(), message: "no".into() };
        let expected = [
            Incoming::Columns(vec!["name".into()]),
            Incoming::Row(vec![Some("ab".into()), None]),
            Incoming::Error(fields),
            Incoming::Notification("hi".into()),
            Incoming::Ready,
        ];
        assert_eq!(taken, expected);
        assert!(received.is_empty());
    }

    #[test]
    fn a_broken_message_is_an_error() {
        for broken in [
            &b"D\0\0\0\x03"[..],
            b"D\xff\xff\xff\xff",
            b"D\0\0\0\x06\0\x01",
            b"D\0\0\0\x0a\0\x01\0\0\0\x09",
            b"E\0\0\0\x05C",
        ] {
            assert!(take(&mut broken.to_vec(), 100).is_err(), "{broken:?}");
        }
        assert_eq!(take(&mut b"D\0\0".to_vec(), 100).unwrap(), None);
    }

    #[test]
    fn a_statement_is_one_message_row_with_its_parameters() {
        let message = Outgoing::statement("SELECT $1", &[Some("x".into()), None]);
        let expected = [
            &b"P\0\0\0\x11\0SELECT $1\0\0\0"[..],
            b"B\0\0\0\x15\0\0\0\0\0\x02\0\0\0\x01x\xff\xff\xff\xff\0\0",
            b"D\0\0\0\x06P\0",
            b"E\0\0\0\x09\0\0\0\0\0",
            b"S\0\0\0\x04",
        ];
        assert_eq!(message.bytes(), expected.concat());
    }
}
