//! Choose + finish of real lists.

use peerage::policy::{
    FewestPending, Policy, Priced, PricedOptions, Random, RoundRobin, TwoRandomChoices,
};
use peerage::transports::Always;
use peerage::{
    Chooser, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList, Request, Wait,
};

use crate::threads::{self, Effort};

/// Nanoseconds of a core for each.
pub(crate) fn cost(effort: Effort, policy: &str, peers: usize, threads: usize) -> f64 {
    match policy {
        "random" => of(effort, Random::new(), peers, threads),
        "two-random-choices" => of(effort, TwoRandomChoices::new(), peers, threads),
        "least-loaded" => of(effort, Priced::least_loaded(PricedOptions::new()), peers, threads),
        "round-robin" => of(effort, RoundRobin::new(), peers, threads),
        "fewest-pending-requests" => of(effort, FewestPending::new(), peers, threads),
        other => panic!("no policy is called {other:?} here"),
    }
}

fn of<P: Policy>(effort: Effort, policy: P, peers: usize, threads: usize) -> f64 {
    let list = PeerList::new(policy, Always::new(), ListOptions::new().with_shuffle(false));
    list.start().expect("nothing to retain");
    let name = |nth: usize| format!("10.{}.{}.{}:4040", nth >> 16, nth >> 8 & 255, nth & 255);
    list.update(ListUpdates::adding((0..peers).map(name))).expect("nothing is refused");
    assert_eq!(list.available(), peers);
    threads::cost(effort, threads, &|_, rounds| {
        let request = Request::new();
        for _ in 0..rounds {
            let pick = list.choose(&request, Wait::default()).expect("peers are there");
            pick.finish(Outcome::Success);
        }
    })
}
