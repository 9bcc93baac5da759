//! GUIDs in numeric and text form.

use alloc::format;
use alloc::string::String;

/// A version 4 GUID with these random bits.
pub const fn of_random(high: u64, low: u64) -> u128 {
    let bits = (high as u128) << 64 | low as u128;
    (bits & !(0xf << 76) & !(0x3 << 62)) | 0x4 << 76 | 0x2 << 62
}

/// Lower case, without braces.
pub fn format(number: u128) -> String {
    let part = |shift: u32, mask: u128| (number >> shift) & mask;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        part(96, 0xffff_ffff),
        part(80, 0xffff),
        part(64, 0xffff),
        part(48, 0xffff),
        part(0, 0xffff_ffff_ffff)
    )
}

/// Accepts braces and both cases.
pub fn parse(text: &str) -> Option<u128> {
    let inner = text.strip_prefix('{').map_or(Some(text), |rest| rest.strip_suffix('}'))?;
    let hyphens = inner.len() == 36 && [8, 13, 18, 23].iter().all(|at| inner.as_bytes()[*at] == b'-');
    let mut digits = inner.bytes().filter(|byte| *byte != b'-');
    let sound = hyphens && digits.clone().count() == 32 && digits.clone().all(|byte| byte.is_ascii_hexdigit());
    sound.then(|| {
        digits.try_fold(0u128, |number, digit| Some(number << 4 | u128::from(char::from(digit).to_digit(16)?)))
    })?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn texts_and_numbers_agree(number: u128) {
            prop_assert_eq!(parse(&format(number)), Some(number));
            prop_assert_eq!(parse(&format!("{{{}}}", format(number).to_uppercase())), Some(number));
        }

        #[test]
        fn no_text_makes_it_fail(text in ".{0,40}") {
            let _ = parse(&text);
        }
    }

    #[test]
    fn random_ones_are_of_version_4() {
        assert_eq!(format(of_random(0, 0)), "00000000-0000-4000-8000-000000000000");
        assert_eq!(format(of_random(u64::MAX, u64::MAX)), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn what_is_no_guid_is_refused() {
        for text in ["", "{", "{}", "00000000-0000-4000-8000-00000000000", "{00000000-0000-4000-8000-000000000000"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse("000000000000-4000-8000-000000000000-"), None);
    }
}
