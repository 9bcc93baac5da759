//! Comparing fields by what they say.

/// `field` without spaces, in lower case, its numbers without leading zeros: two fields that say the same are equal.
pub fn bare(field: &str) -> String {
    let mut bare = String::new();
    let mut characters = field.chars().filter(|c| !c.is_whitespace()).peekable();
    let mut in_number = false;
    while let Some(c) = characters.next() {
        let leads = c == '0' && !in_number && characters.peek().is_some_and(char::is_ascii_digit);
        if !leads {
            bare.extend(c.to_lowercase());
        }
        in_number = c.is_ascii_digit() && !leads;
    }
    bare
}
