#!/usr/bin/env bash
# Every test that the feature `capi` or `header` turns on, found by its first lines so that none is forgotten.
set -eu

tests=()
for file in $(grep -lE '^#!\[cfg\(.*feature = "(capi|header)"' tests/*.rs tests/*/main.rs); do
  name=${file#tests/}
  name=${name%/main.rs}
  tests+=(--test "${name%.rs}")
done
[ ${#tests[@]} -gt 0 ] || { echo 'no test names the feature capi' >&2; exit 1; }
cargo test --features header,installed --lib "${tests[@]}"
