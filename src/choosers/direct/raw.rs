//! Doors of the C layer.

use std::time::Duration;

use super::Direct;
use super::name::{holds_nul, name_of};
use crate::error::ChooseError;
use crate::list::{Ended, PeerList};
use crate::policy;
use crate::request::Request;

impl Direct {
    /// The list of the peers that were asked for.
    pub(in crate::choosers) fn list(&self) -> &PeerList<policy::Direct> {
        &self.list
    }

    /// The error of a choice that has ended so, as the chooser looks now.
    pub(in crate::choosers) fn explain(
        &self,
        ended: Ended,
        waited: Option<Duration>,
        request: &Request<'_>,
    ) -> ChooseError {
        match name_of(self.list.name(), request) {
            Err(error) if ended == Ended::InvalidRequest => error,
            Ok(name) if ended == Ended::InvalidRequest && name.contains('\0') => {
                holds_nul(self.list.name(), name)
            }
            _ => self.list.explain(ended, waited, request),
        }
    }
}
