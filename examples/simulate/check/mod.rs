//! checks
pub(crate) fn run(_w: &[crate::world::World], _s: u64) -> Result<bool, String> { Ok(true) }
