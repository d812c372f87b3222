//! A status page: what there is to see of choosers, as a document for people and as JSON for programs.
//!
//! Both are made of what [`introspect`](crate::Chooser::introspect) returns, and are texts: no server
//! is in this crate. `examples/status.rs` serves them, and `docs/status-page.md` says what each column
//! means.
//!
//! # The document
//!
//! One file: its style is inside, it has no script and asks for none, and says so to the browser
//! (`Content-Security-Policy`). What comes from outside, names, zones, errors, is escaped twice: what
//! cannot be seen is written as Rust writes it (`\u{202e}`), so that no name passes for another, and
//! what HTML reads is written so that it is text.
//!
//! | file | what |
//! |---|---|
//! | `options` | what can be set |
//! | `html` | the document around the lists |
//! | `list` | a chooser: its numbers |
//! | `table`, `column` | its peers |
//! | `standing` | how a peer is, in a word and a sign, and who comes first |
//! | `shown` | texts, counts and durations for people |
//! | `json`, `serialize`, `numbers`, `words` | the same for programs (features `json`, `serde`) |

mod column;
mod html;
#[cfg(feature = "json")]
mod json;
mod list;
#[cfg(feature = "serde")]
mod numbers;
mod options;
#[cfg(feature = "serde")]
mod serialize;
mod shown;
mod standing;
mod table;
#[cfg(all(test, not(loom)))]
mod tests;
#[cfg(feature = "serde")]
mod words;

use crate::chooser::Chooser;
use crate::panics;
use crate::stats::ChooserStatus;

#[cfg(feature = "capi")]
pub(crate) use self::html::Document;
pub use self::html::status_html;
#[cfg(feature = "json")]
pub use self::json::status_json;
#[cfg(all(feature = "capi", feature = "json"))]
pub(crate) use self::json::to_json;
pub use self::options::PageOptions;

/// How they are. A chooser of the user's own that panics when it is looked at is left out.
fn look<'a>(choosers: impl IntoIterator<Item = &'a dyn Chooser>) -> Vec<ChooserStatus> {
    let look = |chooser: &dyn Chooser| panics::catch("introspect", || chooser.introspect()).ok();
    choosers.into_iter().filter_map(look).collect()
}
