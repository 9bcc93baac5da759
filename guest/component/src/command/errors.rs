//! `errors`: explanations of error codes.

use alloc::format;
use alloc::string::String;

use haul_core::failure::codes::{self, Explanation};
use haul_core::text::digits;
use serde::Serialize;

use super::{Parsed, quoted, terminal};

pub const HELP: &str = "\
Usage: haul.wasm errors [OPTIONS] [CODE]

What an error code means, and what to do about it; without CODE, all that are known.

  CODE         0x80D02013, 80D02013, 2161123347, -2133843949 or DO_E_INVALID_STATE
      --json   one JSON object per line
  -h, --help
";

#[derive(Debug, Default)]
pub struct Errors {
    pub code: Option<String>,
    pub json: bool,
}

/// One code as JSON.
#[derive(Serialize)]
struct Line<'a> {
    /// In hexadecimal.
    code: String,
    name: &'a str,
    meaning: &'a str,
    /// Absent if haul never reports the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'static str>,
}

/// If a word starts with a hyphen and a digit, it is a code: shells print codes as negative numbers.
///
/// # Errors
///
/// The mistake in the command line.
pub fn parse(words: &[&str]) -> Result<Parsed<Errors>, String> {
    let mut errors = Errors::default();
    for word in words {
        let is_option = word.strip_prefix('-').is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
        match *word {
            "--json" => errors.json = true,
            "-h" | "--help" => return Ok(Parsed::Help),
            other if is_option => return Err(format!("unknown option {}", quoted(other))),
            code if errors.code.is_none() => errors.code = Some(code.into()),
            other => return Err(format!("one code at a time, without {}", quoted(other))),
        }
    }
    Ok(Parsed::Run(errors))
}

pub fn run(errors: &Errors) -> Result<(), ()> {
    let Some(text) = &errors.code else {
        let list: String = codes::all().map(|known| if errors.json { json(&known) } else { line(&known) }).collect();
        terminal::out(&list);
        return Ok(());
    };
    let Some(known) = find(text) else {
        terminal::tell(&format!(
            "haul: {} is no code that is known; 'errors' lists all but those of HTTP statuses, such as 0x80190194",
            quoted(text)
        ));
        return Err(());
    };
    terminal::out(&if errors.json { json(&known) } else { entry(&known) });
    Ok(())
}

/// Finds the explanation of `text`: a code in hexadecimal or decimal, or a symbolic name in any case.
fn find(text: &str) -> Option<Explanation> {
    let named = || codes::all().find(|known| known.name.eq_ignore_ascii_case(text));
    number(text).and_then(codes::explain).or_else(named)
}

/// Eight digits without a prefix are hexadecimal, because no known code has eight decimal digits.
fn number(text: &str) -> Option<u32> {
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).or((text.len() == 8).then_some(text));
    match (hex, text.strip_prefix('-')) {
        (Some(hex), _) => {
            hex.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(hex, 16).ok())?
        }
        (None, Some(negative)) => i32::try_from(-digits::parse::<i64>(negative)?).ok().map(i32::cast_unsigned),
        (None, None) => digits::parse(text),
    }
}

fn line(known: &Explanation) -> String {
    format!("0x{:08X} {}: {}\n", known.code, known.name, known.meaning)
}

fn entry(known: &Explanation) -> String {
    let advice = codes::advice(known.code).map_or_else(String::new, |advice| format!("  what to do: {advice}\n"));
    format!("0x{:08X} {}\n  meaning: {}\n{advice}", known.code, known.name, known.meaning)
}

fn json(known: &Explanation) -> String {
    let advice = codes::advice(known.code);
    let code = format!("0x{:08X}", known.code);
    let line = Line { code, name: known.name, meaning: &known.meaning, advice };
    serde_json::to_string(&line).map_or_else(|_| String::new(), |text| text + "\n")
}
