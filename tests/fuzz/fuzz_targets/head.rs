//! For any response head, bytes go only to the place that the head gives. The first line is the status and, after a space, the start of the
//! requested range, if there is one; the others are fields.

#![no_main]

use std::time::Duration;

use haul_core::border::output::Happening;
use haul_core::download::{StartMode, State};
use haul_core::http::content_range::ContentRange;
use haul_core::http::date;
use haul_core::http::head::Head;
use haul_core::layout::RequestedRange;
use haul_core::parse::url::Scheme;
use haul_core::settings::property::Property;
use haul_core::transfer::Step;
use haul_core_fuzz::single::{Asked, Single};
use haul_core_fuzz::text::{self, bare};
use libfuzzer_sys::fuzz_target;

/// Length of the requested range.
const LENGTH: u64 = 1000;

fuzz_target!(|text: &str| {
    let offset = text.lines().next().and_then(|line| line.split_once(' ')?.1.parse().ok());
    let offset = offset.filter(|offset| *offset < u64::MAX - LENGTH);
    let head = text::head(text);
    check_fields(&head);
    check_answer(&head, offset);
});

fn check_fields(head: &Head) {
    if let Some(length) = head.content_length() {
        let lengths = head.fields.iter().filter(|(name, _)| name == "content-length");
        lengths.for_each(|(_, value)| assert_eq!(bare(value), length.to_string()));
    }
    assert_eq!(head.content_range(), head.field("content-range").and_then(ContentRange::parse));
    assert_eq!(head.date(), head.field("date").and_then(date::parse));
    assert_eq!(head.to_text().lines().count(), head.fields.len());
}

fn check_answer(head: &Head, offset: Option<u64>) {
    let mut single = Single::new();
    single.set(Property::Uri("https://origin/file".into())).expect("a sound URL");
    let mode = match offset {
        Some(offset) => StartMode::Ranges(vec![RequestedRange::Bounded { offset, length: LENGTH }]),
        None => StartMode::WholeFile,
    };
    let (attempt, _) = single.start(mode).expect("everything is set").requests.pop().expect("a request");
    let asked = single.respond(attempt, head.clone());
    check_asked(&asked);
    match single.step(attempt) {
        Step::Write { offset: at, limit } => check_write(head, offset, at, limit),
        Step::Skip { limit } => check_skip(head, offset, limit),
        Step::Drain | Step::Wait => {}
        Step::Collect { .. } => panic!("the file is collected in memory"),
    }
    let status = single.status();
    let complete = status.state != State::Transferred || head.status == 200 && head.content_length() == Some(0);
    assert!(complete, "{status:?}");
}

/// The first byte of the representation in the body, and the end of the bytes it may carry.
fn carried(head: &Head) -> (u64, u64) {
    match (head.status, head.content_range()) {
        (200, _) => (0, head.content_length().unwrap_or(u64::MAX)),
        (206, Some(ContentRange::Satisfied { range, .. })) => {
            assert!(head.content_length().is_none_or(|length| length == range.len()));
            (range.start, range.end)
        }
        _ => panic!("a body of {head:?} is used"),
    }
}

fn check_write(head: &Head, offset: Option<u64>, at: u64, limit: u64) {
    let (start, end) = carried(head);
    let wanted = offset.unwrap_or(0);
    assert!(offset.is_some() || head.status == 200);
    assert_eq!((at, start), (0, wanted), "the first byte that is wanted comes first");
    assert!(limit > 0 && limit <= end - start && (offset.is_none() || limit <= LENGTH));
}

fn check_skip(head: &Head, offset: Option<u64>, limit: u64) {
    let (start, end) = carried(head);
    let wanted = offset.expect("nothing is skipped of a whole file");
    assert!(limit > 0 && start + limit <= wanted && wanted < end);
}

fn check_asked(asked: &Asked) {
    assert!(asked.requests.len() <= 1);
    assert!(asked.requests.iter().all(|(_, request)| request.scheme == Scheme::Https));
    for event in &asked.events {
        if let Happening::Retrying { after, .. } = event.what {
            assert!(after <= Duration::from_secs(600), "{after:?}");
        }
    }
}
