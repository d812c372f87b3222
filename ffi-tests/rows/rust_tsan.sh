#!/usr/bin/env bash
# The Rust tests that have threads, under the thread sanitizer: the library, its dependencies and
# Rust's own libraries are built with it, so that it sees every lock and every atomic. It knows
# nothing of fences; the library does not rest on them where memory changes hands. A planted race
# has to be found first.
#
# PEERAGE_STRESS_RUNS asks for more runs of the stress than the few that fit here.
set -eu
build=$2
. ffi-tests/rows/tsan/toolchain.sh

with_nightly || {
  echo 'needs the sources of a nightly toolchain: rustup component add rust-src --toolchain nightly'
  exit 77
}
mkdir -p "$build/planted"
cp ffi-tests/rows/tsan/planted.rs "$build/planted/main.rs"
cat >"$build/planted/Cargo.toml" <<'END'
[package]
name = "planted"
edition = "2024"

[[bin]]
name = "planted"
path = "main.rs"

[workspace]
END
instrumented build --quiet --manifest-path "$build/planted/Cargo.toml"
must_report "$build/$host/debug/planted"

tests=(threads stress direct faults list_behaviour interfaces policies hashring members wakes)
if [ ${#run[@]} -gt 0 ]; then
  runner=CARGO_TARGET_$(tr 'a-z-' 'A-Z_' <<<"$host")_RUNNER
  export "$runner=${run[*]}"
fi
export PEERAGE_STRESS_RUNS=${PEERAGE_STRESS_RUNS:-5}
# A longer history, so that both stacks of a report are known. And none of a panic, of which there are
# many on purpose: to put names to one takes seconds, with all of Rust instrumented.
export TSAN_OPTIONS=history_size=5 RUST_BACKTRACE=0
instrumented test --quiet --lib "${tests[@]/#/--test=}"
