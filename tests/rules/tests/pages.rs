//! The pages: each link between them leads to a file and, if it names one, to a heading.

use std::fs;
use std::path::Path;

use haul_rules::crates::repository;
use haul_rules::files;
use haul_rules::prose::page_lines;

/// The targets of links in a page, code blocks left out.
fn links(page: &str) -> Vec<&str> {
    page_lines(page).flat_map(|line| line.split("](").skip(1)).filter_map(|rest| rest.split(')').next()).collect()
}

/// The fragment that a heading has on code hosts.
fn fragment(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|char| char.is_alphanumeric() || matches!(char, ' ' | '-' | '_'));
    kept.map(|char| if char == ' ' { '-' } else { char }).collect()
}

fn is_dead(page: &Path, link: &str) -> bool {
    let (file, heading) = link.split_once('#').unwrap_or((link, ""));
    let target = if file.is_empty() { page.to_owned() } else { page.parent().expect("a folder").join(file) };
    if heading.is_empty() {
        return !target.exists();
    }
    let text = fs::read_to_string(target).unwrap_or_default();
    !text.lines().filter(|line| line.starts_with('#')).any(|line| fragment(line) == heading)
}

#[test]
fn every_link_leads_to_a_page_and_a_heading() {
    let found = files::with_extension("md");
    assert!(found.len() > 20, "{found:?}");
    let mut dead = Vec::new();
    for page in found {
        let text = fs::read_to_string(&page).expect("a page can be read");
        let links = links(&text).into_iter().filter(|link| !link.contains("://") && !link.starts_with("mailto:"));
        dead.extend(links.filter(|link| is_dead(&page, link)).map(|link| format!("{}: {link}", page.display())));
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn links_and_fragments_are_read_as_code_hosts_do() {
    assert_eq!(links("[a](b.md#c) and [d](e)\n```\n[f](g)\n```\n"), ["b.md#c", "e"]);
    assert_eq!(fragment("## Under `wasmtime`: a (short) way"), "under-wasmtime-a-short-way");
    assert!(is_dead(&repository().join("README.md"), "no-such-page.md"));
}
