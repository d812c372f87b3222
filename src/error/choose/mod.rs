//! Why no peer was chosen, and what the list looked like at that moment.
//!
//! | file | what |
//! |---|---|
//! | `kind` | the cases, for programs |
//! | `error` | the error: its case, and what was seen |
//! | `text` | the same for people, as YARPC says it |

mod error;
mod kind;
mod text;

pub use self::error::ChooseError;
pub use self::kind::{ChooseErrorKind, Waited};
