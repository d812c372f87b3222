#!/usr/bin/env bash
# The library compiles for systems that it is not run on here, without a warning, with the C ABI and
# without; and where there are no 64-bit atomics the first error says that they are what is missing.
#
#   ffi-tests/rows/check_targets.sh - BUILD
#
# from the root of the repository. Exit code 77: Rust's libraries for a target cannot be had. What
# can be had is checked before.
set -eu
build=$2 lacking=()
. ffi-tests/rows/rustup_target.sh
export RUSTFLAGS='-D warnings'

for target in x86_64-pc-windows-gnu aarch64-apple-darwin x86_64-unknown-freebsd; do
  has_target "$target" || { lacking+=("$target"); continue; }
  # All but TLS, whose cryptography wants a C compiler for the target.
  for features in --no-default-features --features=installed,pool,testing,ureq; do
    cargo check --quiet --lib "$features" --target "$target"
    echo "$target $features: ok"
  done
done

target=powerpc-unknown-linux-gnu
if has_target "$target"; then
  if cargo check --quiet --lib --target "$target" 2>"$build/errors"; then
    echo "$target has no 64-bit atomics, and the library compiles for it" >&2
    exit 1
  fi
  grep -m 1 '^error' "$build/errors" | tee "$build/first"
  grep -q 'needs 64-bit atomics' "$build/first"
else
  lacking+=("$target")
fi

[ ${#lacking[@]} -eq 0 ] || { echo "needs the targets: rustup target add ${lacking[*]}"; exit 77; }
