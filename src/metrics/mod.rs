//! Choosers as text for Prometheus, and for all that reads its format or OpenMetrics.
//!
//! ```text
//!  metrics_text(choosers, options)
//!   ├ Subject      one chooser, seen once: its numbers, its sources, and its peers if they are wanted
//!   ├ families     what is told: which number under which name, family by family
//!   └ Writer       how it is written: the two formats differ in a few lines
//! ```
//!
//! # Family by family
//!
//! Both formats want all samples of one name together, under one `# TYPE`. So every chooser is looked at
//! first, and then each family goes over all of them; a family of which there is no sample is left out.
//!
//! # What it costs
//!
//! Without peers a chooser is asked for [`Chooser::stats`](crate::Chooser::stats), its name and its source:
//! no text is made of a peer. With peers it is asked for
//! [`Chooser::introspect`](crate::Chooser::introspect), and each peer is some ten lines: that is why they
//! are left out unless they are asked for. `cargo bench --bench choose -- --only scrape` measures both.
//!
//! # Names
//!
//! A series is told by its name and its labels, and Prometheus refuses the whole scrape if one is there
//! twice. So labels are made of names without loss ([`label`]), and of two choosers of one name the second
//! is called `users (2)`.
//!
//! `docs/metrics.md` lists what there is.

mod families;
mod format;
mod label;
mod options;
mod peers;
mod subject;
#[cfg(all(test, not(loom)))]
mod tests;
mod text;
mod writer;

#[cfg(feature = "metrics")]
pub(crate) use self::families::{CHOOSER, SOURCE, WAITS};
pub use self::format::MetricsFormat;
pub use self::options::MetricsOptions;
#[cfg(any(feature = "capi", feature = "metrics"))]
pub(crate) use self::subject::Seen;
#[cfg(feature = "capi")]
pub(crate) use self::text::MetricsText;
pub use self::text::{metrics_text, write_metrics};
#[cfg(feature = "metrics")]
pub(crate) use self::writer::{Family, Kind};
