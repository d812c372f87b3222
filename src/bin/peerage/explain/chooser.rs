//! A list of the peers, asked again and again.

use std::collections::BTreeMap;

use peerage::policy::PolicySpec;
use peerage::transports::Always;
use peerage::{
    AnyChooser, Chooser, Lifecycle, List, ListOptions, ListUpdates, Member, Outcome, Request,
};

use crate::fault::Fault;
use crate::follow::Shown;

/// A chooser of a policy, to which all peers are available.
pub(super) struct Asked {
    chooser: AnyChooser,
    /// It uses some of the peers, as one of many clients does.
    pub(super) has_subset: bool,
}

impl Asked {
    /// An error if the policy takes no peers, or not these.
    pub(super) fn new(
        spec: &PolicySpec,
        options: ListOptions,
        peers: &[Shown],
    ) -> Result<Self, String> {
        // Seeded: the same question has the same answer.
        let options = options.with_seed(1).with_shuffle(false);
        let mut whole = options.clone();
        whole.set("subset", "0").map_err(|error| error.to_string())?;
        let has_subset = whole.to_string() != options.to_string();
        let chooser = AnyChooser::from_spec(spec, Always::new(), options);
        chooser.start().map_err(|error| error.to_string())?;
        // The peers of `direct` are those that requests name.
        if !matches!(chooser, AnyChooser::Direct(_)) {
            let members = peers.iter().map(|peer| Member::new(&*peer.id, peer.attributes.clone()));
            chooser
                .update(ListUpdates::adding_members(members))
                .map_err(|error| error.to_string())?;
        }
        Ok(Self { chooser, has_subset })
    }

    /// The peer that such a request gets, which ends at once.
    fn choose(&self, request: &Request<'_>) -> Result<String, Fault> {
        let pick = self.chooser.try_choose(request).map_err(Fault::failed)?;
        let id = pick.identifier().to_owned();
        pick.finish(Outcome::Success);
        Ok(id)
    }

    /// The owner of a key, and who has it where those before cannot be chosen: at most `most`.
    pub(super) fn owners(&self, key: &str, most: usize) -> Result<Vec<String>, Fault> {
        let mut owners: Vec<String> = vec![];
        while owners.len() < most {
            let avoid: Vec<&str> = owners.iter().map(|id| &**id).collect();
            let next = self.choose(&Request::new().with_shard_key(key).with_avoid(&avoid))?;
            // When all are to be avoided, one of them is chosen all the same.
            if owners.contains(&next) {
                break;
            }
            owners.push(next);
        }
        Ok(owners)
    }

    /// Of that number of keys, how many each peer gets.
    pub(super) fn shares(&self, keys: u32) -> Result<BTreeMap<String, u32>, Fault> {
        let mut shares = BTreeMap::new();
        for key in 0..keys {
            let key = format!("key-{key}");
            *shares.entry(self.choose(&Request::new().with_shard_key(&key))?).or_default() += 1;
        }
        Ok(shares)
    }
}
