//! HTTP dates, [RFC 9110 section 5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7): all three forms.

/// Seconds since 1970-01-01 UTC of an HTTP date; `None` if the text is not a date or its year is before 1970.
///
/// A two-digit year (RFC 850) means 1970 to 2069.
pub fn parse(field: &str) -> Option<u64> {
    let rest = match field.trim().split_once(", ") {
        Some((_, rest)) => rest,
        None => return parse_asctime(field.trim()),
    };
    let mut words = rest.split([' ', '-']);
    let day = number(words.next()?, 2)?;
    let month = month(words.next()?)?;
    let year = year(words.next()?)?;
    let time = time_of_day(words.next()?)?;
    (words.next()? == "GMT" && words.next().is_none()).then_some(())?;
    seconds(year, month, day, time)
}

/// `Sun Nov  6 08:49:37 1994`
fn parse_asctime(text: &str) -> Option<u64> {
    let mut words = text.split_ascii_whitespace().skip(1);
    let month = month(words.next()?)?;
    let day = number(words.next()?, 2)?;
    let time = time_of_day(words.next()?)?;
    let year = year(words.next()?)?;
    words.next().is_none().then_some(())?;
    seconds(year, month, day, time)
}

fn number(text: &str, most_digits: usize) -> Option<u64> {
    (text.len() <= most_digits).then_some(())?;
    crate::text::digits::parse(text)
}

fn year(text: &str) -> Option<u64> {
    let value = number(text, 4)?;
    match text.len() {
        4 => Some(value),
        2 if value < 70 => Some(2000 + value),
        2 => Some(1900 + value),
        _ => None,
    }
}

fn month(name: &str) -> Option<u64> {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    NAMES.iter().position(|known| *known == name).map(|index| index as u64 + 1)
}

fn time_of_day(text: &str) -> Option<u64> {
    let mut fields = text.split(':');
    let mut next = |limit| number(fields.next()?, 2).filter(|value| *value < limit);
    let (hour, minute, second) = (next(24)?, next(60)?, next(61)?);
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

    #[test]
    fn all_three_forms_name_the_same_second() {
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(parse(text), Some(784_111_777), "{text}");
        }
        assert_eq!(parse("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(parse("Tue, 29 Feb 2028 23:59:59 GMT"), Some(1_835_481_599));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "yesterday",
            "Sun, 06 Nov 1994",
            "Sun, 06 Nov 1994 08:49:37 CET",
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
