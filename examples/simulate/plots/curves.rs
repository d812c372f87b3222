//! A figure against a number that grows from world to world.

use super::{Drawn, Scene, rules};
use crate::simulator::jobs;
use crate::simulator::lines::{Line, Lines};
use crate::simulator::measures::Figure;

/// A line for each rule: a figure in each of the worlds.
fn lines(
    scene: &Scene<'_>,
    worlds: &[String],
    names: &[&str],
    figure: Figure,
) -> Result<Vec<Line>, String> {
    let rules = rules(names)?;
    let worlds: Result<Vec<_>, _> = worlds.iter().map(|name| scene.world(name)).collect();
    let jobs: Vec<_> = worlds?.into_iter().map(|world| (world, rules.clone())).collect();
    let ran = jobs::run_all(&jobs, 1)?;
    let line = |(at, rule): (usize, &crate::simulator::clients::Rule)| {
        let figures = ran.iter().map(|ran| ran[at].figures.get(figure));
        let points = figures.enumerate().map(|(x, y)| (x as f64, y)).collect();
        Line { name: rule.text.clone(), points }
    };
    Ok(rules.iter().enumerate().map(line).collect())
}

fn named(values: &[&str], name: impl Fn(&str) -> String) -> (Vec<String>, Vec<String>) {
    let steps = values.iter().map(|value| (*value).to_owned()).collect();
    (steps, values.iter().map(|value| name(value)).collect())
}

/// Counts say less the more clients there are; what was good lately says as much.
pub(super) fn clients(scene: &Scene<'_>) -> Drawn {
    let (steps, worlds) = named(&["1", "10", "100"], |n| format!("equal[clients={n}]"));
    let rules = [
        "round-robin",
        "two-random-choices",
        "exact-least",
        "finagle",
        "prequal",
        "least-loaded",
        "least-latency",
    ];
    let lines = lines(scene, &worlds, &rules, Figure::P99)?;
    let title = "p99 of ten equal servers at load .85, by the number of clients";
    Lines { title, x: "clients", y: "p99, ms", steps, is_log: false, lines }.draw(scene.file)
}

/// Failures that are nobody's fault.
pub(super) fn random_failures(scene: &Scene<'_>) -> Drawn {
    let shares = ["0", "0.0002", "0.001", "0.01", "0.05"];
    let world = |share: &str| format!("all-fail[clients=1 fail-everywhere={share}]");
    let (steps, worlds) = named(&shares, world);
    let rules = ["two-random-choices", "linkerd", "brpc", "least-loaded", "least-latency"];
    let lines = lines(scene, &worlds, &rules, Figure::P99)?;
    let title = "p99 when a share of all requests fails, wherever it is sent";
    let x = "share that fails";
    Lines { title, x, y: "p99, ms", steps, is_log: false, lines }.draw(scene.file)
}

/// Who waits longest is served when it is too late.
pub(super) fn overload(scene: &Scene<'_>) -> Drawn {
    let loads = ["0.5", "0.9", "1.1", "1.3", "1.6", "2"];
    let (steps, worlds) = named(&loads, |load| format!("overload[load={load}]"));
    let rules = [
        "two-random-choices",
        "exact-least:max-pending=6",
        "least-loaded max-pending=6,queue=fifo",
        "least-loaded max-pending=6",
    ];
    let lines = lines(scene, &worlds, &rules, Figure::Goodput)?;
    let title = "Answered within 200 ms, by how much is asked of the servers";
    Lines { title, x: "load", y: "%", steps, is_log: false, lines }.draw(scene.file)
}
