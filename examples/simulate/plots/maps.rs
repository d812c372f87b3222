//! Fields: servers by time, clients by servers, worlds by rules.

use plotters::prelude::*;

use super::grid::Grid;
use super::{Drawn, Scene, rules};
use crate::simulator::jobs;
use crate::simulator::measures::Figure;
use crate::simulator::report::fails;
use crate::simulator::rules::defaults;
use crate::simulator::world::World;

/// Worlds that others are compared with.
const UNSHOWN: [&str; 3] = ["all-fail", "one-slow-without", "partition"];

/// What every rule gives in every world, over the best of that world.
pub(super) fn worlds(scene: &Scene<'_>) -> Drawn {
    let defaults = defaults();
    let names: Vec<_> = defaults.iter().map(String::as_str).collect();
    let rules = rules(&names)?;
    // Where requests fail, a rule is fast that has them fail.
    let is_shown = |world: &World| !UNSHOWN.iter().any(|name| world.name.starts_with(name));
    let compares = |world: &&World| world.rules.is_empty() && !fails(world) && is_shown(world);
    let worlds: Vec<_> = scene.worlds.iter().filter(compares).collect();
    let jobs: Vec<_> = worlds.iter().map(|world| (*world, rules.clone())).collect();
    let ran = jobs::run_all(&jobs, 1)?;
    let rows = ran.iter().map(|ran| {
        let p99s: Vec<_> = ran.iter().map(|ran| ran.figures.get(Figure::P99)).collect();
        let best = p99s.iter().copied().fold(f64::INFINITY, f64::min);
        // A factor of ten is as bad as it gets.
        p99s.into_iter().map(|p99| (p99 / best).log10()).collect()
    });
    let rows: Vec<Vec<f64>> = rows.collect();
    let height = 250 + 22 * rows.len() as u32;
    let area = SVGBackend::new(scene.file, (1180, height)).into_drawing_area();
    let grid = Grid {
        title: "p99 of each rule over the best rule's, world by world",
        rows,
        left: worlds.iter().map(|world| world.name.clone()).collect(),
        above: rules.iter().map(|rule| rule.text.clone()).collect(),
        text: Some(|log| match 10_f64.powf(log) {
            x if x.is_nan() => "-".into(),
            x if x >= 99.5 => ">100".into(),
            x if x >= 9.95 => format!("{x:.0}"),
            x => format!("{x:.1}"),
        }),
        most: 1.0,
    };
    grid.draw(&area)?;
    area.present()?;
    Ok(())
}

/// Fields of a row over time.
const COLUMNS: usize = 150;

/// Requests at each server over time, while antagonists come and go; a picture for each rule.
pub(super) fn antagonists(scene: &Scene<'_>) -> Drawn {
    let world = scene.world("antagonists[clients=10]")?;
    let rules = rules(&["two-random-choices", "least-latency"])?;
    let area = SVGBackend::new(scene.file, (900, 240 * rules.len() as u32)).into_drawing_area();
    for (area, rule) in area.split_evenly((rules.len(), 1)).iter().zip(&rules) {
        let measures = jobs::traced(world, rule)?;
        let trace = measures.trace.ok_or("the run kept no trace")?;
        let every = trace.slices.len().div_ceil(COLUMNS).max(1);
        let at = |server: usize| {
            let slices = trace.slices.iter().step_by(every);
            let in_flight = slices.filter_map(|slice| slice.in_flight.get(server));
            in_flight.map(|n| f64::from(*n)).collect()
        };
        let grid = Grid {
            title: &format!(
                "{}: requests at ten servers over {} s",
                rule.text,
                trace.slices.len() / 4
            ),
            rows: (0..world.servers).map(at).collect(),
            left: vec![],
            above: vec![],
            text: None,
            most: 40.0,
        };
        grid.draw(area)?;
    }
    area.present()?;
    Ok(())
}

/// Who sends to whom: with a memory clients spread over the servers by themselves.
pub(super) fn partition(scene: &Scene<'_>) -> Drawn {
    let world = scene.world("partition")?;
    let rules = rules(&["two-random-choices", "least-latency"])?;
    let area = SVGBackend::new(scene.file, (480 * rules.len() as u32, 520)).into_drawing_area();
    for (area, rule) in area.split_evenly((1, rules.len())).iter().zip(&rules) {
        let measures = jobs::traced(world, rule)?;
        let matrix = measures.trace.ok_or("the run kept no trace")?.matrix;
        let mean = measures.attempts as f64 / (world.clients * world.servers) as f64;
        let row = |counts: &Vec<u64>| counts.iter().map(|n| *n as f64 / mean).collect();
        let grid = Grid {
            title: &format!("{}: clients (down) × servers", rule.text),
            rows: matrix.iter().map(row).collect(),
            left: vec![],
            above: vec![],
            text: None,
            most: 5.0,
        };
        grid.draw(area)?;
    }
    area.present()?;
    Ok(())
}
