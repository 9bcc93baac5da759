//! `wac plug SOCKET --plug PLUG -o OUTPUT` on top of wac's own library, which implements most of that command.

use std::{env, fs};

use anyhow::{Result, bail};
use wac_graph::types::Package;
use wac_graph::{CompositionGraph, EncodeOptions, PackageId, plug};

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let ["plug", socket, "--plug", plugged, "-o", output] = arguments[..] else {
        bail!("usage: wac plug SOCKET --plug PLUG -o OUTPUT")
    };
    let mut graph = CompositionGraph::new();
    let socket = register(&mut graph, "socket", socket)?;
    let plugged = register(&mut graph, "plug", plugged)?;
    plug(&mut graph, vec![plugged], socket)?;
    fs::write(output, graph.encode(EncodeOptions::default())?)?;
    Ok(())
}

fn register(graph: &mut CompositionGraph, name: &str, path: &str) -> Result<PackageId> {
    let package = Package::from_file(name, None, path, graph.types_mut())?;
    Ok(graph.register_package(package)?)
}
