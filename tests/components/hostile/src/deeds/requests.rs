//! Deeds with HTTP requests: too many, or too large.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use wasip2::http::outgoing_handler::handle;
use wasip2::http::types::{ErrorCode, Fields, FutureIncomingResponse, IncomingResponse, OutgoingRequest, Scheme};

pub fn done(deed: &str, with: &str) -> String {
    match deed {
        "http-requests" => requests(with),
        "http-responses" => responses(with),
        "http-fields" => with_fields(with),
        "http-url" => {
            let request = OutgoingRequest::new(Fields::new());
            let long = "a".repeat(with.parse().expect("a length"));
            let path = request.set_path_with_query(Some(&format!("/{long}"))).is_ok();
            let authority = request.set_authority(Some(&long)).is_ok();
            format!("{path} {authority}")
        }
        "http-header" => {
            let (fields, value) = (Fields::new(), alloc::vec![b'a'; 1000]);
            let accepted = (0..100_000).filter(|_| fields.append("a", &value).is_ok());
            accepted.count().to_string()
        }
        other => panic!("an unknown deed: {other}"),
    }
}

fn send(authority: &str) -> Result<FutureIncomingResponse, ErrorCode> {
    let request = OutgoingRequest::new(Fields::new());
    request.set_scheme(Some(&Scheme::Http)).expect("a scheme");
    request.set_authority(Some(authority)).expect("an authority");
    request.set_path_with_query(Some("/file")).expect("a path");
    handle(request, None)
}

fn response(future: &FutureIncomingResponse) -> Result<IncomingResponse, ErrorCode> {
    future.subscribe().block();
    future.get().expect("it is ready").expect("it is the first time")
}

/// Sends a request with fields. `with` is `https://authority`, then a line `name: value` for each field. Returns the status or
/// the error.
fn with_fields(with: &str) -> String {
    let mut lines = with.lines();
    let (scheme, authority) = lines.next().and_then(|url| url.split_once("://")).expect("a URL");
    let fields = Fields::new();
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        fields.append(name, value.as_bytes()).expect("a field");
    }
    let request = OutgoingRequest::new(fields);
    let scheme = if scheme == "https" { Scheme::Https } else { Scheme::Http };
    request.set_scheme(Some(&scheme)).expect("a scheme");
    request.set_authority(Some(authority)).expect("an authority");
    request.set_path_with_query(Some("/file")).expect("a path");
    match handle(request, None).and_then(|future| response(&future)) {
        Ok(response) => response.status().to_string(),
        Err(ErrorCode::InternalError(Some(reason))) => reason,
        Err(error) => format!("{error:?}"),
    }
}

/// Sends 100 requests at once, then counts the responses.
fn requests(authority: &str) -> String {
    let futures: Vec<_> = (0..100).map(|_| send(authority).expect("a future")).collect();
    let answers: Vec<_> = futures.iter().map(response).collect();
    tally(&answers)
}

/// Sends 100 requests one after the other and keeps every response.
fn responses(authority: &str) -> String {
    let answers: Vec<_> = (0..100).map(|_| response(&send(authority).expect("a future"))).collect();
    tally(&answers)
}

fn tally(answers: &[Result<IncomingResponse, ErrorCode>]) -> String {
    let refused = answers.iter().filter(|answer| matches!(answer, Err(ErrorCode::ConnectionLimitReached))).count();
    let came = answers.iter().filter(|answer| answer.is_ok()).count();
    format!("{came} came, {refused} refused")
}
