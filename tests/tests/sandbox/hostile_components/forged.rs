//! Components assembled here, because no honest toolchain generates imports of these types.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// An empty component.
pub const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";

/// A component whose export `run` calls a function without parameters that it imports from `interface` of `package`.
pub fn calling(package: &str, interface: &str, function: &str, returns: bool) -> Vec<u8> {
    let (name, version) = package.split_once('@').expect("a package and its version");
    let result = if returns { " -> u32" } else { "" };
    let text = format!(
        "package {package};
        interface {interface} {{ {function}: func(){result}; }}
        world forged {{ import {interface}; export run: func(); }}"
    );
    let mut resolve = Resolve::default();
    let package = resolve.push_source("forged.wit", &text).unwrap();
    let world = resolve.select_world(&[package], Some("forged")).unwrap();
    let mut module = module(&format!("{name}/{interface}@{version}"), function, returns);
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().module(&module).unwrap().encode().unwrap()
}

/// The core module of that component, section by section.
fn module(interface: &str, function: &str, returns: bool) -> Vec<u8> {
    let named = |name: &str| [&[u8::try_from(name.len()).unwrap()], name.as_bytes()].concat();
    let nothing = [0x60, 0, 0];
    let number = [0x60, 0, 1, 0x7f];
    let imported: &[u8] = if returns { &number } else { &nothing };
    // Calls the import and drops its result.
    let code: &[u8] = if returns { &[0, 0x10, 0, 0x1a, 0x0b] } else { &[0, 0x10, 0, 0x0b] };
    let sections = [
        (1, [&[2], imported, &nothing].concat()),
        (2, [&[1], named(interface).as_slice(), &named(function), &[0, 0]].concat()),
        (3, vec![1, 1]),
        (7, [&[1], named("run").as_slice(), &[0, 1]].concat()),
        (10, [&[1, u8::try_from(code.len()).unwrap()], code].concat()),
    ];
    let mut bytes = b"\0asm\x01\0\0\0".to_vec();
    for (id, content) in sections {
        bytes.extend([id, u8::try_from(content.len()).unwrap()]);
        bytes.extend(content);
    }
    bytes
}
