#!/usr/bin/env bash
# What a change of the Rust names means for crates that use them, by cargo-semver-checks: against the
# commit or tag that rows/semver/baseline names. Until the first release this says what breaks and
# passes; after it, what breaks fails.
#
#   PEERAGE_BLESS=1   names the last commit
set -eu
build=$2 kept=ffi-tests/rows/semver/baseline
. ffi-tests/rows/released.sh
. ffi-tests/rows/cargo_tool.sh

[ "${PEERAGE_BLESS:-}" != 1 ] || git rev-parse HEAD >"$kept"
baseline=$(cat "$kept")
git rev-parse --quiet --verify "$baseline^{commit}" >/dev/null ||
  { echo "needs the history with $baseline: git fetch --unshallow"; exit 77; }
# One that reads what rustdoc 1.95 writes, and is built by it.
cargo_tool cargo-semver-checks 0.51.0 cargo-semver-checks

rm -rf "$build/baseline"
mkdir -p "$build/baseline"
git archive "$baseline" Cargo.toml Cargo.lock build.rs README.md src benches examples |
  tar -x -C "$build/baseline"
# With the version as it was, nothing may break; a new one says by itself what may.
version() { grep -m1 '^version = ' "$1/Cargo.toml"; }
release=()
[ "$(version .)" != "$(version "$build/baseline")" ] || release=(--release-type minor)
# The feature `capi` has no item that Rust sees.
broken=0
CARGO_TARGET_DIR=$build/target cargo semver-checks --baseline-root "$build/baseline" \
  "${release[@]}" --only-explicit-features --features testing || broken=$?
[ "$broken" -ne 0 ] || exit 0
[ "$broken" -eq 100 ] || { echo "cargo-semver-checks did not work: $broken"; exit 1; }
echo "crates that use what was there at $baseline break: PEERAGE_BLESS=1 names the last commit"
! released
