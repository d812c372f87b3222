#!/usr/bin/env bash
# A minute of fuzzing of the C ABI: half of it by one thread, compared with a model, and half of it by
# two or three threads at once. It begins with the inputs of fuzz/regressions and
# fuzz/regressions_threads. What it finds is in the build folder, and named in the output.
#
#   PEERAGE_FUZZ_SECONDS    asks for longer
#   PEERAGE_FUZZ_CORPUS     a folder to keep what reaches new code in
#   PEERAGE_FUZZ_SANITIZER  `thread`: only the threads, with Rust's own libraries instrumented too
set -eu
build=$2
seconds=${PEERAGE_FUZZ_SECONDS:-60}
sanitizer=${PEERAGE_FUZZ_SANITIZER:-address}

cargo +nightly --version >/dev/null 2>&1 || {
  echo 'needs a nightly toolchain: rustup toolchain install nightly'
  exit 77
}
cargo +nightly fuzz --version >/dev/null 2>&1 || {
  echo 'needs cargo-fuzz: cargo install cargo-fuzz'
  exit 77
}

# For `run` and `with_nightly`.
. ffi-tests/rows/tsan/toolchain.sh

# fuzz TARGET INPUTS SECONDS
fuzz() {
  local corpus=${PEERAGE_FUZZ_CORPUS:-$build/corpus}/$1 flags=(-s "$sanitizer")
  [ "$sanitizer" != thread ] || flags+=(--build-std)
  mkdir -p "$build/found" "$corpus"
  find "$2" -type f ! -name "*.*" -exec cp -t "$corpus" {} +
  CARGO_TARGET_DIR=$build/target-$sanitizer "${run[@]}" cargo +nightly fuzz run "${flags[@]}" \
    "$1" "$corpus" -- \
    -max_total_time="$3" -max_len=512 -timeout=20 -artifact_prefix="$build/found/$1-"
}

if [ "$sanitizer" = thread ]; then
  with_nightly || {
    echo 'needs the sources of the nightly toolchain: rustup component add rust-src --toolchain nightly'
    exit 77
  }
  # What it finds is an input to keep, as a crash is.
  export TSAN_OPTIONS=halt_on_error=1
  fuzz threads fuzz/regressions_threads "$seconds"
else
  fuzz calls fuzz/regressions $((seconds / 2))
  fuzz threads fuzz/regressions_threads $((seconds - seconds / 2))
fi
