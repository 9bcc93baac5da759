//! The pages, their examples, and the rules of the structure.

mod cli;
mod composition;
mod examples;
mod guide;
mod node;
mod pages;
mod publishing;
mod readme;
mod rules;
