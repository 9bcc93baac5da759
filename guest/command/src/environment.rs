//! Options from variables of the environment.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::arguments::Arguments;
use crate::option::{Opt, Value, Word};
use crate::redaction::quoted;
use crate::values;

/// The variable of an option: `HAUL_LIMIT_RATE` for `--limit-rate`.
pub fn variable(option: &Opt) -> String {
    format!("HAUL_{}", option.long.to_ascii_uppercase().replace('-', "_"))
}

/// Puts the text of a variable, or of a key in a file, into the field of an option. A flag takes yes or no.
///
/// # Errors
///
/// The mistake in the value, without the value if it may be a secret.
pub fn apply(option: &Opt, text: &[u8], arguments: &mut Arguments) -> Result<(), String> {
    let applied = match option.value {
        Value::Flag | Value::Count => match Word(text).text().and_then(values::truth) {
            Ok(true) => (option.set)(arguments, Word(b"")),
            Ok(false) => Ok(()),
            Err(wrong) => Err(wrong),
        },
        _ => (option.set)(arguments, Word(text)),
    };
    applied.map_err(|wrong| match option.is_secret() {
        true => wrong,
        false => format!("{}: {wrong}", quoted(&String::from_utf8_lossy(text))),
    })
}

/// Applies the variables of all `options`, which `lookup` finds.
///
/// # Errors
///
/// The variable with a wrong value.
pub fn read(
    options: impl Iterator<Item = &'static Opt>,
    lookup: impl Fn(&str) -> Option<Vec<u8>>,
    arguments: &mut Arguments,
) -> Result<(), String> {
    for option in options {
        let name = variable(option);
        if let Some(text) = lookup(&name).filter(|text| !text.is_empty()) {
            apply(option, &text, arguments).map_err(|wrong| format!("{name}: {wrong}"))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::HAUL;

    fn read_get(variables: &[(&str, &str)]) -> Result<Arguments, String> {
        let mut arguments = Arguments::default();
        let lookup = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).into());
        read(HAUL.find("get").into_iter().flat_map(|get| get.options()), lookup, &mut arguments).map(|()| arguments)
    }

    #[test]
    fn every_option_has_a_variable() {
        let read =
            read_get(&[("HAUL_RETRIES", "3"), ("HAUL_QUIET", "yes"), ("HAUL_OVERWRITE", "no"), ("HAUL_JSON", "")]);
        assert_eq!(read, Ok(Arguments { retries: 3, quiet: true, ..Arguments::default() }));
    }

    #[test]
    fn a_wrong_variable_is_named_without_secrets() {
        for (name, text, told) in [
            ("HAUL_RETRIES", "x", "HAUL_RETRIES: 'x': write a number, in digits"),
            ("HAUL_QUIET", "maybe", "HAUL_QUIET: 'maybe': write yes or no"),
            ("HAUL_HEADER", "secret", "HAUL_HEADER: write 'Name: value', or @FILE"),
        ] {
            assert_eq!(read_get(&[(name, text)]), Err(told.into()));
        }
    }
}
