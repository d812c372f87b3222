//! A status page: what there is to see of choosers, as a document for people and as JSON for programs.
//!
//! Both are made of what [`introspect`](crate::Chooser::introspect) returns, and are texts: no server
//! is in this crate. `examples/status.rs` serves them, and `docs/status-page.md` says what each column
//! means.
//!
//! ```
//! use peerage::page::{PageOptions, status_html};
//! use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, PeerList};
//! use peerage::{policy::RoundRobin, transports::Always};
//!
//! let options = ListOptions::new().with_name("users");
//! let list = PeerList::new(RoundRobin::new(), Always::new(), options);
//! list.start()?;
//! list.update(ListUpdates::adding(["10.0.0.1:80", "10.0.0.2:80"]))?;
//!
//! let page = status_html(&[list.introspect()], &PageOptions::new().with_title("shop"));
//! assert!(page.starts_with("<!DOCTYPE html>"));
//! assert!(page.contains("<b>2</b> of 2 available"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
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
//! | `json`, `serialize` | the same for programs (features `json`, `serde`) |

mod column;
mod html;
#[cfg(feature = "json")]
mod json;
mod list;
mod options;
#[cfg(feature = "serde")]
mod serialize;
mod shown;
mod standing;
mod table;
#[cfg(all(test, not(loom)))]
mod tests;

#[cfg(feature = "capi")]
pub(crate) use self::html::Document;
pub use self::html::status_html;
#[cfg(feature = "json")]
#[cfg_attr(docsrs, doc(cfg(feature = "json")))]
pub use self::json::status_json;
pub use self::options::PageOptions;
