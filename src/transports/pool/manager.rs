//! The thread of a peer: it dials until the peer is connected, and then sleeps until a request has
//! failed. It never asks a healthy peer how it is: the requests do that.
//!
//! ```text
//!   retained ─► Connecting ─ dialled ─► Available
//!                 ▲    ▲                    │
//!        backoff  │    └─ a request failed ─┘
//!                 ▼
//!              Unavailable
//! ```
//!
//! The status changes *before* the failed request returns, so its next try goes to another peer.

use std::io;
use std::sync::Arc;
use std::thread;

use super::connect::Connect;
use super::home::Home;
use crate::backoff::Backoff;
use crate::panics;

/// Starts the thread, which ends when the peer is closed.
pub(super) fn start<C: Connect>(home: &Arc<Home<C>>) -> io::Result<()> {
    let managed = Arc::clone(home);
    let manager = home.shared.manager();
    let thread = thread::Builder::new().name(format!("peer {}", home.peer.replace('\0', "")));
    thread.spawn(move || {
        let options = &managed.shared.options;
        let mut backoff = Backoff::new(options.backoff, options.max_backoff);
        // It drops connections and tells subscribers, which are the user's. The panic hook has told of a
        // panic in one of them; the peer is connected to anew.
        while panics::catch("a pool's peer", || manage(&managed, &mut backoff)).is_err() {
            managed.rest(backoff.next());
        }
        drop(managed);
        // Last, as `join` waits for it.
        drop(manager);
    })?;
    Ok(())
}

fn manage<C: Connect>(home: &Home<C>, backoff: &mut Backoff) {
    while let Some(epoch) = home.connecting() {
        if dial(home, epoch) {
            match home.doubted(epoch) {
                None => return,
                Some(true) => {
                    backoff.reset();
                    continue;
                }
                // It lets itself be dialled and is of no use: that is no better than refusing.
                Some(false) => {}
            }
        }
        home.refused();
        home.rest(backoff.next());
    }
}

/// Whether the peer can be reached. In a pool that is full of connections in use the one that shows
/// it is the only one beyond the limit, and is closed at once.
fn dial<C: Connect>(home: &Home<C>, epoch: u64) -> bool {
    let shared = &home.shared;
    let held = match shared.place() {
        Some(place) => shared.dial(&home.peer, epoch, place).map(Some),
        None => shared.probe(&home.peer).map(|()| None),
    };
    let reached = held.is_ok();
    if let Ok(held) = held {
        home.connected(held);
    }
    reached
}
