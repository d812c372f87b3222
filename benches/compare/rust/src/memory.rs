//! Bytes per peer, besides its name.

use crate::counting;
use crate::group::{self, Maker};
use crate::line::Line;
use crate::turns::Effort;
use crate::{ours, pingora_lists, tower_balance};

/// Prints what stays allocated after one update with all peers, per peer.
///
/// Names and the transport's own peers are made before. peerage's and tower's lists share the names;
/// copies, as the map has, are taken off. A side that has addresses as numbers has no name to take
/// off: theirs are within the figure.
pub(crate) fn print(effort: Effort) {
    let mut makers = ours::groups();
    makers.extend(pingora_lists::groups());
    makers.extend(tower_balance::groups());
    makers.push(group::map());
    for Maker { name, most, make, .. } in makers {
        let peers = effort.many.min(most);
        let mut group = make(peers);
        let all = counting::kept(|| group.add(0..peers));
        let value = (all - group.bytes_of_names(peers)) as f64 / peers as f64;
        Line { work: "memory", name, peers, threads: 1, figure: "bytes", value }.print();
    }
}
