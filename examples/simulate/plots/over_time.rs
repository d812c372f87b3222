//! What happens when.

use super::{Drawn, Scene, rules};
use crate::simulator::jobs;
use crate::simulator::lines::{Line, Lines};
use crate::simulator::measures::{Measures, SLICE};
use crate::simulator::time::SECOND;

/// A line for each rule, of the slices of one run.
fn lines(
    scene: &Scene<'_>,
    world: &str,
    names: &[&str],
    points: fn(&Measures) -> Vec<(f64, f64)>,
) -> Result<Vec<Line>, String> {
    let (world, rules) = (scene.world(world)?, rules(names)?);
    let ran = jobs::side_by_side(&rules, |rule| jobs::traced(world, rule));
    let each = rules.iter().zip(ran);
    let line = |(rule, measures): (&crate::simulator::clients::Rule, Result<Measures, String>)| {
        Ok(Line { name: rule.text.clone(), points: points(&measures?) })
    };
    each.map(line).collect()
}

/// The middle of the slices from `at` on, so many together, in seconds.
fn seconds(at: usize, together: usize) -> f64 {
    (at as f64 + together as f64 / 2.0) * SLICE as f64 / SECOND as f64
}

/// Slices that are one point of a line.
const TOGETHER: usize = 4;

/// The share of a server that fails, and is well again after 20 s.
pub(super) fn failing(scene: &Scene<'_>) -> Drawn {
    let rules =
        ["two-random-choices", "exact-least", "envoy-ejection", "least-loaded", "least-latency"];
    let lines = lines(scene, "recovers[clients=10]", &rules, |measures| {
        let points = measures.sent.chunks_exact(TOGETHER).enumerate().map(|(nth, slices)| {
            let all: u64 = slices.iter().map(|(all, _)| all).sum();
            let bad: u64 = slices.iter().map(|(_, bad)| bad).sum();
            (seconds(nth * TOGETHER, TOGETHER), 100.0 * bad as f64 / all.max(1) as f64)
        });
        points.collect()
    })?;
    let title = "Share of one of ten servers, which fails every request for 20 s";
    let (x, y, steps) = ("seconds", "% of the attempts", vec![]);
    Lines { title, x, y, steps, is_log: false, lines }.draw(scene.file)
}

/// Ten servers restart one after the other.
pub(super) fn restart(scene: &Scene<'_>) -> Drawn {
    let rules = ["round-robin", "round-robin:bound=1.25", "two-random-choices", "least-loaded"];
    let lines = lines(scene, "rolling-restart[clients=10]", &rules, |measures| {
        let slices = measures.trace.as_ref().map_or(&[][..], |trace| &trace.slices);
        let together = 2 * TOGETHER;
        let points = slices.chunks_exact(together).enumerate().filter_map(|(nth, slices)| {
            let mut all = slices[0].latency.clone();
            for slice in &slices[1..] {
                // The bounds are the same, so everything fits.
                let _ = all.add(&slice.latency);
            }
            let p999 = all.value_at_quantile(0.999) as f64 / 1000.0;
            (!all.is_empty()).then(|| (seconds(nth * together, together), p999))
        });
        points.collect()
    })?;
    let title = "p99.9 while ten servers restart, one after the other, cold after it";
    let (x, y, steps) = ("seconds", "p99.9, ms", vec![]);
    Lines { title, x, y, steps, is_log: true, lines }.draw(scene.file)
}
