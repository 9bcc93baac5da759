//! All rows.

use std::time::Duration;

use crate::contender::Contender;
use crate::group::Group;
use crate::place::Place;
use crate::row::Row;
use crate::target;
use crate::workload::{Files, Server, Transfers};

const MIB: u64 = 1 << 20;

/// The sizes of large files, with their words for names and titles.
const SIZES: [(&str, &str, u64); 2] = [("256m", "256 MiB", 256 * MIB), ("2g", "2 GiB", 2048 * MIB)];

const PLACES: [Place; 2] = [Place::Disk, Place::Memory];

pub fn all() -> Vec<Row> {
    [large(), durable(), verified(), secure(), small(), capped(), delayed(), chunked()].into_iter().flatten().collect()
}

fn row(group: Group, name: String, title: String, files: Files, place: Place) -> Row {
    Row {
        name,
        title,
        group,
        files,
        place,
        server: Server::default(),
        transfers: Transfers::one(1),
        durable: false,
        verified: false,
        contenders: Contender::USUAL.to_vec(),
        targets: target::of(group),
    }
}

fn one(length: u64) -> Files {
    Files { count: 1, length }
}

fn large() -> Vec<Row> {
    let mut rows = Vec::new();
    for (size, size_title, length) in SIZES {
        for connections in [1, 8] {
            for place in PLACES {
                let name = format!("large-{size}-c{connections}-{}", place.name());
                let title = format!("{size_title}, {}, {}", plural(connections), place.name());
                let transfers = Transfers::one(connections);
                rows.push(Row { transfers, ..row(Group::Large, name, title, one(length), place) });
            }
        }
    }
    rows[0].contenders.insert(2, Contender::Compiling);
    rows
}

fn plural(connections: u32) -> String {
    match connections {
        1 => "1 connection".to_owned(),
        more => format!("{more} connections"),
    }
}

fn durable() -> Vec<Row> {
    let row = |(size, title, length): (&str, &str, u64)| Row {
        durable: true,
        ..row(Group::Durable, format!("durable-{size}"), format!("{title}, disk"), one(length), Place::Disk)
    };
    SIZES.map(row).into()
}

fn verified() -> Vec<Row> {
    let row = |(size, title, length): (&str, &str, u64)| {
        let (name, title) = (format!("sha256-{size}"), format!("{title}, tmpfs"));
        let mut row = Row { verified: true, ..row(Group::Verified, name, title, one(length), Place::Memory) };
        row.contenders.insert(1, Contender::Unverified);
        row
    };
    SIZES.map(row).into()
}

fn secure() -> Vec<Row> {
    let row = |connections| {
        let (name, title) = (format!("tls-256m-c{connections}"), format!("256 MiB, {}, disk", plural(connections)));
        Row {
            server: Server { secure: true, ..Server::default() },
            transfers: Transfers::one(connections),
            ..row(Group::Secure, name, title, one(256 * MIB), Place::Disk)
        }
    };
    [1, 8].map(row).into()
}

fn small() -> Vec<Row> {
    let mut rows = Vec::new();
    for (size, title, count, length) in
        [("1000x64k", "1,000 x 64 KiB", 1000, 64 << 10), ("2000x4k", "2,000 x 4 KiB", 2000, 4 << 10)]
    {
        for place in PLACES {
            let (name, title) = (format!("small-{size}-{}", place.name()), format!("{title}, {}", place.name()));
            rows.push(Row {
                transfers: Transfers { files: 8, connections: None, connections_of_peers: 1 },
                ..row(Group::Small, name, title, Files { count, length }, place)
            });
        }
    }
    rows
}

fn capped() -> Vec<Row> {
    let (name, title) = ("capped-100m".into(), "100 MiB, 10 MiB/s for each connection, tmpfs".into());
    vec![Row {
        server: Server { rate: Some("10m"), ..Server::default() },
        transfers: Transfers { files: 1, connections: None, connections_of_peers: 16 },
        ..row(Group::Capped, name, title, one(100 * MIB), Place::Memory)
    }]
}

fn delayed() -> Vec<Row> {
    let mut rows = Vec::new();
    for milliseconds in [20, 100] {
        for (secure, over) in [(false, "plain"), (true, "tls")] {
            let name = format!("delay-{milliseconds}ms-{over}");
            let title = format!("20 x 50 MiB, {milliseconds} ms, {}, tmpfs", if secure { "TLS" } else { "plain" });
            let round_trip = Some(Duration::from_millis(milliseconds));
            rows.push(Row {
                server: Server { secure, round_trip, ..Server::default() },
                transfers: Transfers { files: 8, ..Transfers::one(1) },
                ..row(Group::Delayed, name, title, Files { count: 20, length: 50 * MIB }, Place::Memory)
            });
        }
    }
    rows
}

fn chunked() -> Vec<Row> {
    let row = |(chunk, title): (usize, &str)| {
        let (name, title) = (format!("chunks-4m-{chunk}b"), format!("4 MiB in {title}, tmpfs"));
        Row {
            server: Server { chunk: Some(chunk), ..Server::default() },
            contenders: vec![Contender::Haul, Contender::Stock, Contender::Curl, Contender::Aria2c, Contender::Wget2],
            ..row(Group::Chunked, name, title, one(4 * MIB), Place::Memory)
        }
    };
    [(1, "chunks of 1 byte"), (40, "lines of 40 bytes")].map(row).into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::all;

    #[test]
    fn each_row_has_a_name_of_its_own() {
        let names: BTreeSet<_> = all().into_iter().map(|row| row.name).collect();
        assert_eq!(names.len(), all().len());
    }
}
