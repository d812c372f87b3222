//! What is going to happen, soonest first.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::window::Id;
use crate::simulator::time::Time;

/// Something that happens at a moment.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Event {
    /// A client has the next request to make.
    Arrive,
    /// An attempt has reached its server.
    Reach(Id),
    /// A server has done the work of a request, if its epoch is still this one.
    Done { server: u32, epoch: u32 },
    /// The answer to an attempt has reached its client.
    Answer(Id),
    /// The next change of a server's conditions.
    Change,
    /// A call's time is up.
    Deadline(Id),
    /// A call asks a second server if it has no answer.
    Hedge(Id),
    /// A probe has reached a server.
    Probe { client: u32, server: u32 },
    /// A probe's answer has reached its client.
    Probed { client: u32, server: u32, in_flight: u32, latency: f32 },
}

struct Entry {
    at: Time,
    nth: u64,
    event: Event,
}

/// Events by time; those of one moment in the order in which they were added.
#[derive(Default)]
pub(crate) struct Events {
    heap: BinaryHeap<Reverse<Entry>>,
    added: u64,
}

impl Events {
    pub(crate) fn add(&mut self, at: Time, event: Event) {
        self.added += 1;
        self.heap.push(Reverse(Entry { at, nth: self.added, event }));
    }

    pub(crate) fn next(&mut self) -> Option<(Time, Event)> {
        self.heap.pop().map(|Reverse(entry)| (entry.at, entry.event))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at, self.nth).cmp(&(other.at, other.nth))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}
