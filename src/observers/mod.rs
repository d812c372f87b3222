//! Observers that pass on what a list tells: to logs and to metrics that a program has already.
//!
//! | observer | feature | to |
//! |---|---|---|
//! | [`All`] | | several observers, one after the other |
//! | `Log` | `log` | the crate `log`: a line each, with its level |
//! | `Tracing` | `tracing` | the crate `tracing`: an event each, with fields |
//! | `Metrics` | `metrics` | the crate `metrics`: waits as they end, and numbers when they are published |
//!
//! Each costs what the crate behind it costs for a level that is off, and only when something happens: a
//! choice that does not wait tells nothing. For Prometheus none is needed:
//! [`metrics_text`](crate::metrics_text).

mod all;
#[cfg(feature = "log")]
mod log;
#[cfg(feature = "metrics")]
mod metrics;
#[cfg(feature = "tracing")]
mod tracing;

pub use self::all::All;
#[cfg(feature = "log")]
#[cfg_attr(docsrs, doc(cfg(feature = "log")))]
pub use self::log::Log;
#[cfg(feature = "metrics")]
#[cfg_attr(docsrs, doc(cfg(feature = "metrics")))]
pub use self::metrics::Metrics;
#[cfg(feature = "tracing")]
#[cfg_attr(docsrs, doc(cfg(feature = "tracing")))]
pub use self::tracing::Tracing;
