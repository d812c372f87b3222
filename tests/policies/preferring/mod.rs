//! A request that prefers a peer gets it if it can be had, whatever the policy, and any other if not.
//!
//! | module | what |
//! |---|---|
//! | `every` | what holds of every policy |
//! | `own` | policies of one's own: some that know nothing of it, one that panics, one that refuses |

mod every;
mod own;

use peerage::{Outcome, Pick, Request};

fn asking(name: &str) -> Request<'_> {
    Request::new().with_shard_key("key").with_preferred(name)
}

fn name(pick: Pick) -> String {
    let name = pick.identifier().to_owned();
    pick.finish(Outcome::Success);
    name
}
