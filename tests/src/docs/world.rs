//! The section of a world.

use wit_parser::{WorldItem, WorldKey};

use super::markdown::paragraphs;
use super::wit::Wit;

/// Documentation, then the imports and exports.
pub fn section(wit: &Wit, name: &str) -> String {
    let world = wit.world(name);
    let mut text = format!("### {name}\n\n{}", paragraphs(world.docs.contents.as_deref()));
    for (what, items) in [("Imports", &world.imports), ("Exports", &world.exports)] {
        let named: Vec<_> = items.iter().map(|item| format!("- {}\n", item_name(wit, item))).collect();
        if !named.is_empty() {
            text.push_str(&format!("{what}:\n\n{}\n", named.concat()));
        }
    }
    text
}

/// The name of an item; an interface of this package links to its section.
fn item_name(wit: &Wit, (key, _): (&WorldKey, &WorldItem)) -> String {
    let name = wit.resolve.name_world_key(key);
    let ours = name.strip_prefix("haul:delivery-optimization/").and_then(|name| name.split('@').next());
    ours.map_or(format!("`{name}`"), |ours| format!("[`{ours}`](#{ours})"))
}
