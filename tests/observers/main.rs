//! Observers that pass on what a list tells: each says it where its crate's users look.

mod log;
mod metrics;
mod tracing;

use std::sync::Arc;
use std::time::Duration;

use peerage::policy::RoundRobin;
use peerage::testing::FakeTransport;
use peerage::{Chooser, Request, Wait};
use peerage::{ConnectionStatus, Lifecycle, List, ListOptions, ListUpdates, Observer, PeerList};

/// A list that tells `observer` of one update that went well, one that failed, a change of status and a
/// wait in vain.
fn told(name: &str, observer: impl Observer + 'static) -> PeerList<RoundRobin> {
    let transport = FakeTransport::new();
    let options = ListOptions::new().with_name(name).with_observer(Arc::new(observer));
    let list = PeerList::new(RoundRobin::new(), transport.clone(), options);
    list.start().expect("started");
    list.update(ListUpdates::adding(["a:80"])).expect("updated");
    list.update(ListUpdates::removing(["b\n:80"])).expect_err("not there");
    transport.set_status("a:80", ConnectionStatus::Unavailable);
    list.choose(&Request::new(), Wait::timeout(Duration::from_millis(2))).expect_err("no peer");
    list
}
