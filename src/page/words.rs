//! What is one word, for serde: in lower case with hyphens.

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use crate::peer::ConnectionStatus;
use crate::reasons::{Reason, Reasons};
use crate::state::State;

impl Serialize for State {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.lower())
    }
}

impl Serialize for ConnectionStatus {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(match self {
            Self::Unavailable => "unavailable",
            Self::Connecting => "connecting",
            Self::Available => "available",
        })
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(match self {
            Self::NotConnected => "not-connected",
            Self::Ejected => "ejected",
            Self::OutsideSubset => "outside-subset",
            Self::Draining => "draining",
            Self::LaterTier => "later-tier",
        })
    }
}

impl Serialize for Reasons {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut list = to.serialize_seq(None)?;
        for reason in self.iter() {
            list.serialize_element(&reason)?;
        }
        list.end()
    }
}
