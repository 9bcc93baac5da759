//! Downloads over a real network to a real disk, in every way of running haul.

mod answers;
mod contention;
mod digests;
mod disk_calls;
mod disks;
mod errors;
mod evidence;
mod kill;
mod limits;
mod messages;
mod names;
mod options;
mod proxies;
mod sharing;
mod sources;
mod standard_output;
mod streams;
mod tls;
mod transfer;
mod versions;
