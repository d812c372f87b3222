//! The hash ring: yarpc-go's answers, bit for bit, and an independent ring to compare with.
//!
//! Two kinds of evidence. The `vectors` are those of yarpc-go's own tests and of runs of its code.
//! The ring in `naive` is written from the description of the ring alone: every point in one sorted
//! list, a walk from the first at or after the key's hash. It shares the hash function with the
//! library, whose vectors are tested where it lives, and nothing else. `agreement` compares the two,
//! `changes` does so while large rings change.

#![cfg(feature = "testing")]

mod agreement;
mod changes;
mod naive;
mod vectors;
mod weights;

use std::sync::Arc;

use peerage::policy::{AnyPolicy, HashRing32, HashRing32Options, Rng};
use peerage::testing::FakeTransport;
use peerage::{
    Attributes, Chooser, Lifecycle, List, ListOptions, ListUpdates, Member, Outcome, PeerList,
    Request,
};

fn member(id: String, shard: &str) -> Member {
    Member::new(id, Attributes::new().with_shard(shard))
}

struct Bed {
    transport: Arc<FakeTransport>,
    list: PeerList,
}

impl Bed {
    fn new(options: HashRing32Options) -> Self {
        let transport = FakeTransport::new();
        let ring = HashRing32::new(options).with_rng(Rng::seeded(1));
        let policy = AnyPolicy::HashRing32(ring);
        let list = PeerList::new(policy, transport.clone(), ListOptions::new());
        list.start().expect("starts");
        Self { transport, list }
    }

    fn add<S: Into<String>>(&self, ids: impl IntoIterator<Item = S>) {
        self.list.update(ListUpdates::adding(ids)).expect("adds");
    }

    fn remove<S: Into<String>>(&self, ids: impl IntoIterator<Item = S>) {
        self.list.update(ListUpdates::removing(ids)).expect("removes");
    }

    /// Adds `id1` with `shard-1`, and so on.
    fn add_shards(&self, numbers: std::ops::RangeInclusive<u32>) {
        let members = numbers.map(|n| member(format!("id{n}"), &format!("shard-{n}")));
        self.list.update(ListUpdates::adding_members(members)).expect("adds");
    }

    fn try_at(
        &self,
        key: &(impl AsRef<[u8]> + ?Sized),
        headers: &[(&str, &str)],
    ) -> Option<String> {
        let headers = headers.to_vec();
        let request = Request::new().with_shard_key(key).with_headers(&headers);
        let pick = self.list.try_choose(&request).ok()?;
        let id = pick.identifier().to_owned();
        pick.finish(Outcome::Success);
        Some(id)
    }

    fn at(&self, key: &(impl AsRef<[u8]> + ?Sized)) -> String {
        self.try_at(key, &[]).expect("a peer")
    }
}

fn offset_header() -> HashRing32Options {
    HashRing32Options {
        offset_header: Some("n".into()),
        max_offset: 255,
        ..HashRing32Options::default()
    }
}
