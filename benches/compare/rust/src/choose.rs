//! Choose + finish of every side, on lists of several sizes and by several threads.

use crate::line::Line;
use crate::turns::{self, Effort};
use crate::{floor, ours, pingora_lists, tower_balance};

/// Prints nanoseconds per choose + finish as one thread sees it, while all threads do the same.
pub(crate) fn print(effort: Effort) {
    for &peers in effort.sizes {
        for threads in [1, 2, 8] {
            let mut sides = ours::sides(peers);
            sides.extend(pingora_lists::sides(peers));
            sides.extend(tower_balance::sides(peers, threads));
            sides.extend(floor::sides(peers));
            let best = turns::best(effort, threads, &sides);
            for (side, value) in sides.iter().zip(best) {
                let name = side.name;
                Line { work: "choose", name, peers, threads, figure: "ns", value }.print();
            }
        }
    }
}
