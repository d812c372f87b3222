//! Who is in a chooser's list, and what is known of each.

use std::sync::Arc;

use super::chooser::peerage_chooser;
use super::error::{Failure, peerage_error, reported};
use super::hold;
use super::status::{
    PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_NOT_IN_LIST, PEERAGE_ERR_UNSUPPORTED, peerage_status,
};
use super::types::{SizeFirst, items, peerage_str, read_array};
use crate::{Attributes, Identifier, List, ListUpdates, Member, Reason};

/// Why a peer cannot be chosen: a sum of `PEERAGE_REASON_*`, or 0 if it can.
pub type peerage_reasons = u32;

/// Its connection status is not `PEERAGE_CONNECTION_AVAILABLE`: its transport's to say.
pub const PEERAGE_REASON_NOT_CONNECTED: peerage_reasons = 1;
/// Its requests went wrong, and it is left alone for a while.
pub const PEERAGE_REASON_EJECTED: peerage_reasons = 2;
/// Other clients use it, and this one does not.
pub const PEERAGE_REASON_OUTSIDE_SUBSET: peerage_reasons = 4;
/// It is about to go: it finishes what it has, and gets nothing new.
pub const PEERAGE_REASON_DRAINING: peerage_reasons = 8;
/// Peers of an earlier tier serve, and are enough: the list's to say (`spill=`, `zone=`).
pub const PEERAGE_REASON_LATER_TIER: peerage_reasons = 16;

/// A peer to add, and what is known of it beside its name. Fill it from `PEERAGE_MEMBER_INIT`, or
/// with peerage_member_of. In an array of them each has the same `size`, which is how far it is to
/// the next. The texts hold no NUL; they are borrowed for the call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_member {
    /// The size of this struct.
    pub size: usize,
    /// Its identifier, usually `host:port`.
    pub id: peerage_str,
    /// The name under which a hash ring places it; empty: its identifier. Peers with the same shard
    /// share one place on the ring.
    pub shard: peerage_str,
    /// Where it is; empty: unknown.
    pub zone: peerage_str,
    /// How much it can take beside others, 1 to 65535: a peer of weight 2 as much as two of weight
    /// 1. 0 is 1.
    pub weight: u32,
    /// Which tier it belongs to, 0 to 255: 0 is the first to be used.
    pub tier: u32,
}

// SAFETY: `repr(C)`, size first, all fields may be zero.
unsafe impl SizeFirst for peerage_member {}

impl peerage_member {
    /// # Safety
    ///
    /// The texts are as the header demands.
    unsafe fn read(&self, what: &str, n: usize) -> Result<Arc<dyn Identifier>, Failure> {
        // SAFETY: by contract of the caller.
        let text = |field, text: peerage_str| unsafe {
            text.name()
                .map_err(|status| Failure::of_name(status, &format!("{what}[{n}].{field}"), text))
        };
        let limited = |field: &str, number: u32, most: u32| {
            let text = || format!("{what}[{n}].{field} is {number}: it can be {most} at most");
            let wrong = || Failure::new(PEERAGE_ERR_INVALID_ARGUMENT, text());
            if number <= most { Ok(number) } else { Err(wrong()) }
        };
        let mut attributes = Attributes::new()
            .with_weight(limited("weight", self.weight, u16::MAX.into())?.max(1) as u16)
            .with_tier(limited("tier", self.tier, u8::MAX.into())? as u8);
        let (shard, zone) = (text("shard", self.shard)?, text("zone", self.zone)?);
        if !shard.is_empty() {
            attributes = attributes.with_shard(shard);
        }
        if !zone.is_empty() {
            attributes = attributes.with_zone(zone);
        }
        let id = text("id", self.id)?;
        // Most have nothing beside their names, and there may be very many.
        if attributes == Attributes::new() {
            return Ok(named(id));
        }
        Ok(Arc::new(Member::new(id, attributes)))
    }
}

/// What is nothing but a name. It is copied once, and shared from then on.
fn named(name: &str) -> Arc<dyn Identifier> {
    Arc::new(Arc::<str>::from(name))
}

/// # Safety
///
/// `NULL` or `len` members, as the header demands.
unsafe fn members(
    what: &str,
    ptr: *const peerage_member,
    len: usize,
) -> Result<Vec<Arc<dyn Identifier>>, Failure> {
    // SAFETY: by contract of the caller.
    let members = unsafe { read_array(what, ptr, len) }?;
    // SAFETY: as above.
    let read = |(n, member): (usize, &peerage_member)| unsafe { member.read(what, n) };
    members.iter().enumerate().map(read).collect()
}

/// # Safety
///
/// `NULL` or `len` texts.
unsafe fn ids(
    what: &str,
    ptr: *const peerage_str,
    len: usize,
) -> Result<Vec<Arc<dyn Identifier>>, Failure> {
    // SAFETY: by contract of the caller.
    let texts = unsafe { items(ptr, len) }.map_err(|status| Failure::of(status, what))?;
    let read = |(n, text): (usize, &peerage_str)| {
        // SAFETY: as above.
        let name = unsafe { text.name() };
        name.map(named).map_err(|status| Failure::of_name(status, &format!("{what}[{n}]"), *text))
    };
    texts.iter().enumerate().map(read).collect()
}

/// Removes and adds peers, in this order. What can be done is done; what cannot is reported
/// together, with the status of the first.
///
/// A peer that is both removed and added stays, with its connection and its requests, and gets the
/// attributes that are added. (To connect anew, remove it in one call and add it in the next.)
///
/// Ownership: the structs and texts are borrowed for the call
/// Threads: any
/// Blocks: never
/// Calls back: retain, release, drop, the policy's available and unavailable, ready notices, the log
/// Errors: of what is given, and then nothing is changed: NULL_POINTER, INVALID_UTF8, INVALID_ARGUMENT (a size, a weight, a tier, a text with NUL); of single peers: ALREADY_IN_LIST, NOT_IN_LIST, REJECTED (by the transport), UNSUPPORTED (by `direct`)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_update(
    chooser: *const peerage_chooser,
    add: *const peerage_member,
    add_len: usize,
    remove: *const peerage_str,
    remove_len: usize,
    err: *mut *mut peerage_error,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    unsafe {
        reported(err, || {
            let chooser = hold(chooser)?;
            let additions = members("add", add, add_len)?;
            let removals = ids("remove", remove, remove_len)?;
            Ok(chooser.kind.update(ListUpdates { additions, removals })?)
        })
    }
}

/// Makes `members` the whole of the list, for those who know sets and not differences: adds what is
/// missing, removes what is too much, changes the attributes of those that have others, and leaves
/// the rest alone. Of a name that is given twice the first counts. `members_len` 0 empties the list.
///
/// Ownership: the structs and texts are borrowed for the call
/// Threads: any
/// Blocks: never
/// Calls back: as peerage_chooser_update
/// Errors: of what is given, and then nothing is changed: NULL_POINTER, INVALID_UTF8, INVALID_ARGUMENT, as for peerage_chooser_update; of single peers: REJECTED (by the transport), UNSUPPORTED (by `direct`)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_replace(
    chooser: *const peerage_chooser,
    members: *const peerage_member,
    members_len: usize,
    err: *mut *mut peerage_error,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    unsafe {
        reported(err, || {
            let chooser = hold(chooser)?;
            let members = self::members("members", members, members_len)?;
            Ok(chooser.kind.replace(members)?)
        })
    }
}

/// Says that a peer is not to be chosen for a reason (`on` is not 0), or not for this reason any
/// more. It can be chosen when there is none. Its requests in flight go on. Removed and added again
/// in two calls, a peer has no reason of the caller's.
///
/// Ownership: `id` is borrowed for the call
/// Threads: any
/// Blocks: never
/// Calls back: the policy's available and unavailable, ready notices; with `panic=` the log
/// Errors: NULL_POINTER, INVALID_UTF8, INVALID_ARGUMENT (`reason` is not one of `PEERAGE_REASON_EJECTED`, `_OUTSIDE_SUBSET` and `_DRAINING`; `id` has a NUL), NOT_IN_LIST (it is not in the list, or the chooser does not run), UNSUPPORTED (by `direct`)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_set_reason(
    chooser: *const peerage_chooser,
    id: peerage_str,
    reason: peerage_reasons,
    on: i32,
    err: *mut *mut peerage_error,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    unsafe {
        reported(err, || {
            let chooser = hold(chooser)?;
            let id = id.name().map_err(|status| Failure::of_name(status, "id", id))?;
            let reason = reason_of(reason)?;
            let Some(list) = chooser.list() else {
                let what = "direct has no list of peers, and so none to keep from being chosen";
                return Err(Failure::new(PEERAGE_ERR_UNSUPPORTED, what));
            };
            if list.set_reason(id, reason, on != 0) {
                return Ok(());
            }
            let what = format!("peer {id:?} is not in the list, or the chooser does not run");
            Err(Failure::new(PEERAGE_ERR_NOT_IN_LIST, what))
        })
    }
}

fn reason_of(number: u32) -> Result<Reason, Failure> {
    Ok(match number {
        PEERAGE_REASON_EJECTED => Reason::Ejected,
        PEERAGE_REASON_OUTSIDE_SUBSET => Reason::OutsideSubset,
        PEERAGE_REASON_DRAINING => Reason::Draining,
        PEERAGE_REASON_NOT_CONNECTED => {
            let what = "reason: whether a peer is connected is its transport's to say";
            return Err(Failure::new(PEERAGE_ERR_INVALID_ARGUMENT, what));
        }
        PEERAGE_REASON_LATER_TIER => {
            let what =
                "reason: which tiers serve is the list's to say: see its options spill and zone";
            return Err(Failure::new(PEERAGE_ERR_INVALID_ARGUMENT, what));
        }
        _ => {
            let what = format!("reason is {number}: give one of PEERAGE_REASON_*");
            return Err(Failure::new(PEERAGE_ERR_INVALID_ARGUMENT, what));
        }
    })
}

const _: () = {
    assert!(Reason::NotConnected as u32 == PEERAGE_REASON_NOT_CONNECTED);
    assert!(Reason::Ejected as u32 == PEERAGE_REASON_EJECTED);
    assert!(Reason::OutsideSubset as u32 == PEERAGE_REASON_OUTSIDE_SUBSET);
    assert!(Reason::Draining as u32 == PEERAGE_REASON_DRAINING);
    assert!(Reason::LaterTier as u32 == PEERAGE_REASON_LATER_TIER);
};
