//! One figure, as the other languages' programs print theirs.

use std::fmt;

use crate::side::Name;

/// A line is its fields, separated by tabs:
/// `work language side policy peers threads counts figure value`.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) work: &'static str,
    pub(crate) name: Name,
    pub(crate) peers: usize,
    pub(crate) threads: usize,
    pub(crate) figure: &'static str,
    pub(crate) value: f64,
}

impl Line {
    /// Prints it, unless nothing was measured: then standard error says so.
    pub(crate) fn print(&self) {
        if self.value.is_finite() {
            println!("{self}");
        } else {
            eprintln!("not measured, the machine is busy: {self}");
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { work, name, peers, threads, figure, value } = self;
        let Name { side, policy, counts } = name;
        let counts = if *counts { "yes" } else { "no" };
        write!(
            f,
            "{work}\trust\t{side}\t{policy}\t{peers}\t{threads}\t{counts}\t{figure}\t{value:.3}"
        )
    }
}
