//! What a list keeps of why its peers do not serve: who is out, which tier serves, whether too few do.
//!
//! State, and what can be asked of it; `eject`, `tiers` and `alarm` beside this folder are what a list
//! does by it.

mod alarm;
mod ejector;
mod tiers;

pub(super) use self::alarm::Alarm;
pub(super) use self::ejector::{Changed, Ejector, NEVER, Out};
pub(super) use self::tiers::{Served, Tiers, is_elsewhere, tier_of};
