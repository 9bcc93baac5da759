//! Connections: one exchange after the other.
//!
//! An error of the connection means that the client has left. That is its right, and the origin does not report it.

use crate::origin::deliver::{Delivery, Next};
use crate::origin::plan::{Framing, Opening, Plan};
use crate::origin::response::{Response, reason};
use crate::origin::state::State;
use crate::origin::wire::Wire;
use crate::origin::{Content, RecordedRequest};
use httpdate::fmt_http_date;
use std::io::Result;
use std::sync::Arc;
use std::time::SystemTime;
use tokio::net::{TcpListener, TcpStream};

/// The size at which an endless header section ends with the connection.
const ENDLESS: usize = 64 << 20;

/// Accepts connections for as long as it is polled.
pub(super) async fn accept(listener: TcpListener, state: Arc<State>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let number = state.connect();
                tokio::spawn(converse(state.clone(), stream, number));
            }
            // The client left before the accept, or the process has too many open files.
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

async fn converse(state: Arc<State>, stream: TcpStream, connection: usize) {
    let mut wire = Wire::new(stream);
    loop {
        match exchange(&state, &mut wire, connection).await {
            Ok(Next::Request) => {}
            Ok(Next::Close) => return wire.close().await,
            Ok(Next::Reset) => return wire.reset().await,
            Err(_) => return,
        }
    }
}

async fn exchange(state: &State, wire: &mut Wire, connection: usize) -> Result<Next> {
    let Some(head) = wire.head().await? else {
        return Ok(Next::Close);
    };
    let Some(mut request) = RecordedRequest::parse(&head) else {
        return refuse(wire).await;
    };
    request.connection = connection;
    wire.discard(request.content_length()).await?;
    let (request, plan) = state.admit(request);
    let number = request.number;
    let next = answer(state, wire, &request, plan).await;
    state.log.note(number, |request| request.ended = true);
    next
}

/// Answers bytes that are not a request.
async fn refuse(wire: &mut Wire) -> Result<Next> {
    let plan = Plan::correct(Response::brief(400));
    let head = head(&plan, Some(0), false);
    wire.send(&head).await?;
    Ok(Next::Close)
}

async fn answer(state: &State, wire: &mut Wire, request: &RecordedRequest, plan: Plan) -> Result<Next> {
    if let Some(rate) = plan.cap {
        wire.cap(rate);
    }
    for status in &plan.interim {
        let line = format!("HTTP/1.1 {status} {}\r\n\r\n", reason(*status));
        wire.send(line.as_bytes()).await?;
    }
    match plan.opening {
        Opening::Response => respond(state, wire, request, plan).await,
        Opening::Close => Ok(Next::Close),
        Opening::Silence => Err(wire.client_leaves().await),
        Opening::Garbage => {
            wire.send(&Content::new(1, 4096).bytes(0..4096)).await?;
            Ok(Next::Close)
        }
        Opening::Raw(answer) => {
            wire.send(&answer).await?;
            Ok(Next::Close)
        }
        Opening::EndlessHeaders => {
            send_endless_headers(wire).await?;
            Ok(Next::Close)
        }
    }
}

async fn respond(state: &State, wire: &mut Wire, request: &RecordedRequest, plan: Plan) -> Result<Next> {
    let persists = request.keeps_alive() && plan.framing != Framing::Close;
    let status = plan.response.status;
    let may_have_content = !matches!(status, 204 | 304);
    let body = plan.response.body();
    let length = may_have_content.then(|| body.length());
    wire.send(&head(&plan, length, persists)).await?;
    let log = &state.log;
    log.note(request.number, |request| request.status = Some(status));
    let mut next = Next::Request;
    if may_have_content && request.method != "HEAD" {
        let delivery = Delivery::new(state, wire, request.number, &body);
        next = delivery.by(&plan).await?;
    }
    let goes_on = persists && !matches!(plan.framing, Framing::Declared(_));
    Ok(match next {
        Next::Request if !goes_on => Next::Close,
        next => next,
    })
}

/// The header section; `length` is that of the content, if content is possible.
fn head(plan: &Plan, length: Option<u64>, persists: bool) -> Vec<u8> {
    let Response { status, fields, .. } = &plan.response;
    let mut head = format!("HTTP/1.1 {status} {}\r\n", reason(*status));
    let mut field = |name: &str, value: &str| {
        head.extend([name, ": ", value, "\r\n"]);
    };
    field("Date", &fmt_http_date(SystemTime::now()));
    for (name, value) in fields {
        field(name, value);
    }
    if let Some(value) = plan.response.content_range() {
        field("Content-Range", &value);
    }
    if let Some((name, value)) = framing_field(plan.framing, length) {
        field(name, &value);
    }
    if !persists {
        field("Connection", "close");
    }
    head.push_str("\r\n");
    head.into_bytes()
}

fn framing_field(framing: Framing, length: Option<u64>) -> Option<(&'static str, String)> {
    match framing {
        Framing::Length => Some(("Content-Length", length?.to_string())),
        Framing::Declared(length) => Some(("Content-Length", length.to_string())),
        Framing::Chunked => length.map(|_| ("Transfer-Encoding", "chunked".to_string())),
        Framing::Close => None,
    }
}

async fn send_endless_headers(wire: &mut Wire) -> Result<()> {
    wire.send(b"HTTP/1.1 200 OK\r\n").await?;
    let line = format!("X-Filler: {}\r\n", "x".repeat(1012));
    let lines = line.repeat(64).into_bytes();
    for _ in 0..ENDLESS / lines.len() {
        wire.send(&lines).await?;
    }
    Ok(())
}
