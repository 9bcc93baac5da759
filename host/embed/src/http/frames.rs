//! Frames of HTTP/2, found in bytes that come in any pieces: [RFC 9113 section 4.1](https://www.rfc-editor.org/rfc/rfc9113#section-4.1).

/// Bytes in front of each frame: RFC 9113 section 4.1.
pub const FRAME_HEADER: usize = 9;

/// Types of frames: RFC 9113 section 6.
pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RST_STREAM: u8 = 3;
pub const CONTINUATION: u8 = 9;

/// A flag of [`DATA`] and [`HEADERS`]: RFC 9113 section 6.1.
pub const END_STREAM: u8 = 1;

/// A flag of [`DATA`]: RFC 9113 section 6.1.
pub const PADDED: u8 = 8;

#[derive(Clone, Copy, Debug)]
pub struct FrameHeader {
    /// Bytes of the payload.
    pub length: usize,
    pub kind: u8,
    pub flags: u8,
    pub stream: u32,
}

/// The beginning of some bytes.
pub enum Part {
    /// So many bytes of a payload.
    Payload(usize),
    /// So many bytes of a frame's header, and the header if they end it.
    Header(usize, Option<FrameHeader>),
}

#[derive(Debug, Default)]
pub struct Frames {
    header: [u8; FRAME_HEADER],
    /// Bytes of it that have come.
    filled: usize,
    /// Bytes of the payload that are still to come.
    payload: usize,
}

impl Frames {
    /// The first part of `bytes`, which follow the part that was found last.
    pub fn next(&mut self, bytes: &[u8]) -> Part {
        if self.payload > 0 {
            let passed = self.payload.min(bytes.len());
            self.payload -= passed;
            return Part::Payload(passed);
        }
        let taken = (FRAME_HEADER - self.filled).min(bytes.len());
        self.header[self.filled..self.filled + taken].copy_from_slice(&bytes[..taken]);
        self.filled = (self.filled + taken) % FRAME_HEADER;
        if self.filled > 0 {
            return Part::Header(taken, None);
        }
        let [l0, l1, l2, kind, flags, stream @ ..] = self.header;
        self.payload = u32::from_be_bytes([0, l0, l1, l2]) as usize;
        let stream = u32::from_be_bytes(stream) & 0x7FFF_FFFF;
        Part::Header(taken, Some(FrameHeader { length: self.payload, kind, flags, stream }))
    }
}

#[cfg(test)]
pub mod tests {
    pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
        let mut frame = (payload.len() as u32).to_be_bytes()[1..].to_vec();
        frame.extend([kind, flags]);
        frame.extend(stream.to_be_bytes());
        frame.extend(payload);
        frame
    }
}
