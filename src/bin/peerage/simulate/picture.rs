//! A picture of a world: p99 over time, a line for each rule.

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::simulator::compare::Asked;
use crate::simulator::jobs;
use crate::simulator::lines::{Line, Lines};
use crate::simulator::measures::{Measures, SLICE};
use crate::simulator::time::SECOND;
use crate::simulator::world::World;

/// About how many points a line has.
const POINTS: usize = 60;

/// Draws a picture of each world into `folder`, and prints where.
pub(crate) fn draw(
    worlds: &[World],
    asked: &mut Asked,
    folder: &Path,
) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for world in worlds {
        let rules = asked.of(world)?;
        let ran = jobs::side_by_side(&rules, |rule| jobs::traced(world, rule));
        let mut lines = vec![];
        for (rule, measures) in rules.iter().zip(ran) {
            lines.push(Line { name: rule.text.clone(), points: points(&measures?) });
        }
        let file = folder.join(format!("{}.svg", world.name));
        let (title, x, y) = (&world.title, "seconds", "p99, ms");
        let drawn = Lines { title, x, y, steps: vec![], is_log: true, lines }.draw(&file);
        drawn.map_err(|error| format!("{}: {error}", file.display()))?;
        writeln!(io::stdout(), "{}", file.display())?;
    }
    Ok(())
}

fn points(measures: &Measures) -> Vec<(f64, f64)> {
    let slices = measures.trace.as_ref().map_or(&[][..], |trace| &trace.slices);
    let together = slices.len().div_ceil(POINTS).max(1);
    let points = slices.chunks(together).enumerate().filter_map(|(nth, slices)| {
        let mut all = slices[0].latency.clone();
        for slice in &slices[1..] {
            // The bounds are the same, so everything fits.
            let _ = all.add(&slice.latency);
        }
        let middle = (nth as f64 + 0.5) * (together as u64 * SLICE) as f64 / SECOND as f64;
        let p99 = all.value_at_quantile(0.99) as f64 / 1000.0;
        (!all.is_empty()).then_some((middle, p99))
    });
    points.collect()
}
