//! Hostile components, in place of haul's own and as its clients: whatever they do, the host, its other engines and its files
//! stay intact, and everything ends in bounded time.

mod authorities;
mod clients;
mod files;
mod forged;
mod limits;
mod nonsense;
mod time;
mod world;
