//! `docs/reference/conformance.md`, generated from the tested statements.

use haul_tests::docs::{Page, head, row};

use crate::decisions::{Decision, Held};
use crate::statement::{Statement, Strength, Theme, Verdict};

/// The page for these themes and decisions.
pub fn page(themes: &[Theme], decisions: &[Decision]) -> Page {
    let mut text = String::from(INTRODUCTION);
    text.push_str(&counts(themes));
    text.push_str(OPEN);
    text.push_str(&head(&["Topic", "The sources", "haul", "Held by"]));
    text.extend(decisions.iter().map(decision_line));
    for theme in themes {
        text.push_str(&format!("\n## {}\n\n", theme.title));
        text.push_str(&head(&["The documentation", "Source", "Strength", "haul", "Test"]));
        text.extend(theme.statements.iter().map(line));
    }
    Page { path: "docs/reference/conformance.md", text }
}

/// The number of statements by verdict.
fn counts(themes: &[Theme]) -> String {
    let all: Vec<_> = themes.iter().flat_map(|theme| theme.statements).collect();
    let of = |word: &str| all.iter().filter(|statement| said_of(statement.verdict).0 == word).count();
    let verdicts = ["holds", "chosen", "cannot be written", "differs"].map(|word| format!("{} {word}", of(word)));
    format!("{} statements: {}.\n", all.len(), verdicts.join(", "))
}

fn line(statement: &Statement) -> String {
    let said: Vec<_> = statement.said.iter().map(|line| line.trim()).collect();
    let (word, remark) = said_of(statement.verdict);
    let verdict = if remark.is_empty() { word.to_owned() } else { format!("**{word}**: {remark}") };
    let test = statement.test.trim_start_matches("conformance::");
    row([
        &*said.join(" "),
        &format!("`{}`", statement.source),
        strength(statement.strength),
        &verdict,
        &format!("`{test}`"),
    ])
}

fn decision_line(decision: &Decision) -> String {
    let held = match decision.held {
        Held::By(tests) => tests.iter().map(|test| format!("`{test}`")).collect::<Vec<_>>().join(", "),
        Held::ByNone(reason) => format!("no test: {reason}"),
    };
    row([decision.topic, decision.said, decision.decided, &held])
}

const fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Doc => "documentation",
        Strength::Idl => "IDL",
        Strength::Observed => "observed",
        Strength::Inferred => "inferred",
        Strength::Silent => "silent",
    }
}

const fn said_of(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Holds => ("holds", ""),
        Verdict::Chosen(remark) => ("chosen", remark),
        Verdict::CannotBeWritten(remark) => ("cannot be written", remark),
        Verdict::Differs(remark) => ("differs", remark),
    }
}

const INTRODUCTION: &str = "\
# Conformance

Statements about Delivery Optimization's interfaces and error codes, and haul's behaviour for each: first IDOManager and its objects,
then the interfaces of jobs, then the codes. If Delivery Optimization takes an interface from BITS and does not describe a call, the
statement comes from BITS and begins with its name. Each line is a test of that name in `tests/tests/conformance/`, run through the real
component. `make docs` writes this page from the same list, and a test fails if the page is not current.

The source is a key and a file:

| Key | Repository and folder |
| --- | --- |
| A | `sdk-api-src/content/` of MicrosoftDocs/sdk-api, the reference of the headers |
| B | `desktop-src/Bits/` of MicrosoftDocs/win32, the concepts of BITS |
| D | `desktop-src/delivery_optimization/` of MicrosoftDocs/win32 |
| I | `generation/WinSDK/RecompiledIdlHeaders/um/` of microsoft/win32metadata, IDL and headers |
| P | `windows/deployment/do/` of MicrosoftDocs/windows-itpro-docs, for administrators |
| C | microsoft/do-client: a client library, an agent, and the tests of both |
| S | shishirb-MSFT/DODownloaderDotNet, a sample in C# |
| G | microsoft/winget-cli, a client |
| W | `dlls/qmgr/` of wine-mirror/wine, another BITS and its tests |
| T | a thread at that repository |

The strength is that of the source: *documentation*, *IDL*, *observed* in clients and their tests, *inferred* from names and neighbours,
or *silent* if the sources say nothing or contradict each other; then the line names the open question.

haul's part is one of

- *holds*: haul behaves as the statement says;
- *chosen*: the sources leave it open, and haul behaves like this;
- *cannot be written*: the types of WIT permit nothing else;
- *differs*: haul behaves differently, with the reason.

";

const OPEN: &str = "
## Open points of the documentation

If sources contradict each other or say nothing, haul had to decide. Each row names the statements below that test the decision.

";
