//! Components that are hostile, in the place of haul's own and as its clients: whatever they do, the host, its other engines and its
//! files stay as they should be, and everything ends in bounded time.

mod authorities;
mod clients;
mod files;
mod forged;
mod limits;
mod nonsense;
mod time;
mod world;
