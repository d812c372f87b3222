#!/usr/bin/env bash
# What a change of the Rust names means for crates that use them, by cargo-semver-checks: against the
# commit or tag that rows/semver/baseline names. The row `api` sees that a line has changed; this one sees
# what a new one does to others, such as a method of a trait that has no default.
#
#   PEERAGE_BLESS=1   names the last commit, for a version that may break: 0.2 after 0.1
set -eu
build=$2 kept=ffi-tests/rows/semver/baseline
. ffi-tests/rows/cargo_tool.sh

[ "${PEERAGE_BLESS:-}" != 1 ] || git rev-parse HEAD >"$kept"
baseline=$(cat "$kept")
git rev-parse --quiet --verify "$baseline^{commit}" >/dev/null ||
  { echo "needs the history with $baseline: git fetch --unshallow"; exit 77; }
# One that reads what rustdoc 1.95 writes, and is built by it.
cargo_tool cargo-semver-checks 0.51.0 cargo-semver-checks

rm -rf "$build/baseline"
mkdir -p "$build/baseline"
# What the manifest names; other packages of the repository stay out.
git archive "$baseline" Cargo.toml Cargo.lock build.rs cbindgen.toml README.md src include benches/choose \
  examples tests | tar -x -C "$build/baseline"
# With the version as it was, nothing may break; a new one says by itself what may.
version() { grep -m1 '^version = ' "$1/Cargo.toml"; }
release=()
[ "$(version .)" != "$(version "$build/baseline")" ] || release=(--release-type minor)
broken=0
CARGO_TARGET_DIR=$build/target cargo semver-checks --baseline-root "$build/baseline" \
  "${release[@]}" --all-features || broken=$?
[ "$broken" -ne 0 ] || exit 0
[ "$broken" -eq 100 ] || { echo "cargo-semver-checks did not work: $broken"; exit 1; }
echo "crates that use what was there at $baseline break: that needs a version of its own"
exit 1
