//! What a list tells about itself, and its updater of its source, while they work: events for programs,
//! each of which is also a line for people, with a level.
//!
//! C, C++ and Go get the lines, as logs have them: see `ffi/log.rs`.

mod count;
mod event;
mod level;
mod source;
mod text;

pub use self::event::{Event, Observer};
pub use self::level::LogLevel;
pub use self::source::SourceNews;
