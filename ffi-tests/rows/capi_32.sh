#!/usr/bin/env bash
# The library with 32-bit addresses, and every program of ffi-tests/c on it.
#
#   ffi-tests/rows/capi_32.sh - BUILD
#
# from the root of the repository. Exit code 77: Rust's target is missing and cannot be had, and the
# last line says how to get it.
set -eu
export build=$2 target=i686-unknown-linux-gnu

rustup target list --installed 2>/dev/null | grep -qx "$target" ||
  rustup target add "$target" >/dev/null 2>&1 ||
  { echo "needs the target: rustup target add $target"; exit 77; }
CARGO_TARGET_DIR=$build RUSTFLAGS='-D warnings' cargo build --quiet --lib --features capi --target "$target"

check() {
  local name
  name=$(basename "$1" .c)
  cc -m32 -std=c99 -Wall -Wextra -pedantic -Werror -g -I include "$1" \
    "$build/$target/debug/libpeerage.a" -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc -o "$build/$name" &&
    timeout 300 "$build/$name" || { echo "$name: FAILED"; return 1; }
  echo "$name: ok"
}
export -f check

printf '%s\0' ffi-tests/c/*.c | xargs -0 -n 1 -P "$(nproc)" bash -c 'check "$1"' check
