//! English prose: the words of pages and comments without their code.

/// The lines of a page outside of code blocks.
pub fn page_lines(page: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    page.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        in_code ^= is_fence;
        !in_code && !is_fence
    })
}

/// The comments of a source as a page: `//`, `///` and `//!` lines without their marks, and an empty line for each line of code.
pub fn comments(source: &str) -> String {
    let lines = source.lines().map(|line| line.trim_start().strip_prefix("//").unwrap_or_default());
    lines.map(|line| line.strip_prefix(['/', '!']).unwrap_or(line).to_owned() + "\n").collect()
}

/// The words of a page in lower case. Code blocks and code between backticks are left out.
pub fn words(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_code = false;
    for line in page_lines(page) {
        // A code span can continue on the next line, but not in the next paragraph.
        in_code &= !line.trim().is_empty();
        for (at, part) in line.split('`').enumerate() {
            in_code ^= at > 0;
            let words =
                part.split(|char: char| !char.is_ascii_alphabetic() && char != '\'').filter(|word| !word.is_empty());
            found.extend(words.filter(|_| !in_code).map(str::to_lowercase));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(page: &str, expected: &str) {
        assert_eq!(words(page).join(" "), expected, "{page}");
    }

    #[test]
    fn code_is_left_out() {
        check("One `two three` four\n```text\nfive\n```\n  ```\nsix\n  ```\nseven", "one four seven");
        check("A span `of\ntwo` lines, and `one without an end\n\nnext", "a span lines and next");
        check("The host's, 0x80, snake_case", "the host's x snake case");
    }

    #[test]
    fn comments_end_at_code() {
        let source = "//! One `\nlet two = 3; // Four\n    /// Five\n// six\n";
        assert_eq!(comments(source), " One `\n\n Five\n six\n");
        check(&comments(source), "one five six");
    }
}
