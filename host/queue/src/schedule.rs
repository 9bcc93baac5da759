//! Rates by the hours of the week.

use std::time::Duration;

use jiff::Zoned;
use jiff::civil::{DateTime, Weekday};

use haul_command::redaction::quoted;
use haul_command::values;

/// Times of a day are minutes below this, so that windows across midnight are compared as numbers.
const MINUTES_A_DAY: u16 = 24 * 60;

/// A rate for some hours of some days, in local time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The days on which the window begins, Monday first.
    days: [bool; 7],
    /// Minutes since midnight.
    begin: u16,
    /// Minutes since midnight; `begin` or less if the window ends on the next day.
    end: u16,
    /// Bytes per second; `None` is unlimited.
    rate: Option<u64>,
}

/// Rates by the hours of the week.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// The first open window has the rate.
    pub windows: Vec<Window>,
    /// Bytes per second while no window is open; `None` is unlimited.
    pub otherwise: Option<u64>,
}

impl Window {
    /// Whether the window is open at this local time. The hour that clocks repeat in autumn counts twice; the hour that they skip in
    /// spring does not count.
    fn is_open(&self, shown: DateTime) -> bool {
        let minute = u16::from(shown.hour().unsigned_abs()) * 60 + u16::from(shown.minute().unsigned_abs());
        let today = shown.weekday();
        if self.begin < self.end {
            return self.begins_on(today) && (self.begin..self.end).contains(&minute);
        }
        self.begins_on(today) && minute >= self.begin || self.begins_on(today.previous()) && minute < self.end
    }

    fn begins_on(&self, day: Weekday) -> bool {
        self.days[index(day)]
    }
}

impl Schedule {
    /// Bytes per second at this local time; `None` is unlimited.
    pub fn rate_at(&self, shown: DateTime) -> Option<u64> {
        let open = self.windows.iter().find(|window| window.is_open(shown));
        open.map_or(self.otherwise, |window| window.rate)
    }

    /// Calls `apply` with the present rate in bytes per second, and with each later rate when its time comes, until `apply` returns
    /// `false`. `clock` is read every minute and not only at the next change: a user may set it, and machines sleep.
    pub async fn follow(
        &self,
        clock: impl Fn() -> Zoned,
        wait: impl AsyncFn(Duration),
        mut apply: impl AsyncFnMut(Option<u64>) -> bool,
    ) {
        let mut applied = None;
        loop {
            let now = clock();
            let rate = self.rate_at(now.datetime());
            if applied != Some(rate) && !apply(rate).await {
                return;
            }
            applied = Some(rate);
            wait(until_next_minute(&now)).await;
        }
    }
}

fn until_next_minute(now: &Zoned) -> Duration {
    let past = Duration::new(u64::from(now.second().unsigned_abs()), now.subsec_nanosecond().unsigned_abs());
    Duration::from_secs(60).saturating_sub(past)
}

fn index(day: Weekday) -> usize {
    usize::from(day.to_monday_zero_offset().unsigned_abs())
}

/// A window as `[DAYS] HH:MM-HH:MM RATE`, such as `Mon-Fri 08:00-18:00 2M`.
///
/// # Errors
///
/// The form to write instead.
pub fn window(text: &str) -> Result<Window, String> {
    let wrong = || "write DAYS HH:MM-HH:MM RATE, such as 'Mon-Fri 08:00-18:00 2M'".to_owned();
    let words: Vec<_> = text.split_whitespace().collect();
    let (named, hours, rate) = match words[..] {
        [hours, rate] => (None, hours, rate),
        [named, hours, rate] => (Some(named), hours, rate),
        _ => return Err(wrong()),
    };
    let (begin, end) = hours.split_once('-').ok_or_else(wrong)?;
    let (begin, end) = (time(begin)?, time(end)?);
    if begin == end || begin == MINUTES_A_DAY {
        return Err("a window has to last; the whole day is 00:00-24:00".into());
    }
    Ok(Window { days: named.map_or(Ok([true; 7]), days)?, begin, end, rate: self::rate(rate)? })
}

/// Bytes per second as in [`values::rate`]; `unlimited` and `off` are `None`.
///
/// # Errors
///
/// The form to write instead.
pub fn rate(text: &str) -> Result<Option<u64>, String> {
    match text {
        "unlimited" | "off" => Ok(None),
        text => values::rate(text).map(Some).map_err(|wrong| format!("{wrong}, or unlimited")),
    }
}

fn time(text: &str) -> Result<u16, String> {
    let wrong = || format!("{} is no time; write HH:MM, from 00:00 to 24:00", quoted(text));
    let (hour, minute) =
        text.split_once(':').filter(|(hour, minute)| hour.len() <= 2 && minute.len() == 2).ok_or_else(wrong)?;
    let number = |text: &str| values::digits::<u8>(text).map(u16::from).ok_or_else(wrong);
    let (hour, minute) = (number(hour)?, number(minute)?);
    let minutes = hour * 60 + minute;
    if minute < 60 && minutes <= MINUTES_A_DAY { Ok(minutes) } else { Err(wrong()) }
}

/// Days and ranges of days, separated by commas; a range may include the end of the week.
fn days(text: &str) -> Result<[bool; 7], String> {
    let mut days = [false; 7];
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (day(first)?, day(last)?);
        let beyond = (last + 7 - first) % 7;
        (0..=beyond).for_each(|step| days[(first + step) % 7] = true);
    }
    Ok(days)
}

/// A day by three or more of its first letters.
fn day(text: &str) -> Result<usize, String> {
    const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let given = text.to_ascii_lowercase();
    let known = NAMES.iter().position(|name| given.len() >= 3 && name.starts_with(&given));
    known.ok_or_else(|| {
        format!("{} is no day; write Mon, Tue, Wed, Thu, Fri, Sat, Sun, or ranges such as Mon-Fri", quoted(text))
    })
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::*;

    const M: u64 = 1 << 20;

    fn schedule(windows: &[&str], otherwise: Option<u64>) -> Schedule {
        Schedule { windows: windows.iter().map(|text| window(text).unwrap()).collect(), otherwise }
    }

    /// The times, `HH:MM` in UTC, at which the rate changes on and after midnight UTC of `date`, within a day.
    fn changes(schedule: &Schedule, zone: &str, date: &str) -> Vec<(String, Option<u64>)> {
        let zone = TimeZone::posix(zone).unwrap();
        let midnight: Timestamp = format!("{date}T00:00Z").parse().unwrap();
        let minutes = (0..MINUTES_A_DAY).map(|minute| midnight + Duration::from_secs(60 * u64::from(minute)));
        let rates = minutes.map(|at| (at, schedule.rate_at(at.to_zoned(zone.clone()).datetime())));
        let mut changes: Vec<(String, Option<u64>)> = Vec::new();
        for (at, rate) in rates {
            if changes.last().is_none_or(|(_, last)| *last != rate) {
                changes.push((at.strftime("%H:%M").to_string(), rate));
            }
        }
        changes
    }

    fn expect(changes: Vec<(String, Option<u64>)>, expected: &[(&str, Option<u64>)]) {
        let expected: Vec<_> = expected.iter().map(|(at, rate)| ((*at).to_owned(), *rate)).collect();
        assert_eq!(changes, expected);
    }

    /// Central Europe's clocks: to 03:00 at 02:00 on 29 March 2026, back to 02:00 at 03:00 on 25 October.
    const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

    #[test]
    fn a_window_is_open_at_its_hours_on_its_days() {
        let office = schedule(&["Mon-Fri 08:00-18:00 2M"], Some(9));
        // A Wednesday, and a Sunday.
        expect(
            changes(&office, "UTC0", "2026-11-25"),
            &[("00:00", Some(9)), ("08:00", Some(2 * M)), ("18:00", Some(9))],
        );
        expect(changes(&office, "UTC0", "2026-11-29"), &[("00:00", Some(9))]);
    }

    #[test]
    fn a_window_that_crosses_midnight_belongs_to_the_day_on_which_it_begins() {
        let night = schedule(&["Fri 22:00-06:00 off"], Some(7));
        expect(changes(&night, "UTC0", "2026-11-27"), &[("00:00", Some(7)), ("22:00", None)]);
        expect(changes(&night, "UTC0", "2026-11-28"), &[("00:00", None), ("06:00", Some(7))]);
        expect(changes(&night, "UTC0", "2026-11-29"), &[("00:00", Some(7))]);
        let until_midnight = schedule(&["12:00-24:00 1K"], None);
        expect(changes(&until_midnight, "UTC0", "2026-11-29"), &[("00:00", None), ("12:00", Some(1024))]);
    }

    #[test]
    fn of_two_open_windows_the_first_counts() {
        let both = schedule(&["12:00-13:00 unlimited", "08:00-18:00 1"], Some(5));
        let expected =
            [("00:00", Some(5)), ("08:00", Some(1)), ("12:00", None), ("13:00", Some(1)), ("18:00", Some(5))];
        expect(changes(&both, "UTC0", "2026-11-25"), &expected);
    }

    #[test]
    fn an_hour_that_is_left_out_in_spring_is_left_out_of_windows() {
        let over = schedule(&["01:00-04:00 3"], None);
        expect(changes(&over, BERLIN, "2026-03-29"), &[("00:00", Some(3)), ("02:00", None), ("23:00", Some(3))]);
    }

    #[test]
    fn a_window_inside_the_hour_that_is_left_out_does_not_open() {
        let inside = schedule(&["02:15-02:45 3"], None);
        expect(changes(&inside, BERLIN, "2026-03-29"), &[("00:00", None)]);
        let into = schedule(&["02:30-03:30 3"], None);
        expect(changes(&into, BERLIN, "2026-03-29"), &[("00:00", None), ("01:00", Some(3)), ("01:30", None)]);
    }

    #[test]
    fn an_hour_that_comes_twice_in_autumn_counts_twice() {
        let twice = schedule(&["02:15-02:45 3"], None);
        let expected = [("00:00", None), ("00:15", Some(3)), ("00:45", None), ("01:15", Some(3)), ("01:45", None)];
        expect(changes(&twice, BERLIN, "2026-10-25"), &expected);
    }

    #[test]
    fn windows_are_read_in_several_forms() {
        let days = |text: &str| window(&format!("{text} 00:00-24:00 1")).unwrap().days.map(u8::from);
        assert_eq!(days("mon,Wednesday,FRI-sat"), [1, 0, 1, 0, 1, 1, 0]);
        assert_eq!(days("Sat-Mon"), [1, 0, 0, 0, 0, 1, 1]);
        assert_eq!(days("Tue"), [0, 1, 0, 0, 0, 0, 0]);
        assert_eq!(window("8:00-9:30 1k").unwrap().rate, Some(1024));
    }

    #[test]
    fn what_is_no_window_is_told_what_to_write() {
        for (bad, hint) in [
            ("", "Mon-Fri 08:00-18:00 2M"),
            ("Mon 08:00-18:00", "Mon-Fri 08:00-18:00 2M"),
            ("Mon 08:00 2M", "Mon-Fri 08:00-18:00 2M"),
            ("Mo 08:00-18:00 2M", "'Mo' is no day"),
            ("Mon- 08:00-18:00 2M", "'' is no day"),
            ("08:00-25:00 2M", "'25:00' is no time"),
            ("08:00-18:60 2M", "'18:60' is no time"),
            ("08:00-24:01 2M", "'24:01' is no time"),
            ("08:00-08:00 2M", "00:00-24:00"),
            ("24:00-08:00 2M", "00:00-24:00"),
            ("08:00-18:00 fast", "or unlimited"),
            ("Mon 08:00 - 18:00 2M", "Mon-Fri 08:00-18:00 2M"),
        ] {
            let told = window(bad).unwrap_err();
            assert!(told.contains(hint), "{bad}: {told}");
        }
    }

    #[tokio::test]
    async fn each_change_is_applied_when_its_time_comes() {
        let now: RefCell<Zoned> = RefCell::new("2026-11-27T21:58:30[UTC]".parse().unwrap());
        let wait = async |time| drop(now.replace_with(|now| &*now + time));
        let mut applied = Vec::new();
        let apply = async |rate| {
            applied.push((now.borrow().strftime("%H:%M:%S").to_string(), rate));
            applied.len() < 3
        };
        schedule(&["Fri 22:00-06:00 off"], Some(7)).follow(|| now.borrow().clone(), wait, apply).await;
        expect(applied, &[("21:58:30", Some(7)), ("22:00:00", None), ("06:00:00", Some(7))]);
    }
}
