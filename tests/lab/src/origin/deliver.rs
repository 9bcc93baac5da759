//! Sends the content of a response as far as the plan allows.

use crate::origin::body::Body;
use crate::origin::pace::Pace;
use crate::origin::plan::{Framing, Plan, Then};
use crate::origin::state::State;
use crate::origin::wire::Wire;
use std::io::Result;

/// The size of all chunks but the last. It is a prime, so that round numbers of bytes end within a chunk.
const CHUNK: u64 = 65_521;

/// The fate of the connection after a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Request,
    Close,
    Reset,
}

/// The delivery of one content.
pub(super) struct Delivery<'a> {
    state: &'a State,
    wire: &'a mut Wire,
    /// The number of the request in the log.
    number: usize,
    body: &'a Body,
    pace: Pace,
    sent: u64,
    chunked: bool,
    chunk_left: u64,
}

impl<'a> Delivery<'a> {
    pub(super) fn new(state: &'a State, wire: &'a mut Wire, number: usize, body: &'a Body) -> Self {
        Self { state, wire, number, body, pace: Pace::new(None), sent: 0, chunked: false, chunk_left: 0 }
    }

    /// Sends the content as planned, up to its end or to a stop that ends the response early.
    pub(super) async fn by(mut self, plan: &Plan) -> Result<Next> {
        self.pace = Pace::new(plan.slow);
        self.chunked = plan.framing == Framing::Chunked;
        for stop in &plan.stops {
            self.up_to(stop.after.min(self.body.length())).await?;
            match &stop.then {
                Then::Close => return Ok(Next::Close),
                Then::Reset => return Ok(Next::Reset),
                Then::Stall => return Err(self.wire.client_leaves().await),
                Then::Hold(name) => self.state.hold(name, self.wire).await?,
            }
        }
        self.up_to(self.body.length()).await?;
        if self.chunked {
            self.wire.send(b"0\r\n\r\n").await?;
        }
        Ok(Next::Request)
    }

    async fn up_to(&mut self, end: u64) -> Result<()> {
        while self.sent < end {
            self.begin_chunk().await?;
            let mut most = end - self.sent;
            if self.chunked {
                most = most.min(self.chunk_left);
            }
            self.send_some(most).await?;
            self.end_chunk().await?;
        }
        Ok(())
    }

    /// Sends between one and `most` bytes.
    async fn send_some(&mut self, most: u64) -> Result<()> {
        let slice = self.body.slice_at(self.sent);
        let wanted = usize::try_from(most).map_or(slice.len(), |most| most.min(slice.len()));
        let turn = self.pace.turn(wanted).await;
        let sent = self.wire.send_some(&slice[..turn]).await?;
        self.pace.spend(sent);
        self.sent += sent as u64;
        self.chunk_left = self.chunk_left.saturating_sub(sent as u64);
        let total = self.sent;
        let log = &self.state.log;
        log.note(self.number, |request| request.body_sent = total);
        // Other connections get a turn even if this client keeps up with the writes.
        tokio::task::yield_now().await;
        Ok(())
    }

    async fn begin_chunk(&mut self) -> Result<()> {
        if !self.chunked || self.chunk_left > 0 {
            return Ok(());
        }
        self.chunk_left = CHUNK.min(self.body.length() - self.sent);
        let size = format!("{:x}\r\n", self.chunk_left);
        self.wire.send(size.as_bytes()).await
    }

    async fn end_chunk(&mut self) -> Result<()> {
        if !self.chunked || self.chunk_left > 0 {
            return Ok(());
        }
        self.wire.send(b"\r\n").await
    }
}
