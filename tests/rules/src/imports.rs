//! The imports of a crate, folded to its top-level modules.

use std::collections::BTreeMap;

use crate::graph::{Arrow, Graph};
use crate::modules::Module;
use crate::tokens::{Token, shipped, starts_with};

/// Which top-level module imports which, by a `use` or by a path in the code. An item that the root exports counts as the module that
/// it comes from.
pub fn folded(modules: &[Module]) -> Graph {
    let exported = exported_by_root(modules);
    let mut graph = Graph::default();
    for module in modules {
        let Some(from) = module.path.first() else { continue };
        for (path, line) in paths(&module.source, &module.path) {
            let Some(first) = path.first() else { continue };
            let is_module = modules.iter().any(|known| known.path == [first.clone()]);
            if let Some(to) = is_module.then_some(first).or_else(|| exported.get(first)).filter(|to| *to != from) {
                graph.add(from, to, Arrow { file: module.file.clone(), line });
            }
        }
    }
    graph
}

/// Names that the root exports from a module, each with that module.
fn exported_by_root(modules: &[Module]) -> BTreeMap<String, String> {
    let Some(root) = modules.iter().find(|module| module.path.is_empty()) else { return BTreeMap::new() };
    let tokens = shipped(&root.source);
    let uses = (0..tokens.len()).filter(|at| tokens[*at].text == "use");
    let trees = uses.flat_map(|at| tree(&tokens[at + 1..], &[]).0);
    let names = trees.filter_map(|(path, _)| {
        let path: Vec<_> = path.into_iter().filter(|name| name != "self" && name != "crate").collect();
        Some((path.last()?.clone(), path.first()?.clone()))
    });
    names.filter(|(name, module)| name != module).collect()
}

/// The paths in `source` that begin with `crate` or `super`, from the root on, each with its line. `module` has the source.
fn paths(source: &str, module: &[String]) -> Vec<(Vec<String>, usize)> {
    let tokens = shipped(source);
    let mut found = Vec::new();
    // Modules in braces, each with the depth of its body.
    let mut inline: Vec<(String, usize)> = Vec::new();
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "mod" if tokens.get(at + 2).is_some_and(|brace| brace.text == "{") => {
                inline.push((tokens[at + 1].text.to_owned(), depth + 1));
            }
            "{" => depth += 1,
            "}" => {
                inline.pop_if(|(_, body)| *body == depth);
                depth -= 1;
            }
            "crate" | "super"
                if starts_with(&tokens[at + 1..], &["::"]) && (at == 0 || tokens[at - 1].text != "::") =>
            {
                let here = module.iter().chain(inline.iter().map(|(name, _)| name));
                let here: Vec<_> = here.cloned().collect();
                let relative = tree(&tokens[at..], &[]).0;
                found.extend(relative.into_iter().map(|(path, line)| (from_root(&here, path), line)));
            }
            _ => {}
        }
    }
    found
}

/// `path` as seen in the module `here`, from the root on.
fn from_root(here: &[String], path: Vec<String>) -> Vec<String> {
    let mut from_root = here.to_vec();
    for name in path {
        match name.as_str() {
            "crate" => from_root.clear(),
            "super" => drop(from_root.pop()),
            "self" => {}
            _ => from_root.push(name),
        }
    }
    from_root
}

/// The paths of the tree at the start of `tokens`, each behind `before` and with its line, and how many tokens the tree has. An alias
/// stands at the end of its path.
fn tree(tokens: &[Token<'_>], before: &[String]) -> (Vec<(Vec<String>, usize)>, usize) {
    let mut path = before.to_vec();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if token.text == "{" {
            let (paths, length) = group(&tokens[at + 1..], &path);
            return (paths, at + 1 + length);
        }
        path.push(token.text.to_owned());
        if starts_with(&tokens[at + 1..], &["::"]) {
            at += 2;
        } else if starts_with(&tokens[at + 1..], &["as"]) {
            path.extend(tokens.get(at + 2).map(|alias| alias.text.to_owned()));
            return (vec![(path, token.line)], at + 3);
        } else {
            return (vec![(path, token.line)], at + 1);
        }
    }
    (Vec::new(), at)
}

/// The paths of the trees between braces, and how many tokens they and the closing brace have.
fn group(tokens: &[Token<'_>], before: &[String]) -> (Vec<(Vec<String>, usize)>, usize) {
    let mut paths = Vec::new();
    let mut at = 0;
    while at < tokens.len() && tokens[at].text != "}" {
        let (more, length) = tree(&tokens[at..], before);
        paths.extend(more);
        at += length.max(1);
        at += usize::from(tokens.get(at).is_some_and(|token| token.text == ","));
    }
    (paths, at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn module(path: &[&str], source: &str) -> Module {
        let path = path.iter().map(|name| (*name).to_owned()).collect();
        Module { path, file: PathBuf::new(), source: source.into() }
    }

    fn check(path: &[&str], source: &str, expected: &str) {
        let path: Vec<_> = path.iter().map(|name| (*name).to_owned()).collect();
        let found: Vec<_> = paths(source, &path).into_iter().map(|(path, _)| path.join("::")).collect();
        assert_eq!(found.join(" "), expected, "{source}");
    }

    #[test]
    fn paths_are_read_from_the_root_on() {
        check(
            &["a", "b"],
            "use crate::{c, d::{self, E as F}}; super::g(); super::super::h::i()",
            "c d d::E::F a::g h::i",
        );
        check(&["a"], "pub(crate) use super::b::*; pub(super) fn c() { crate::d }", "b::* d");
        check(&["a"], "mod b { use super::c; mod d { use super::super::e; } } use super::f;", "a::c a::e f");
    }

    #[test]
    fn exported_items_count_as_their_module() {
        let modules = [
            module(&[], "mod a; mod b; pub use self::b::{C, d::E as F};"),
            module(&["a"], "use crate::{C, F};"),
            module(&["b"], ""),
        ];
        assert_eq!(folded(&modules).to_string(), "a -> b");
    }
}
