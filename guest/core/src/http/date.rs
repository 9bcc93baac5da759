//! HTTP dates, [RFC 9110 section 5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7): all three forms, and the variants of them
//! that origins send and other clients read.

/// Seconds since 1970-01-01 UTC of an HTTP date; `None` if the text is not a date or its year is before 1970.
///
/// A day, the name of a month, a year and a time stand in any order, between any separators. Names of days do not count. A two-digit year
/// (RFC 850) means 1970 to 2069. A time without zone is UTC.
pub fn parse(field: &str) -> Option<u64> {
    let mut found = Found::default();
    let separators = |c: char| c.is_ascii_whitespace() || matches!(c, ',' | '/' | '(' | ')');
    for word in field.split(separators).filter(|word| !word.is_empty()) {
        match found.time {
            // A zone such as `-0500` comes after the time.
            Some(_) if word.starts_with(['+', '-']) => found.zone(offset(word)?)?,
            _ => word.split('-').filter(|part| !part.is_empty()).try_for_each(|part| found.word(part))?,
        }
    }
    let utc = i64::try_from(seconds(found.year?, found.month?, found.day?, found.time?)?).ok()?;
    utc.checked_sub(found.zone.unwrap_or_default())?.try_into().ok()
}

/// The parts of a date so far.
#[derive(Default)]
struct Found {
    year: Option<u64>,
    month: Option<u64>,
    day: Option<u64>,
    /// Seconds since midnight.
    time: Option<u64>,
    /// Seconds by which the time is ahead of UTC.
    zone: Option<i64>,
}

impl Found {
    /// `None` for a word that is no part of a date, or comes twice.
    fn word(&mut self, word: &str) -> Option<()> {
        if word.contains(':') {
            return once(&mut self.time, time_of_day(word)?);
        }
        if let Some(value) = number(word, 4) {
            return match word.len() {
                1 | 2 if self.day.is_none() => once(&mut self.day, value),
                2 if value < 70 => once(&mut self.year, 2000 + value),
                2 => once(&mut self.year, 1900 + value),
                4 => once(&mut self.year, value),
                _ => None,
            };
        }
        if let Some(month) = named(&MONTHS, word) {
            return once(&mut self.month, month as u64 + 1);
        }
        if named(&DAYS, word).is_some() {
            return Some(());
        }
        let (_, hours) = ZONES.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(word))?;
        self.zone(hours * 3600)
    }

    fn zone(&mut self, ahead: i64) -> Option<()> {
        once(&mut self.zone, ahead)
    }
}

fn once<T>(part: &mut Option<T>, value: T) -> Option<()> {
    part.replace(value).is_none().then_some(())
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The zones of [RFC 5322 section 4.3](https://www.rfc-editor.org/rfc/rfc5322#section-4.3), in hours ahead of UTC.
const ZONES: [(&str, i64); 12] = [
    ("gmt", 0),
    ("utc", 0),
    ("ut", 0),
    ("z", 0),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
];

/// The index of the name that `word` is, or begins with at least three letters.
fn named(names: &[&str], word: &str) -> Option<usize> {
    let begins = |name: &&str| name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    names.iter().position(begins).filter(|_| word.len() >= 3)
}

/// Seconds of `+0130` or `-01:30`.
fn offset(word: &str) -> Option<i64> {
    let digits = word[1..].split(':').collect::<alloc::string::String>();
    let value = number(&digits, 4).filter(|value| digits.len() == 4 && value % 100 < 60)?;
    let seconds = i64::try_from(value / 100 * 3600 + value % 100 * 60).ok()?;
    Some(if word.starts_with('-') { -seconds } else { seconds })
}

fn number(text: &str, most_digits: usize) -> Option<u64> {
    (text.len() <= most_digits).then_some(())?;
    crate::text::digits::parse(text)
}

/// `8:49:37` or `08:49`
fn time_of_day(text: &str) -> Option<u64> {
    let mut fields = text.split(':');
    let mut next = |limit| number(fields.next()?, 2).filter(|value| *value < limit);
    let (hour, minute) = (next(24)?, next(60)?);
    let second = match text.matches(':').count() {
        1 => 0,
        _ => next(61)?,
    };
    fields.next().is_none().then_some(hour * 3600 + minute * 60 + second)
}

/// Converts a civil date to days by counting years that start in March.
fn seconds(year: u64, month: u64, day: u64, time: u64) -> Option<u64> {
    const DAYS: [u64; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let in_month = day.checked_sub(1)? < *DAYS.get(usize::try_from(month).ok()?.checked_sub(1)?)?;
    (year >= 1970 && in_month).then_some(())?;
    let (shifted_year, shifted_month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = shifted_year / 4 - shifted_year / 100 + shifted_year / 400;
    let days = shifted_year * 365 + leap_days + (shifted_month * 153 + 2) / 5 + day - 1;
    /// Days from 0000-03-01 to 1970-01-01, so that leap days end a year.
    const EPOCH: u64 = 719_468;
    Some((days - EPOCH) * 86_400 + time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn all_three_forms_name_the_same_second() {
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(parse(text), Some(784_111_777), "{text}");
        }
        assert_eq!(parse("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(parse("Tue, 29 Feb 2028 23:59:59 GMT"), Some(1_835_481_599));
    }

    #[test]
    fn variants_that_origins_send_are_read() {
        for text in [
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 8:49:37 GMT",
            "sun, 06 NOV 1994 08:49:37 gmt",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 Nov 1994 08:49:37 +0000",
            "Sun, 06 Nov 1994 09:49:37 +0100",
            "Sun, 06 Nov 1994 03:19:37 -05:30",
            "Sun, 06 Nov 1994 03:49:37 EST",
            "Sun, 06-Nov-1994 08:49:37 GMT",
            "Sun,06 Nov 1994 08:49:37 GMT",
            "06 Nov 1994 08:49:37 GMT",
            "Sunday, 06 November 1994 08:49:37 GMT",
            "Sun Nov 06 1994 08:49:37 GMT",
            "Sun Nov  6 08:49:37 GMT 1994",
            "Nov 6 08:49:37 1994",
            "1994 Nov 6 08:49:37",
            " Sun,  06  Nov  1994  08:49:37  GMT ",
        ] {
            assert_eq!(parse(text), Some(784_111_777), "{text}");
        }
        assert_eq!(parse("Sun, 06 Nov 1994 08:49 GMT"), Some(784_111_740));
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_to_be_looked_at(text in any::<alloc::string::String>(), words in "([A-Za-z0-9:+-]{1,9}[ ,-]){0,7}") {
            let _ = (parse(&text), parse(&words));
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "yesterday",
            "Sun, 06 Nov 1994",
            "Sun, 06 Nov 1994 08:49:37 XYZ",
            "Sun, 06 Nov 1994 08:49:37 GMT GMT",
            "Sun, 06 Nov 1994 08:49:37 +2500x",
            "Sun, 06 Nov 1994 08:49:37 09:00",
            "Sun, 06 06 Nov 1994 94 08:49:37",
            "06 No 1994 08:49:37 GMT",
            "Thu, 01 Jan 1970 00:00:00 +0100",
            "08:49:37",
            "Sun, 32 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1969 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "-1",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
