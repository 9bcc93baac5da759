//! Downloads over a real network to a real disk, in every way of running haul.

mod answers;
mod contention;
mod differential;
mod digests;
mod disk_calls;
mod disks;
mod documents;
mod errors;
mod evidence;
mod kill;
mod lapses;
mod limits;
mod messages;
mod names;
mod options;
mod proxies;
mod sharing;
mod sources;
mod standard_output;
mod streams;
mod targets;
mod tls;
mod transfer;
mod urls;
mod versions;
