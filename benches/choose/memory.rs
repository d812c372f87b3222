//! What a peer takes, besides its identifier and the transport's own peer.

use allocation_counter::measure;
use peerage::policy::Policy;

use crate::peers::{
    BenchTransport, empty, fewest_pending, fill, random, ring, round_robin, two_random,
};
use crate::table::Report;
use crate::timing::Effort;

const REPLICAS: u32 = 100;

pub(crate) fn rows(report: &mut Report, effort: Effort) {
    let peers = effort.many;
    let mut row = |name: &str, bytes: f64| {
        let what = format!("{name}: bytes per peer, {peers} peers");
        report.row(&what, "after one update", bytes, "", 160.0);
    };
    let plain = per_peer(random(), peers);
    row("random", plain);
    row("two-random-choices", per_peer(two_random(), peers));
    row("round-robin", per_peer(round_robin(), peers));
    row("fewest-pending-requests", per_peer(fewest_pending(), peers));

    let ring = per_peer(ring(REPLICAS), peers);
    let per_point = (ring - plain) / f64::from(REPLICAS);
    let what = format!("hashring32: bytes per point on top, {peers} peers");
    report.row(&what, &format!("{REPLICAS} points a peer"), per_point, "", 12.0);
}

/// The memory that stays, without the identifiers, whose names the list shares: those are made before,
/// as the peers are and the transport's table of subscribers.
fn per_peer<P: Policy>(policy: P, peers: usize) -> f64 {
    let transport = BenchTransport::new(peers);
    let list = empty(policy, &transport);
    measure(|| fill(&list, &transport)).bytes_current as f64 / peers as f64
}
