//! `haul errors`

use console::Term;
use haul::{Engine, Error, Explanation};
use haul_queue::Outcome;
use haul_queue::redaction::quoted;
use serde::Serialize;

use crate::arguments::Errors;
use crate::output;
use crate::values;

/// One code as JSON.
#[derive(Serialize)]
struct Line<'a> {
    /// In hexadecimal.
    code: String,
    name: &'a str,
    meaning: &'a str,
    /// Absent if haul never reports the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'a str>,
}

pub async fn run(errors: Errors) -> Outcome {
    tell(&errors).await.unwrap_or_else(|error| {
        output::say(&format!("haul: {error}"));
        Outcome::Failed
    })
}

async fn tell(errors: &Errors) -> Result<Outcome, Error> {
    let engine = Engine::builder().open().await?;
    let explanations = match &errors.code {
        None => engine.explanations().await?,
        Some(text) => find(&engine, text).await?.into_iter().collect(),
    };
    engine.close().await;
    if let (Some(text), []) = (&errors.code, &explanations[..]) {
        output::say(&format!(
            "haul: {} is no code that is known; 'haul errors' lists all but those of HTTP statuses, such as 0x80190194",
            quoted(text)
        ));
        return Ok(Outcome::Failed);
    }
    let width = Term::stdout().size_checked().map(|(_, width)| usize::from(width));
    let show = |known: &Explanation| match (&errors.code, errors.json) {
        (_, true) => json(known),
        (Some(_), false) => entry(known),
        (None, false) => line(known, width),
    };
    output::write(&explanations.iter().map(show).collect::<String>());
    Ok(Outcome::AllTransferred)
}

/// Finds the explanation of `text`: a code in hexadecimal or decimal, or a symbolic name in any case.
async fn find(engine: &Engine, text: &str) -> Result<Option<Explanation>, Error> {
    if let Some(code) = number(text)
        && let Some(known) = engine.explain(code).await?
    {
        return Ok(Some(known));
    }
    let all = engine.explanations().await?;
    Ok(all.into_iter().find(|known| known.name.eq_ignore_ascii_case(text)))
}

/// Eight digits without a prefix are hexadecimal, because no known code has eight decimal digits. Negative numbers are accepted, because
/// shells print codes as signed numbers.
fn number(text: &str) -> Option<u32> {
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).or((text.len() == 8).then_some(text));
    match (hex, text.strip_prefix('-')) {
        (Some(hex), _) => {
            hex.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(hex, 16).ok())?
        }
        (None, Some(negative)) => i32::try_from(-values::digits::<i64>(negative)?).ok().map(i32::cast_unsigned),
        (None, None) => values::digits(text),
    }
}

/// One line of the list, cut at the width of the terminal.
fn line(known: &Explanation, width: Option<usize>) -> String {
    let mut line = format!("0x{:08X} {}: {}", known.code, known.name, known.meaning);
    if let Some(width) = width
        && line.chars().count() > width
    {
        line = line.chars().take(width.saturating_sub(3)).chain("...".chars()).collect();
    }
    line + "\n"
}

fn entry(known: &Explanation) -> String {
    let advice = known.advice.as_ref().map_or_else(String::new, |advice| format!("  what to do: {advice}\n"));
    format!("0x{:08X} {}\n  meaning: {}\n{advice}", known.code, known.name, known.meaning)
}

fn json(known: &Explanation) -> String {
    let code = format!("0x{:08X}", known.code);
    let line = Line { code, name: &known.name, meaning: &known.meaning, advice: known.advice.as_deref() };
    serde_json::to_string(&line).map_or_else(|_| String::new(), |text| text + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_written_in_several_ways() {
        for text in ["0x80D02013", "0X80d02013", "80D02013", "2161123347", "-2133843949"] {
            assert_eq!(number(text), Some(0x80D0_2013), "{text}");
        }
        assert_eq!(number("80200053"), Some(0x8020_0053));
        assert_eq!(number("2097158"), Some(0x0020_0006));
        for text in [
            "",
            "-",
            "0x",
            "0x180D02013",
            "DO_E_INVALID_STATE",
            "-2147483649",
            "4294967296",
            "0x+0D02013",
            "+0D02013",
            "+5",
            "--5",
            "-+5",
            "1_000",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn a_line_ends_where_the_terminal_does() {
        let name = "DO_E_INVALID_STATE".into();
        let known = Explanation { code: 0x80D0_2013, name, meaning: "not allowed now".into(), advice: None };
        let whole = "0x80D02013 DO_E_INVALID_STATE: not allowed now\n";
        assert_eq!(line(&known, None), whole);
        assert_eq!(line(&known, Some(46)), whole);
        assert_eq!(line(&known, Some(45)), "0x80D02013 DO_E_INVALID_STATE: not allowed...\n");
    }
}
