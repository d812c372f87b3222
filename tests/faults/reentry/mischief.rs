//! What a callback does to the list that called it.

use std::fmt;
use std::sync::{Arc, Mutex};

use peerage::policy::RoundRobin;
use peerage::testing::FakeTransport;
use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, Request, Wait};

use crate::support::custom;

pub(crate) trait AnyList: Chooser + List {}
impl<T: Chooser + List> AnyList for T {}

/// Does everything to a list, once.
#[derive(Clone, Default)]
pub(crate) struct Mischief {
    pub(super) list: Arc<Mutex<Option<Arc<dyn AnyList>>>>,
    done: Arc<Mutex<u32>>,
}

impl fmt::Debug for Mischief {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mischief")
    }
}

impl Mischief {
    pub(crate) fn arm(&self, list: Arc<dyn AnyList>) {
        *self.list.lock().expect("no panic") = Some(list);
    }

    pub(crate) fn go(&self) {
        let Some(list) = self.list.lock().expect("no panic").take() else { return };
        let request = Request::new();
        drop(list.try_choose(&request));
        drop(list.choose(&request, Wait::timeout(std::time::Duration::from_millis(1))));
        let _ = list.introspect();
        let _ = list.notify_ready(&request, Box::new(|_| ()));
        let _ = list.update(ListUpdates::adding(["extra"]));
        let _ = list.update(ListUpdates::removing(["extra", "a"]));
        let _ = list.start();
        let _ = list.stop();
        drop(list);
        *self.done.lock().expect("no panic") += 1;
    }

    /// The callback has run, and come back.
    pub(crate) fn assert_done(&self) {
        assert_eq!(*self.done.lock().expect("no panic"), 1);
    }
}

/// A running list with peer `a`, whose last reference the mischief is given.
pub(crate) fn armed(transport: &Arc<FakeTransport>, options: ListOptions, mischief: &Mischief) {
    let list = custom(RoundRobin::new(), transport.clone(), options);
    list.start().expect("starts");
    list.update(ListUpdates::adding(["a"])).expect("adds");
    mischief.arm(list);
}
