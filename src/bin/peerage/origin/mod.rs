//! Where peers come from, as people write it: a URI, a file of peers, or a chooser of a configuration.
//!
//! | file | what |
//! |---|---|
//! | `uri` | a URI, or a path, as the URI of a source |
//! | `configured` | a chooser of a configuration |
//! | `fixed` | peers that a configuration lists, as a source |

mod configured;
mod fixed;
mod uri;

use std::sync::Arc;

use peerage::policy::PolicySpec;
use peerage::sources::{Source, SourceOptions, SourceUri};
use peerage::transports::ProbeOptions;
use peerage::updaters::Watching;
use peerage::{List, ListOptions};

pub(crate) use self::configured::wrong;
use crate::fault::Fault;

/// What `URI` and `--chooser` of the command line are.
#[derive(Debug, clap::Args)]
pub(crate) struct OriginArgs {
    /// Where the peers come from: file:PATH or a path, dns:NAME:PORT, dns+srv:NAME,
    /// etcd:HOST:PORT/PREFIX, http://HOST/PATH, static:ADDRESS,.. or a configuration (*.yaml, *.json)
    #[arg(value_name = "FILE|URI")]
    uri: String,

    /// The chooser of the configuration FILE whose peers are meant, if it has several
    #[arg(long, value_name = "NAME")]
    chooser: Option<String>,
}

/// Where peers come from, and what else is said of their chooser.
pub(crate) struct Origin {
    pub(crate) peers: Peers,
    pub(crate) policy: Option<PolicySpec>,
    pub(crate) options: ListOptions,
    pub(crate) probes: Option<ProbeOptions>,
}

/// A source.
pub(crate) enum Peers {
    Uri(Box<SourceUri>),
    Fixed(Box<fixed::Fixed>),
}

impl Origin {
    pub(crate) fn read(args: &OriginArgs) -> Result<Self, Fault> {
        if args.chooser.is_some() || configured::is_one(&args.uri) {
            return configured::read(&args.uri, args.chooser.as_deref());
        }
        let peers = Peers::Uri(Box::new(uri::read(&args.uri)?));
        Ok(Self { peers, policy: None, options: ListOptions::new(), probes: None })
    }
}

impl Peers {
    /// Whether they stand in a file, so that what is wrong with it is the user's to mend.
    pub(crate) fn are_in_file(&self) -> bool {
        matches!(self, Self::Uri(uri) if uri.scheme().name() == "file")
    }

    /// What feeds `list` with them.
    pub(crate) fn feeding(self, list: Arc<dyn List>) -> Result<Watching, Fault> {
        match self {
            Self::Uri(uri) => Watching::from_uri(list, &uri).map_err(Fault::wrong),
            Self::Fixed(fixed) => {
                Ok(Watching::new(list, fixed as Box<dyn Source>, SourceOptions::default()))
            }
        }
    }
}
