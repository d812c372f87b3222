//! What a choice costs.

fn main() {}
