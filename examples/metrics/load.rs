//! Requests that take a while, and peers that are not always well.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use peerage::testing::FakeTransport;
use peerage::{AnyChooser, Bind, Chooser, ConnectionStatus, List, ListUpdates, Outcome, Request};
use peerage::{Pick, Wait};

/// Callers of each chooser at once.
const CALLERS: u64 = 12;
const MOMENT: Duration = Duration::from_millis(100);

/// A chooser under load, and the transport that its peers' statuses are set by.
pub(crate) struct Load {
    pub(crate) chooser: Arc<Bind<AnyChooser>>,
    pub(crate) transport: Arc<FakeTransport>,
}

/// How many requests were given to a peer, and how many of them ended well.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Made {
    pub(crate) all: u64,
    pub(crate) well: u64,
}

/// Makes requests for so long, and returns when the last one has ended.
pub(crate) fn run(loads: &[Load], lasts: Duration) -> Made {
    let (end, over) = (Instant::now() + lasts, AtomicBool::new(false));
    let (all, well) = (AtomicU64::new(0), AtomicU64::new(0));
    let caller = |load: &Load, mut numbers: u64| {
        while Instant::now() < end {
            match load.chooser.choose(&Request::new(), Wait::default()) {
                Ok(pick) => {
                    all.fetch_add(1, Ordering::Relaxed);
                    well.fetch_add(request(pick, &mut numbers).into(), Ordering::Relaxed);
                }
                Err(_) => thread::sleep(MOMENT / 4),
            }
        }
    };
    thread::scope(|scope| {
        let (caller, over) = (&caller, &over);
        for load in loads {
            for number in 1..=CALLERS {
                scope.spawn(move || caller(load, number));
            }
            scope.spawn(move || weather(load, over));
        }
        while Instant::now() < end {
            thread::sleep(MOMENT);
        }
        over.store(true, Ordering::Relaxed);
    });
    Made { all: all.into_inner(), well: well.into_inner() }
}

/// One request: how long it takes and how it ends is drawn, and `c` and `d` are bad servers.
fn request(pick: Pick, numbers: &mut u64) -> bool {
    *numbers =
        numbers.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    let drawn = *numbers >> 33;
    let is_bad = pick.identifier().starts_with(['c', 'd']);
    thread::sleep(Duration::from_micros(2_000 + drawn % 20_000));
    let outcome = match drawn % 100 {
        0 => Outcome::Cancelled,
        1 => Outcome::Overloaded,
        2..30 if is_bad => Outcome::Failure,
        2 => Outcome::Failure,
        _ => Outcome::Success,
    };
    pick.finish(outcome);
    outcome == Outcome::Success
}

/// Takes peers away and gives them back, until it is over.
fn weather(load: &Load, over: &AtomicBool) {
    let set = |peer, status| load.transport.set_status(peer, status);
    for moment in 0_u64.. {
        if over.load(Ordering::Relaxed) {
            break;
        }
        match moment % 60 {
            // One is away for two seconds.
            5 => set("b:80", ConnectionStatus::Unavailable),
            20 => set("b:80", ConnectionStatus::Connecting),
            25 => set("b:80", ConnectionStatus::Available),
            // All that a list has are away for a moment, so that callers wait.
            40 => set("a:80", ConnectionStatus::Unavailable),
            41 => set("a:80", ConnectionStatus::Available),
            // An update that cannot be applied as a whole.
            50 => drop(load.chooser.list().update(ListUpdates::removing(["unknown:80"]))),
            _ => {}
        }
        thread::sleep(MOMENT);
    }
    for peer in ["a:80", "b:80"] {
        set(peer, ConnectionStatus::Available);
    }
}
