//! Settings as text: `key[=value],...`, one grammar for policies and for the options of a list.
//!
//! A table of [`Setting`]s says everything about the keys of one struct: their names, what they are
//! for, what they accept, how a value gets into the struct and out of it. The text is read by the
//! table and written by it, errors list its keys, and other languages are shown its rows, so a key
//! is written in one place.
//!
//! ```text
//!  settings  part[,part]...      no part at all is the defaults
//!  part      key=value           a flag: also key alone, for key=on
//!  value     any text            \, is a comma and \\ a backslash
//! ```
//!
//! A backslash before anything else is an error rather than itself, so that a text keeps its
//! meaning if more escapes come. Spaces count: they may be part of a value.
//!
//! | file | what |
//! |---|---|
//! | `label` | texts of the library's own that C can read where they are |
//! | `key` | a key: its row, its check, and its way into and out of a struct |
//! | `text` | a whole text: reading, writing, what is wrong with it |
//! | `decimal` | `1.25`, `off` |
//! | `duration` | `200ms`, `2m`, `forever` |

mod decimal;
mod duration;
mod key;
mod label;
mod text;

pub(crate) use self::decimal::Thousandths;
pub(crate) use self::duration::{parse as duration, show as show_duration};
pub use self::key::KeyRow;
pub(crate) use self::key::{Setting, Whole, whole};
pub(crate) use self::label::Label;
pub(crate) use self::text::{PART, apply, set, write};
