//! The pages, their examples, and the rules of the structure.

mod composition;
mod examples;
mod node;
mod pages;
mod publishing;
mod readme;
mod rules;
