//! Sizes, rates and times for people.

/// Binary units, as the field names them.
const UNITS: [&str; 7] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/// The largest unit in which `bytes` is one or more, and its power of 1024.
fn unit_of(bytes: u64) -> i32 {
    (bytes.max(1).ilog2() / 10).cast_signed()
}

fn in_unit(bytes: u64, power: i32) -> f64 {
    bytes as f64 / 1024f64.powi(power)
}

fn name(power: i32) -> &'static str {
    UNITS[usize::try_from(power).unwrap_or_default()]
}

/// Such as `48.00 MiB`; whole bytes below 1 KiB.
pub fn size(bytes: u64) -> String {
    match unit_of(bytes) {
        0 => format!("{bytes} B"),
        power => format!("{:.2} {}", in_unit(bytes, power), name(power)),
    }
}

/// `bytes` and `total` in the unit of `total`, such as `39.8/48.0 MiB`.
pub fn share(bytes: u64, total: u64) -> String {
    match unit_of(total) {
        0 => format!("{bytes}/{total} B"),
        power => format!("{:.1}/{:.1} {}", in_unit(bytes, power), in_unit(total, power), name(power)),
    }
}

/// Such as `39.8M`, for narrow terminals.
pub fn short(bytes: u64) -> String {
    let power = unit_of(bytes);
    let value = in_unit(bytes, power);
    let unit = &name(power)[..1];
    if power == 0 || value >= 99.95 { format!("{value:.0}{unit}") } else { format!("{value:.1}{unit}") }
}

/// Bytes per second, such as `6.28 MiB/s`.
pub fn rate(bytes_per_second: u64) -> String {
    size(bytes_per_second) + "/s"
}

/// Such as `9 s`, `1:02` minutes, `1:02:03` hours or `4 d`.
pub fn time(seconds: u64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{minutes}:{:02}", seconds % 60),
        3600..360_000 => format!("{hours}:{minutes:02}:{:02}", seconds % 60),
        _ => format!("{} d", hours / 24),
    }
}

/// The rounded-down percentage; 100 for nothing of nothing.
pub fn percent(bytes: u64, total: u64) -> u64 {
    match total {
        0 => 100,
        total => u64::try_from(u128::from(bytes.min(total)) * 100 / u128::from(total)).unwrap_or(100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_the_largest_unit_that_fits() {
        for (bytes, long, brief) in [
            (0, "0 B", "0B"),
            (1023, "1023 B", "1023B"),
            (1024, "1.00 KiB", "1.0K"),
            (41_744_859, "39.81 MiB", "39.8M"),
            (1_000 << 20, "1000.00 MiB", "1000M"),
            (u64::MAX, "16.00 EiB", "16.0E"),
        ] {
            assert_eq!((size(bytes).as_str(), short(bytes).as_str()), (long, brief));
        }
        assert_eq!(share(41_744_859, 48 << 20), "39.8/48.0 MiB");
        assert_eq!((share(3, 9), share(3, 4096)), ("3/9 B".into(), "0.0/4.0 KiB".into()));
        assert_eq!((percent(1, 3), percent(u64::MAX, u64::MAX), percent(0, 0)), (33, 100, 100));
    }

    #[test]
    fn times_have_one_form_for_each_magnitude() {
        let shown = [0, 59, 60, 3599, 3600, 3723, 359_999, 360_000].map(time);
        assert_eq!(shown, ["0 s", "59 s", "1:00", "59:59", "1:00:00", "1:02:03", "99:59:59", "4 d"]);
    }
}
