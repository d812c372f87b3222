//! Against queues whose figures are known.
//!
//! Services of 10 ms on average, no network. Tolerances are three times what seeds differ by.

use super::{figures, world};
use crate::simulator::clients::Rule;
use crate::simulator::measures::Figure::{Mean, P99};

/// A run in debug is many times slower, so it is shorter.
const CALLS: usize = if cfg!(debug_assertions) { 40_000 } else { 500_000 };
const TOLERANCE: f64 = if cfg!(debug_assertions) { 0.09 } else { 0.04 };

#[track_caller]
fn close(what: &str, measured: f64, theory: f64) {
    let relative = measured / theory;
    assert!((relative - 1.0).abs() < TOLERANCE, "{what}: {measured:.2} for {theory:.2}");
}

fn queues(load: f64, servers: usize, more: &str) -> crate::simulator::world::World {
    let sizes = format!("calls = {CALLS}\nwarm = 0.2\nclients = 1\nservers = {servers}\n");
    world(&format!("{sizes}load = {load}\n{more}"))
}

#[test]
fn random_choices_are_independent_queues() {
    // M/M/1: exponential of mean s / (1 - load).
    for load in [0.5, 0.7] {
        let mean = 10.0 / (1.0 - load);
        let figures = figures(&queues(load, 100, ""), "random", 2);
        close("mean of M/M/1", figures.get(Mean), mean);
        if !cfg!(debug_assertions) {
            close("p99 of M/M/1", figures.get(P99), mean * 100_f64.ln());
        }
    }
}

#[test]
fn two_random_choices_are_jsq_2() {
    // Mitzenmacher's and Vvedenskaya's limit: s · Σ load^(2^i - 2). A hundred servers are 1 % above.
    for load in [0.7_f64, 0.85] {
        let terms = (1..20).map(|i| load.powf(2_f64.powi(i) - 2.0));
        let mean = 10.0 * terms.sum::<f64>();
        for rule in ["two-random-choices", "envoy-ejection"] {
            let measured = figures(&queues(load, 100, ""), rule, 2).get(Mean);
            close(&format!("mean of JSQ(2) by {rule}"), measured, mean);
        }
    }
}

/// Mean of M/M/n, by Erlang's C.
fn erlang(n: u32, load: f64) -> f64 {
    let offered = load * f64::from(n);
    let mut term = 1.0;
    let mut below = 0.0;
    for k in 0..n {
        below += term;
        term *= offered / f64::from(k + 1);
    }
    let waits = term / (1.0 - load);
    waits / (below + waits) * 10.0 / (f64::from(n) * (1.0 - load)) + 10.0
}

#[test]
fn as_many_places_as_workers_are_one_queue() {
    assert!((erlang(10, 0.85) - 13.53).abs() < 0.01);
    for load in [0.7, 0.85] {
        for rule in ["exact-least:max-pending=1", "least-loaded max-pending=1,queue=fifo"] {
            // A policy that is not there yet is not calibrated.
            if Rule::parse(rule).is_ok() {
                let measured = figures(&queues(load, 10, ""), rule, 2).get(Mean);
                close(&format!("mean of M/M/10 by {rule}"), measured, erlang(10, load));
            }
        }
    }
}

#[test]
fn sharing_does_not_care_for_the_shape() {
    // M/G/1 with processor sharing: s / (1 - load), whatever the service times.
    for shape in ["exponential", "bimodal", "deterministic"] {
        let more = format!("discipline = \"sharing\"\nservice = {{ shape = \"{shape}\" }}\n");
        let measured = figures(&queues(0.6, 100, &more), "random", 2).get(Mean);
        close(&format!("mean of sharing, {shape}"), measured, 25.0);
    }
}
