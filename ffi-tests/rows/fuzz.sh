#!/usr/bin/env bash
# A minute of fuzzing of the C ABI, from the inputs of fuzz/regressions. What it finds is in the
# build folder, and named in the output. PEERAGE_FUZZ_SECONDS asks for longer, PEERAGE_FUZZ_CORPUS
# names a folder to keep what reaches new code in.
set -eu
build=$2
seconds=${PEERAGE_FUZZ_SECONDS:-60}

cargo +nightly --version >/dev/null 2>&1 || {
  echo 'needs a nightly toolchain: rustup toolchain install nightly'
  exit 77
}
cargo +nightly fuzz --version >/dev/null 2>&1 || {
  echo 'needs cargo-fuzz: cargo install cargo-fuzz'
  exit 77
}

corpus=${PEERAGE_FUZZ_CORPUS:-$build/corpus}
mkdir -p "$build/found" "$corpus"
find fuzz/regressions -type f ! -name "*.*" -exec cp -t "$corpus" {} +
CARGO_TARGET_DIR=$build/target cargo +nightly fuzz run calls "$corpus" -- \
  -max_total_time="$seconds" -max_len=512 -timeout=20 -artifact_prefix="$build/found/"
