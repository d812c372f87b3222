//! One chooser: what it is made of, and making it.

use std::sync::Arc;
use std::time::Duration;

use crate::choosers::{AnyChooser, Bind};
use crate::error::SpecError;
use crate::feeding::Updater;
use crate::list::ListOptions;
use crate::member::Member;
use crate::peer::Identifier;
use crate::policy::PolicySpec;
use crate::sources::SourceUri;
use crate::transport::Transport;
use crate::transports::Always;
#[cfg(feature = "probing")]
use crate::transports::{ProbeOptions, Probing};
use crate::updaters::{StaticPeers, Watching};

/// Which peers a chooser has.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum PeersConfig {
    /// These. None at all, for a list that the program feeds, and for `direct`.
    Members(Vec<Member>),
    /// Those that a source knows, as they come and go.
    Source(Box<SourceUri>),
}

impl Default for PeersConfig {
    fn default() -> Self {
        Self::Members(vec![])
    }
}

impl PartialEq for PeersConfig {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Members(these), Self::Members(those)) => these == those,
            (Self::Source(this), Self::Source(that)) => this.to_string() == that.to_string(),
            _ => false,
        }
    }
}

/// What a configuration says of one chooser.
///
/// ```
/// use peerage::config::{ChooserConfig, PeersConfig};
/// use peerage::{Chooser, Lifecycle, Member, Request};
///
/// let mut users = ChooserConfig::new("round-robin".parse()?);
/// users.options = "timeout=200ms".parse()?;
/// users.peers = PeersConfig::Members(vec![Member::new("10.0.0.1:80", Default::default())]);
///
/// let users = users.build(users.transport())?;
/// users.start()?;
/// assert_eq!(users.try_choose(&Request::new())?.identifier(), "10.0.0.1:80");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ChooserConfig {
    /// Which peer gets a request.
    pub policy: PolicySpec,
    /// The options of its list. An observer or a clock is set by the program.
    pub options: ListOptions,
    /// Which peers it has.
    pub peers: PeersConfig,
    /// How its peers are probed, if [`transport`](Self::transport) is to do that.
    #[cfg(feature = "probing")]
    #[cfg_attr(docsrs, doc(cfg(feature = "probing")))]
    pub probes: Option<ProbeOptions>,
    /// How long the program should [drain](crate::Chooser::drain) it before a stop. Nothing here does.
    pub drain_timeout: Option<Duration>,
}

impl ChooserConfig {
    /// A chooser with the defaults of all but the policy, and no peers.
    #[must_use]
    pub fn new(policy: PolicySpec) -> Self {
        Self {
            policy,
            options: ListOptions::new(),
            peers: PeersConfig::default(),
            #[cfg(feature = "probing")]
            probes: None,
            drain_timeout: None,
        }
    }

    /// The transport that it asks for: one that probes its peers (feature `probing`), or
    /// [`Always`] if it says nothing of probes. For programs whose requests take ways of their own.
    #[must_use]
    pub fn transport(&self) -> Arc<dyn Transport> {
        #[cfg(feature = "probing")]
        if let Some(probes) = &self.probes {
            return Probing::new(probes.clone());
        }
        Always::new()
    }

    /// Makes the chooser, with its updater, not started. Its peers are the transport's.
    ///
    /// A chooser without peers, such as `direct`, is one whose updater has none to add.
    ///
    /// # Errors
    ///
    /// The source cannot be made: what a configuration is read from was checked for that, but the
    /// certificates that it names may be gone since.
    pub fn build(&self, transport: Arc<dyn Transport>) -> Result<Bind<AnyChooser>, SpecError> {
        let list = AnyChooser::from_spec(&self.policy, transport, self.options.clone());
        match &self.peers {
            PeersConfig::Source(source) => Ok(Bind::new(list, Watching::binder(source)?)),
            PeersConfig::Members(members) => {
                let peers: Vec<Arc<dyn Identifier>> =
                    members.iter().map(|member| Arc::new(member.clone()) as _).collect();
                let binder =
                    move |list| Arc::new(StaticPeers::new(list, peers)) as Arc<dyn Updater>;
                Ok(Bind::new(list, binder))
            }
        }
    }
}

/// The same texts; an observer and a clock are not compared.
impl PartialEq for ChooserConfig {
    fn eq(&self, other: &Self) -> bool {
        #[cfg(feature = "probing")]
        if self.probes.as_ref().map(ToString::to_string)
            != other.probes.as_ref().map(ToString::to_string)
        {
            return false;
        }
        self.policy == other.policy
            && self.options.to_string() == other.options.to_string()
            && self.peers == other.peers
            && self.drain_timeout == other.drain_timeout
    }
}
