//! The numbers of a chooser as observable instruments of OpenTelemetry.
//!
//! ```text
//! cargo run --example opentelemetry
//! ```
//!
//! A library, or a program's own code, needs the crate `opentelemetry` alone: the callbacks ask
//! `Chooser::stats` when a reader collects, and nothing is counted anywhere else. Which reader and which
//! exporter there is, is the program's to say: here one that prints. `UpDownCounter` and `Counter` are
//! sums of what there is, so instruments of several processes add up.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider};
use peerage::policy::RoundRobin;
use peerage::transports::Always;
use peerage::{
    Chooser, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList, Request, Stats,
};

/// Instruments of a chooser; they are there as long as `meter`'s provider is.
fn observe(meter: &Meter, chooser: &Arc<dyn Chooser>) {
    let name = KeyValue::new("chooser", chooser.name());
    let counts = |of: fn(&Stats) -> Vec<(KeyValue, u64)>| {
        // The instruments must not keep a chooser alive that the program has done with.
        let (chooser, name) = (Arc::downgrade(chooser), name.clone());
        move || {
            let stats = chooser.upgrade().map(|chooser| chooser.stats());
            let counts = stats.iter().flat_map(of);
            counts.map(|(also, count)| ([name.clone(), also], count)).collect::<Vec<_>>()
        }
    };

    let requests = counts(|stats| {
        let all = stats.outcomes.iter();
        all.map(|(outcome, count)| (KeyValue::new("outcome", outcome.as_str()), count)).collect()
    });
    meter
        .u64_observable_counter("peerage.requests")
        .with_unit("{request}")
        .with_description("Requests that have ended, by how they ended.")
        .with_callback(move |counter| {
            for (labels, count) in requests() {
                counter.observe(count, &labels);
            }
        })
        .build();

    let failures = counts(|stats| {
        let all = stats.failures.iter();
        all.map(|(reason, count)| (KeyValue::new("reason", reason), count)).collect()
    });
    meter
        .u64_observable_counter("peerage.choose.failures")
        .with_unit("{choice}")
        .with_description("Choices that found no peer, by reason.")
        .with_callback(move |counter| {
            for (labels, count) in failures() {
                counter.observe(count, &labels);
            }
        })
        .build();

    let peers = counts(|stats| {
        let good = stats.available as u64;
        let status = |status| KeyValue::new("status", status);
        vec![(status("available"), good), (status("other"), stats.peers as u64 - good)]
    });
    meter
        .i64_observable_up_down_counter("peerage.peers")
        .with_unit("{peer}")
        .with_description("Peers, by whether they can be chosen.")
        .with_callback(move |counter| {
            for (labels, count) in peers() {
                counter.observe(count as i64, &labels);
            }
        })
        .build();
}

fn main() -> Result<(), Box<dyn Error>> {
    let exporter = opentelemetry_stdout::MetricExporter::default();
    let reader = PeriodicReader::builder(exporter).with_interval(Duration::from_secs(60)).build();
    let provider = SdkMeterProvider::builder().with_reader(reader).build();

    let options = ListOptions::new().with_name("users");
    let list = Arc::new(PeerList::new(RoundRobin::new(), Always::new(), options));
    observe(&provider.meter("peerage"), &(Arc::clone(&list) as Arc<dyn Chooser>));

    list.start()?;
    let error = list.try_choose(&Request::new()).expect_err("there is no peer yet");
    println!("{error}");
    list.update(ListUpdates::adding(["10.0.0.1:80", "10.0.0.2:80"]))?;
    for nth in 0..10 {
        let outcome = if nth % 5 == 0 { Outcome::Failure } else { Outcome::Success };
        list.try_choose(&Request::new())?.finish(outcome);
    }
    // Collects, prints, and ends the reader's thread.
    provider.shutdown()?;
    Ok(())
}
