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

if [ ${#run[@]} -gt 0 ]; then
  runner=CARGO_TARGET_$(tr 'a-z-' 'A-Z_' <<<"$host")_RUNNER
  export "$runner=${run[*]}"
fi
export PEERAGE_STRESS_RUNS=${PEERAGE_STRESS_RUNS:-5}
# A longer history, so that both stacks of a report are known. And none of a panic, of which there are
# many on purpose: to put names to one takes seconds, with all of Rust instrumented.
export TSAN_OPTIONS=history_size=5 RUST_BACKTRACE=0
# What has one thread shows nothing here, and takes ten times as long: of the tests that count draws or
# look at many points, those with threads only.
instrumented test --quiet --lib -- slot:: wait:: registry:: snapshot::
instrumented test --quiet --test hashring --test policies -- changes never_missed builders randoms turns
instrumented test --quiet --test threads --test stress --test direct --test faults \
  --test list_behaviour --test interfaces --test members --test wakes --test edges
