//! `bound=`: no peer has more than its share in flight.
//!
//! | module | what holds |
//! |---|---|
//! | `spread` | where requests go that one peer may not have |
//! | `counts` | each request is counted once, whatever becomes of it and of its peer |

mod counts;
mod spread;

use peerage::policy::AnyPolicy;
use peerage::{Chooser, PeerList, Pick, Request};

fn choose(list: &PeerList<AnyPolicy>) -> Pick {
    list.try_choose(&Request::new().with_shard_key("popular")).unwrap()
}
