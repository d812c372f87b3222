//! A policy as text: `name[:key=value[,key=value]…]`, the same in every language.

use std::fmt;
use std::str::FromStr;

use super::any::AnyPolicy;
use super::catalogue::{PolicyRow, catalogue};
use super::hashring32::{self, HashRing32Options};
use super::keys::SpecOptions;
use super::{Rng, direct};
use crate::error::{SpecError, SpecPlace};
use crate::settings::{self, Label};

/// A policy and its settings, as configuration files name them.
///
/// ```
/// use peerage::policy::{AnyPolicy, PolicySpec};
///
/// let spec: PolicySpec = "hashring32:replicas=50,delimiter=#".parse()?;
/// let policy = AnyPolicy::from_spec(&spec, None);
/// # let _ = policy;
///
/// let wrong = "hashring32:replica=50".parse::<PolicySpec>().unwrap_err();
/// assert!(wrong.to_string().contains(r#"there is no key "replica""#));
/// # Ok::<(), peerage::error::SpecError>(())
/// ```
///
/// | policy | key | accepts | default | what |
/// |---|---|---|---|---|
/// | `round-robin` | | | | every peer in turn |
/// | | `bound` | off, or a number from 1 to 1000 with up to three decimals, such as 1.25 | `off` | pass over peers with more than so many times their share in flight |
/// | `weighted-round-robin` | | | | every peer in turn, as often as its weight says |
/// | `random` | | | | any peer, each as likely as the others |
/// | | `bound` | off, or a number from 1 to 1000 with up to three decimals, such as 1.25 | `off` | pass over peers with more than so many times their share in flight |
/// | `two-random-choices` | | | | of two random peers the one with fewer requests in flight |
/// | | `choices` | a whole number from 1 to 16 | `2` | random peers that are looked at |
/// | | `memory` | a whole number from 0 to 64 | `0` | the most peers that are remembered as cheap, and looked at too |
/// | | `errors` | on or off | `off` | requests that fail make their peer dearer |
/// | `fewest-pending-requests` | | | | the peer with the fewest requests in flight |
/// | `least-loaded` | | | | the cheapest of a few peers: few requests in flight, few failures |
/// | | `choices` | a whole number from 1 to 16 | `2` | random peers that are looked at |
/// | | `memory` | a whole number from 0 to 64 | `64` | the most peers that are remembered as cheap, and looked at too |
/// | | `errors` | on or off | `on` | requests that fail make their peer dearer |
/// | `least-latency` | | | | the same, and short latencies |
/// | | `choices` | a whole number from 1 to 16 | `2` | random peers that are looked at |
/// | | `memory` | a whole number from 0 to 64 | `64` | the most peers that are remembered as cheap, and looked at too |
/// | | `errors` | on or off | `on` | requests that fail make their peer dearer |
/// | | `measure` | on or off | `on` | measure latencies that a finish does not give |
/// | `least-reported` | | | | the same by the requests in flight that peers report |
/// | | `choices` | a whole number from 1 to 16 | `2` | random peers that are looked at |
/// | | `memory` | a whole number from 0 to 64 | `64` | the most peers that are remembered as cheap, and looked at too |
/// | | `errors` | on or off | `on` | requests that fail make their peer dearer |
/// | | `measure` | on or off | `on` | measure latencies that a finish does not give |
/// | `hashring32` | | | | the peer that owns the shard key on a hash ring |
/// | | `replicas` | a whole number from 1 to 65536 | `100` | points of each member on the ring |
/// | | `delimiter` | text | | what stands between a member's name and the number of its point |
/// | | `peer-override-header` | text | | the header that names the member to take |
/// | | `offset-header` | text | | the header that says how many members to go past |
/// | | `max-offset` | a whole number from 0 to 255 | `32` | the largest offset that a header may ask for |
/// | | `offset-generator` | a whole number from 0 to 256 | `0` | go past a random number of members below this |
/// | | `alternate-shard-key-header` | text | | the header whose value is hashed instead of the shard key |
/// | | `bound` | off, or a number from 1 to 1000 with up to three decimals, such as 1.25 | `off` | pass over peers with more than so many times their share in flight |
/// | `maglev` | | | | the peer that has the shard key in a table of even shares |
/// | | `bound` | off, or a number from 1 to 1000 with up to three decimals, such as 1.25 | `off` | pass over peers with more than so many times their share in flight |
/// | `single` | | | | the one peer there is |
/// | `direct` | | | | the peer that the shard key names |
/// | | `keep` | a whole number from 0 to 4294967295 | `64` | peers that stay retained when no request needs them |
///
/// A value is everything up to the next comma, and may contain `=` and `:`; a comma in it is written
/// `\,` and a backslash `\\`. [`catalogue`] has the same for programs. A spec prints as the shortest
/// text that it parses from: settings that are the defaults are left out.
///
/// [`AnyChooser::from_spec`](crate::AnyChooser::from_spec) makes a chooser of a spec,
/// [`AnyPolicy::from_spec`] a policy.
#[derive(Clone)]
pub struct PolicySpec {
    row: &'static PolicyRow,
    options: SpecOptions,
}

impl PolicySpec {
    /// The policy's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.row.name()
    }

    /// What is known of the policy.
    #[must_use]
    pub fn row(&self) -> &'static PolicyRow {
        self.row
    }

    /// Sets one key to a value as it is: nothing in it is escaped.
    ///
    /// ```
    /// use peerage::policy::PolicySpec;
    ///
    /// let mut spec: PolicySpec = "hashring32".parse()?;
    /// spec.set("delimiter", ",")?;
    /// assert_eq!(spec.to_string(), r"hashring32:delimiter=\,");
    /// # Ok::<(), peerage::error::SpecError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The policy has no such key, or the value is not one that it takes. Nothing is changed.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), SpecError> {
        let place = SpecPlace::policy_called(self.name());
        settings::set(self.row.settings(), &mut self.options, key, value, &place)
    }

    /// The settings of a ring, if it is one.
    #[must_use]
    pub fn hashring32(&self) -> Option<&HashRing32Options> {
        (self.row.name() == hashring32::NAME.as_str()).then_some(&self.options.ring)
    }

    /// How many idle peers are kept, if the policy is `direct`.
    pub(crate) fn direct_keep(&self) -> Option<u32> {
        (self.row.name() == direct::NAME.as_str()).then_some(self.options.keep)
    }

    /// `direct`, keeping so many idle peers.
    pub(crate) fn direct(keep: u32) -> Self {
        Self { options: SpecOptions { keep, ..SpecOptions::default() }, ..Self::of(direct::NAME) }
    }

    /// A policy of the catalogue, with its defaults.
    fn of(name: Label) -> Self {
        Self::named(name.as_str()).expect("every policy has a row")
    }

    fn named(name: &str) -> Option<Self> {
        let row = catalogue().find(|row| row.name() == name)?;
        Some(Self { row, options: SpecOptions::default() })
    }
}

impl From<HashRing32Options> for PolicySpec {
    /// The ring with these settings. What is out of its range is cut to it, as
    /// [`HashRing32::new`](super::HashRing32::new) does.
    fn from(options: HashRing32Options) -> Self {
        let options = SpecOptions { ring: options.bounded(), ..SpecOptions::default() };
        Self { options, ..Self::of(hashring32::NAME) }
    }
}

impl FromStr for PolicySpec {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        let (name, settings) = text.split_once(':').map_or((text, None), |(n, s)| (n, Some(s)));
        let Some(mut spec) = Self::named(name) else {
            let names: Vec<_> = catalogue().map(PolicyRow::name).collect();
            return Err(SpecError::UnknownPolicy { name: name.into(), known: names.join(", ") });
        };
        if let Some(text) = settings {
            let (place, at) = (SpecPlace::policy_called(spec.name()), name.len() + 1);
            if text.is_empty() {
                // More was meant to be written.
                let (part, form) = (String::new(), settings::PART);
                return Err(SpecError::Malformed { place: place.at(at), part, form });
            }
            settings::apply(spec.row.settings(), &mut spec.options, text, (&place, at))?;
        }
        Ok(spec)
    }
}

impl fmt::Display for PolicySpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        settings::write(self.row.settings(), &self.options, &SpecOptions::default(), ":", f)
    }
}

impl fmt::Debug for PolicySpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PolicySpec({:?})", self.to_string())
    }
}

impl PartialEq for PolicySpec {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name() && self.options == other.options
    }
}

impl Eq for PolicySpec {}

impl AnyPolicy {
    /// The policy that a spec describes; `seed` makes its random numbers repeatable.
    ///
    /// Of `direct` this is the rule alone: a list of it has the peers that it is given.
    /// [`AnyChooser::from_spec`](crate::AnyChooser::from_spec) makes the chooser that grows.
    #[must_use]
    pub fn from_spec(spec: &PolicySpec, seed: Option<u64>) -> Self {
        spec.row.make(&spec.options, Rng::from_seed(seed))
    }
}

impl FromStr for AnyPolicy {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        Ok(Self::from_spec(&text.parse()?, None))
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
