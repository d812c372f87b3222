//! What a client sends its requests with.

use std::sync::Arc;

use ureq::Agent;
use ureq::http::HeaderValue;

use super::options::BalancedOptions;
use super::service::Service;
use crate::chooser::Chooser;

pub(super) struct Means {
    pub(super) service: Service,
    /// The header `Host` of every request: the service, whatever peer it goes to.
    pub(super) host: HeaderValue,
    pub(super) chooser: Arc<dyn Chooser>,
    pub(super) agent: Agent,
    pub(super) options: BalancedOptions,
}
