//! What this build has, and which sources there are. All texts are static.

use std::ffi::{CStr, c_char};
use std::sync::OnceLock;

use super::catalogue::peerage_key_row;
use super::status::{PEERAGE_ERR_NOT_FOUND, peerage_status};
use super::types::{Text, peerage_str, write_sized};
use super::{checked, guarded};
use crate::KeyRow;
use crate::sources::{Scheme, schemes};

/// A kind of source that the URI of an updater can name.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_scheme_row {
    /// What stands before the first colon.
    pub name: peerage_str,
    /// The form of its URIs.
    pub form: peerage_str,
    /// What it is, in a few words.
    pub about: peerage_str,
    /// The feature that a build needs for it; empty: every build has it.
    pub feature: peerage_str,
    /// How many keys may stand behind the `#`.
    pub keys_len: usize,
    /// 1 if this build has it, else 0.
    pub available: u32,
    /// 0.
    pub reserved: u32,
}

/// A row with the ends that C needs.
struct Row {
    scheme: &'static Scheme,
    texts: [Text; 4],
}

/// The rows, made with the first question.
fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    let row = |scheme: &'static Scheme| {
        let feature = scheme.feature().unwrap_or_default();
        let texts = [scheme.name(), scheme.form(), scheme.about(), feature].map(Text::new);
        Row { scheme, texts }
    };
    ROWS.get_or_init(|| schemes().map(row).collect())
}

/// Writes the scheme at `index` of the catalogue to `out`: as many bytes as `size` says, so that the
/// struct can grow. Those that this build was made without are there too.
///
/// Ownership: the texts are static
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is 0 or absurd), NOT_FOUND (`index` is beyond the last)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_catalogue_scheme(
    index: usize,
    out: *mut peerage_scheme_row,
    size: usize,
) -> peerage_status {
    checked(|| {
        let Row { scheme, texts } = rows().get(index).ok_or(PEERAGE_ERR_NOT_FOUND)?;
        let [name, form, about, feature] = texts.each_ref().map(Text::lend);
        let row = peerage_scheme_row {
            name,
            form,
            about,
            feature,
            keys_len: scheme.keys().count(),
            available: scheme.is_available().into(),
            reserved: 0,
        };
        // SAFETY: pointers as the header demands.
        unsafe { write_sized(out, size, &row) }
    })
}

/// Writes the key at `index` of the scheme at `scheme` of the catalogue to `out`: as many bytes as
/// `size` says, so that the struct can grow.
///
/// Ownership: the texts are static
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is 0 or absurd), NOT_FOUND (`scheme` or `index` is beyond the last)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_catalogue_scheme_key(
    scheme: usize,
    index: usize,
    out: *mut peerage_key_row,
    size: usize,
) -> peerage_status {
    checked(|| {
        let key = schemes().nth(scheme).and_then(|scheme| scheme.keys().nth(index));
        // SAFETY: pointers as the header demands.
        unsafe { write_sized(out, size, &key.ok_or(PEERAGE_ERR_NOT_FOUND)?.into()) }
    })
}

/// Writes the key at `index` of the options of peerage_transport_probing_new to `out`: as many bytes as
/// `size` says, so that the struct can grow. A build without probes has none.
///
/// Ownership: the texts are static
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is 0 or absurd), NOT_FOUND (`index` is beyond the last)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_catalogue_probe_option(
    index: usize,
    out: *mut peerage_key_row,
    size: usize,
) -> peerage_status {
    checked(|| {
        let key = probe_option(index).ok_or(PEERAGE_ERR_NOT_FOUND)?;
        // SAFETY: pointers as the header demands.
        unsafe { write_sized(out, size, &key.into()) }
    })
}

#[cfg(feature = "probing")]
fn probe_option(index: usize) -> Option<&'static KeyRow> {
    crate::transports::ProbeOptions::keys().nth(index)
}

#[cfg(not(feature = "probing"))]
fn probe_option(_: usize) -> Option<&'static KeyRow> {
    None
}

/// Returns 1 if this build of the library has what `name` is the name of, else 0: a scheme, such as
/// `dns`, or a feature, such as `probing`.
///
/// Ownership: `name`, a C string, is borrowed for the call
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; 0 for `NULL` and for what is not known
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_has(name: *const c_char) -> i32 {
    if name.is_null() {
        return 0;
    }
    // SAFETY: a C string, as the header demands.
    let name = unsafe { CStr::from_ptr(name) }.to_bytes();
    let features = [
        ("capi", true),
        ("file", cfg!(feature = "file")),
        ("dns", cfg!(feature = "dns")),
        ("etcd", cfg!(feature = "etcd")),
        ("http", cfg!(feature = "http")),
        ("json", cfg!(feature = "json")),
        ("probing", cfg!(feature = "probing")),
        ("tls", cfg!(feature = "tls")),
    ];
    guarded(0, || {
        let scheme = schemes().any(|row| row.is_available() && row.name().as_bytes() == name);
        let feature = features.iter().any(|(feature, has)| *has && feature.as_bytes() == name);
        i32::from(scheme || feature)
    })
}
