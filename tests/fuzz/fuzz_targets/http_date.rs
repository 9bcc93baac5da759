//! An accepted date can be written in every form that its year allows, and reads back as the same second. Retry-After yields that second
//! relative to the response's Date, or a number.

#![no_main]

use std::time::Duration;

use haul_core::http::{date, retry_after};
use haul_core_fuzz::text::bare;
use libfuzzer_sys::fuzz_target;

/// The first second of the year 10000.
const END: u64 = 253_402_300_800;

fuzz_target!(|field: &str| {
    let seconds = date::parse(field);
    if let Some(seconds) = seconds {
        assert!(seconds <= END, "{field:?} is {seconds}");
        if seconds < END {
            reads_back(seconds);
        }
    }
    check_retry_after(field, seconds);
});

fn reads_back(seconds: u64) {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (year, month, day) = civil(seconds / 86_400);
    let month = MONTHS[month as usize - 1];
    let time = format!("{:02}:{:02}:{:02}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let mut forms =
        vec![format!("Mon, {day:02} {month} {year} {time} GMT"), format!("Mon {month} {day:2} {time} {year}")];
    if year < 2070 {
        forms.push(format!("Monday, {day:02}-{month}-{:02} {time} GMT", year % 100));
    }
    for form in forms {
        assert_eq!(date::parse(&form), Some(seconds), "{form}");
    }
}

/// Year, month and day of the month, counted day by day rather than by formula.
fn civil(mut days: u64) -> (u64, u64, u64) {
    let mut year = 1970;
    let is_leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + u64::from(is_leap(year));
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    (year, month as u64 + 1, days + 1)
}

fn check_retry_after(field: &str, seconds: Option<u64>) {
    const NOW: u64 = 1_000_000_000;
    let wait = retry_after::parse(field, Some(NOW));
    match seconds {
        Some(seconds) => {
            assert_eq!(wait, Some(Duration::from_secs(seconds.saturating_sub(NOW))));
            assert_eq!(retry_after::parse(field, None), None);
        }
        None => {
            assert_eq!(retry_after::parse(field, None), wait);
            if let Some(wait) = wait {
                assert_eq!(bare(field), wait.as_secs().to_string());
            }
        }
    }
}
