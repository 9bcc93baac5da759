//! Fleets: one queue on PostgreSQL for several workers.

mod budgets;
mod commands;
mod failures;
mod fleet;
mod plans;
mod rollout;
mod security;
mod torment;
