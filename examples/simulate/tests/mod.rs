//! What the simulator itself has to show: theory's figures, and that it does what worlds say.

mod behaviour;
mod calibration;
mod pictures;
mod rows;

use crate::simulator::clients::Rule;
use crate::simulator::engine;
use crate::simulator::measures::{Figure, Figures};
use crate::simulator::world::{World, read};

/// A world of these lines, in which nothing travels.
fn world(text: &str) -> World {
    let text = format!("title = \"a test\"\nnetwork = \"0us\"\n{text}");
    read("test", &text).unwrap_or_else(|error| panic!("{error}")).remove(0)
}

/// The figures of a rule, the mean of so many seeds.
fn figures(world: &World, rule: &str, seeds: u64) -> Figures {
    let rule = Rule::parse(rule).unwrap_or_else(|error| panic!("{error}"));
    let of = |seed| {
        let measures = engine::run(world, &rule, seed, false).unwrap();
        Figures::of(world, &measures)
    };
    Figures::mean(&(1..=seeds).map(of).collect::<Vec<_>>())
}

fn figure(world: &World, rule: &str, figure: Figure) -> f64 {
    figures(world, rule, 1).get(figure)
}
