//! Hostile answers over HTTP/2, in handwritten frames.

use std::io::Result;

use super::{BODY, Harm, Wire};

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const PRIORITY: u8 = 2;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;

/// A flag of [`SETTINGS`].
const ACK: u8 = 1;

/// Flags of [`DATA`] and [`HEADERS`].
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// `:status: 200`, from the static table.
const OK: &[u8] = &[0x88];

/// `:status: 103`, a name of the static table with a literal value.
const EARLY_HINTS: &[u8] = &[8, 3, b'1', b'0', b'3'];

const REFUSED_STREAM: u32 = 7;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut frame = u32::try_from(payload.len()).unwrap().to_be_bytes()[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// A literal field without indexing, with a value shorter than 127 bytes.
fn field(name: &str, value: &str) -> Vec<u8> {
    let text = |text: &str| [&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    [&[0], text(name).as_slice(), &text(value)].concat()
}

/// A HEADERS frame with these fields.
fn head(stream: u32, flags: u8, fields: &[u8]) -> Vec<u8> {
    frame(HEADERS, END_HEADERS | flags, stream, fields)
}

/// Waits for the next request; returns its stream.
async fn next_request(wire: &mut Wire) -> Result<u32> {
    loop {
        let mut header = [0; 9];
        wire.read_exact(&mut header).await?;
        let length = u32::from_be_bytes([0, header[0], header[1], header[2]]);
        let mut payload = vec![0; length as usize];
        wire.read_exact(&mut payload).await?;
        if header[3] == HEADERS {
            return Ok(u32::from_be_bytes([header[5], header[6], header[7], header[8]]));
        }
    }
}

pub async fn harm(harm: Harm, mut wire: Wire) -> Result<()> {
    let wire = &mut wire;
    wire.read_exact(&mut [0; 24]).await?;
    wire.send(&frame(SETTINGS, 0, 0, &[])).await?;
    // A client uses the default windows until the server acknowledges its settings.
    wire.send(&frame(SETTINGS, ACK, 0, &[])).await?;
    let mut stream = next_request(wire).await?;
    let length = |length: &str| [OK, &field("content-length", length)].concat();
    match harm {
        Harm::LongField => {
            // The length of the value is 127 and 2^28, encoded as in RFC 7541, section 5.1.
            let begun = [OK, &[0, 1, b'a', 0x7F, 0x80, 0x80, 0x80, 0x80, 0x01]].concat();
            wire.send(&frame(HEADERS, 0, stream, &begun)).await?;
            wire.for_ever(&frame(CONTINUATION, 0, stream, &[b'a'; 5000])).await?;
        }
        Harm::ManyFields => {
            wire.send(&frame(HEADERS, 0, stream, OK)).await?;
            wire.for_ever(&frame(CONTINUATION, 0, stream, &field("a", "a").repeat(1000))).await?;
        }
        Harm::Interim => wire.for_ever(&head(stream, 0, EARLY_HINTS)).await?,
        Harm::SlowHead => {
            wire.send(&frame(HEADERS, 0, stream, &[0; 10_000])[..9]).await?;
            wire.drip(OK).await?;
        }
        Harm::Redirects => loop {
            let location = format!("/{stream}");
            let fields = [field(":status", "302"), field("location", &location)].concat();
            wire.send(&head(stream, END_STREAM, &fields)).await?;
            stream = next_request(wire).await?;
        },
        Harm::LongBody => {
            wire.send(&head(stream, 0, &length("5"))).await?;
            wire.for_ever(&frame(DATA, 0, stream, b"wrong")).await?;
        }
        Harm::ShortBody => loop {
            wire.send(&head(stream, 0, &length("5"))).await?;
            wire.send(&frame(DATA, END_STREAM, stream, b"wro")).await?;
            stream = next_request(wire).await?;
        },
        Harm::Resets => loop {
            wire.send(&frame(RST_STREAM, 0, stream, &REFUSED_STREAM.to_be_bytes())).await?;
            stream = next_request(wire).await?;
        },
        Harm::Trailers => {
            wire.send(&head(stream, 0, OK)).await?;
            wire.send(&frame(DATA, 0, stream, b"wrong")).await?;
            wire.send(&frame(HEADERS, END_STREAM, stream, &field("a", "b"))).await?;
            wire.for_ever(&frame(CONTINUATION, 0, stream, &field("a", "a").repeat(1000))).await?;
        }
        Harm::TinyPieces => {
            wire.send(&head(stream, 0, OK)).await?;
            wire.send(&frame(DATA, 0, stream, b"a").repeat(BODY)).await?;
            wire.send(&frame(DATA, END_STREAM, stream, b"")).await?;
        }
        Harm::EmptyPieces => {
            wire.send(&head(stream, 0, OK)).await?;
            wire.for_ever(&frame(DATA, 0, stream, b"")).await?;
        }
        Harm::Pings => wire.for_ever(&frame(PING, 0, 0, b"whatever")).await?,
        Harm::Settings => wire.for_ever(&frame(SETTINGS, 0, 0, &[0, 3, 0, 0, 0, 100])).await?,
        Harm::Priorities => wire.for_ever(&frame(PRIORITY, 0, stream, &[0, 0, 0, 0, 16])).await?,
        Harm::WindowUpdates => wire.for_ever(&frame(WINDOW_UPDATE, 0, 0, &1u32.to_be_bytes())).await?,
        Harm::ChunkExtension | Harm::TwoLengths => unreachable!("{harm:?} takes HTTP/1.1"),
    }
    wire.until_closed().await
}
