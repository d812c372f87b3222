//! What may be written in the texts of a chooser's options. All of it is static.

use super::checked;
use super::status::{PEERAGE_ERR_NOT_FOUND, peerage_status};
use super::types::{peerage_str, write_sized};
use crate::policy::catalogue;
use crate::{KeyRow, ListOptions};

/// A policy of the catalogue.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_policy_row {
    /// Its name.
    pub name: peerage_str,
    /// Which peer it picks, in a few words.
    pub about: peerage_str,
    /// How many keys it has.
    pub keys_len: usize,
}

/// A key of a policy, or of a chooser's `options`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_key_row {
    /// The key.
    pub name: peerage_str,
    /// What it is for, in a few words.
    pub about: peerage_str,
    /// Which values it takes, in the words in which errors ask for one.
    pub accepts: peerage_str,
    /// The value it has if it is not given; empty if it then has none.
    pub default_value: peerage_str,
}

impl From<&KeyRow> for peerage_key_row {
    fn from(row: &KeyRow) -> Self {
        let [name, about, accepts, default_value] = row.labels().map(peerage_str::label);
        Self { name, about, accepts, default_value }
    }
}

/// Writes the policy at `index` of the catalogue to `out`: as many bytes as `size` says, so that the
/// struct can grow.
///
/// Ownership: the texts are static
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is 0 or absurd), NOT_FOUND (`index` is beyond the last)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_catalogue_policy(
    index: usize,
    out: *mut peerage_policy_row,
    size: usize,
) -> peerage_status {
    checked(|| {
        let row = catalogue().nth(index).ok_or(PEERAGE_ERR_NOT_FOUND)?;
        let [name, about] = row.labels().map(peerage_str::label);
        let row = peerage_policy_row { name, about, keys_len: row.keys().len() };
        // SAFETY: pointers as the header demands.
        unsafe { write_sized(out, size, &row) }
    })
}

/// Writes the key at `index` of the policy at `policy` of the catalogue to `out`: as many bytes as
/// `size` says, so that the struct can grow.
///
/// Ownership: the texts are static
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is 0 or absurd), NOT_FOUND (`policy` or `index` is beyond the last)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_catalogue_key(
    policy: usize,
    index: usize,
    out: *mut peerage_key_row,
    size: usize,
) -> peerage_status {
    checked(|| {
        let key = catalogue().nth(policy).and_then(|row| row.keys().nth(index));
        // SAFETY: pointers as the header demands.
        unsafe { write_sized(out, size, &key.ok_or(PEERAGE_ERR_NOT_FOUND)?.into()) }
    })
}

/// Writes the key at `index` of a chooser's `options` to `out`: as many bytes as `size` says, so that
/// the struct can grow.
///
/// Ownership: the texts are static
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is 0 or absurd), NOT_FOUND (`index` is beyond the last)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_catalogue_option(
    index: usize,
    out: *mut peerage_key_row,
    size: usize,
) -> peerage_status {
    checked(|| {
        let key = ListOptions::keys().nth(index).ok_or(PEERAGE_ERR_NOT_FOUND)?;
        // SAFETY: pointers as the header demands.
        unsafe { write_sized(out, size, &key.into()) }
    })
}
