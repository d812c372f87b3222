//! What is told of each peer, if it is asked for.

use std::fmt;

use super::subject::Subject;
use super::writer::{Family, Writer};
use crate::cost::PeerCost;
use crate::outcome::Outcome;
use crate::stats::{Check, PeerStatus};

const UP: Family = Family::gauge("peerage_peer_up", "1 while the peer can be chosen, else 0.");
const PENDING: Family =
    Family::gauge("peerage_peer_pending_requests", "Requests in flight on the peer.");
const WEIGHT: Family =
    Family::gauge("peerage_peer_weight", "How much the peer can take beside others.");
const REQUESTS: Family =
    Family::counter("peerage_peer_requests", "Requests to the peer that have ended, by how.");
const CHANGES: Family =
    Family::counter("peerage_peer_status_changes", "Changes of the peer's connection status.");
const EJECTIONS: Family = Family::counter(
    "peerage_peer_ejections",
    "How often the peer was left alone as its requests failed.",
);
const CHECKS: Family = Family::counter(
    "peerage_peer_health_checks",
    "Checks of the peer by its transport, by result.",
);
const PRICE: Family = Family::gauge(
    "peerage_peer_price",
    "What one more request costs there; 1 on an idle peer that is like most.",
);
const FAILING: Family = Family::gauge(
    "peerage_peer_failure_ratio",
    "The share of its requests that have failed lately, from 0 to 1.",
);
const LATENCY: Family =
    Family::gauge("peerage_peer_latency_seconds", "Mean latency, as the policy has learnt it.");
const REPORTED: Family = Family::gauge(
    "peerage_peer_reported_requests",
    "Requests in flight that the peer has reported, on average.",
);

pub(super) fn write(writer: &mut Writer<'_>, subjects: &[Subject]) -> fmt::Result {
    let all = || subjects.iter().flat_map(|of| &of.peers);
    let mut each = |family: &Family, number: fn(&PeerStatus) -> u64| {
        all().try_for_each(|(labels, of)| writer.sample(family, labels, None, number(of)))
    };
    each(&UP, |peer| peer.is_available().into())?;
    each(&PENDING, |peer| peer.status.pending_request_count.into())?;
    each(&WEIGHT, |peer| peer.attributes.weight.max(1).into())?;
    each(&CHANGES, |peer| peer.status_changes)?;
    each(&EJECTIONS, |peer| peer.ejections)?;
    for (labels, peer) in all() {
        for (outcome, count) in peer.outcomes.iter() {
            // Most peers have never had most of them, and each would be a series.
            if count > 0 || matches!(outcome, Outcome::Success | Outcome::Failure) {
                writer.sample(&REQUESTS, labels, Some(("outcome", outcome.as_str())), count)?;
            }
        }
    }
    for (labels, peer) in all() {
        if let Some(Check { passed, failed, .. }) = peer.check {
            writer.sample(&CHECKS, labels, Some(("result", "passed")), passed)?;
            writer.sample(&CHECKS, labels, Some(("result", "failed")), failed)?;
        }
    }
    // In thousandths there, and in ones here, as Prometheus wants it.
    let mut cost = |family: &Family, number: fn(&PeerCost) -> Option<f64>| {
        all().try_for_each(|(labels, peer)| match peer.cost.as_ref().and_then(number) {
            Some(number) => writer.sample(family, labels, None, number),
            None => Ok(()),
        })
    };
    cost(&PRICE, |cost| Some(cost.price as f64 / 1_000.0))?;
    cost(&FAILING, |cost| Some(f64::from(cost.failures) / 1_000.0))?;
    cost(&LATENCY, |cost| cost.latency.map(|latency| latency.as_secs_f64()))?;
    cost(&REPORTED, |cost| cost.reported.map(f64::from))
}
